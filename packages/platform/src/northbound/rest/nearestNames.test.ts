import { expect, test } from 'vitest';
import { nearestNames } from './nearestNames.ts';

const NAMES = ['acme/north/reactor/temperature', 'acme/north/reactor/pressure', 'acme/south/mill/power', 'TI-101', 'x'];

test.each([
  ['acme/north/reactor/temprature', 'acme/north/reactor/temperature'],
  ['ACME/NORTH/REACTOR/PRESSURE', 'acme/north/reactor/pressure'],
  ['reactor/temperature', 'acme/north/reactor/temperature'],
  ['TI101', 'TI-101'],
  ['ti-102', 'TI-101'],
])('%s is near %s', (sought, nearest) => {
  expect(nearestNames(sought, NAMES)[0]).toBe(nearest);
});

test.each(['', 'x', 'zzzzzz', '1'])('nothing is near "%s"', (sought) => {
  expect(nearestNames(sought, ['acme/north/reactor/temperature'])).toEqual([]);
});

test('ten thousand names take no longer than a person notices', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `acme/north/line${index % 100}/unit${index}/temperature`);
  const start = performance.now();
  expect(nearestNames('acme/north/line7/unit1207/temprature', names)[0]).toBe('acme/north/line7/unit1207/temperature');
  expect(performance.now() - start).toBeLessThan(1_000);
});
