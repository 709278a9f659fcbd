import { expect, test } from 'vitest';
import { isLoopback, isWithin, overlap, parseRange } from './address.ts';

test.each<[a: string, b: string, overlaps: boolean]>([
  ['192.0.2.0/24', '192.0.2.255', true],
  ['192.0.2.0/24', '192.0.3.0', false],
  ['10.0.0.5/8', '10.255.255.255', true],
  ['0.0.0.0/0', '203.0.113.9', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['2001:db8::/32', '2001:db8:ffff::1', true],
  ['2001:db8::/32', '2001:db9::', false],
  ['::ffff:192.0.2.1', '192.0.2.0/24', true],
  ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6::/96', true],
])('%s and %s: %s', (a, b, overlaps) => {
  expect(overlap(parseRange(a), parseRange(b))).toBe(overlaps);
  expect(overlap(parseRange(b), parseRange(a))).toBe(overlaps);
});

test('a network is within itself and not within a part', () => {
  const [wide, narrow] = ['192.0.2.0/24', '192.0.2.128/25'].map(parseRange);
  expect([isWithin(wide, wide), isWithin(narrow, wide), isWithin(wide, narrow)]).toEqual([true, true, false]);
});

test.each([
  ['127.0.0.1', true],
  ['127.9.0.0/16', true],
  ['::1', true],
  ['0.0.0.0/0', false],
  ['192.0.2.1', false],
])('%s is a loopback address: %s', (text, loopback) => {
  expect(isLoopback(parseRange(text))).toBe(loopback);
});
