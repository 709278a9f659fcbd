import { expect, it } from 'vitest';
import { bandPath, linePath, plotValues, valueAt } from './plotPath.ts';
import { plotScale, timeTicks, valueTicks } from './plotScale.ts';

/** 100 pixels for a second, and so for values from 0 to 10, which the air around them makes -0.8 to 10.8. */
const SCALE = {
  ...plotScale({ left: 0, top: 0, width: 100, height: 100 }, [0, 1_000], [0, 10]),
  y: (value: number) => 100 - value * 10,
};

it.each([
  ['nothing', [], [], false, ''],
  ['a line', [0, 500_000, 1_000_000], [0, 10, 5], false, 'M0 100L50 0L100 50'],
  ['a stepped line', [0, 500_000], [0, 10], true, 'M0 100H50V0'],
  ['a gap', [0, 250_000, 500_000, 1_000_000], [0, null, 1, 1], false, 'M0 100M50 90L100 90'],
  ['a stepped line up to its gap', [0, 250_000, 500_000], [0, null, 1], true, 'M0 100H25M50 90'],
])('draws %s', (_, times, values, stepped, path) => {
  expect(linePath({ times, values }, SCALE, stepped)).toBe(path);
});

it.each([
  ['one piece', [0, 0], [10, 5], 'M0 0L100 50L100 100L0 100Z'],
  ['nothing where an edge is unknown', [0, null], [10, 5], ''],
])('draws a band: %s', (_, lows, highs, path) => {
  expect(bandPath([0, 1_000_000], lows, highs, SCALE)).toBe(path);
});

it.each([
  [-1, undefined],
  [0, 1],
  [9, 1],
  [10, null],
  [99, 3],
])('at %i the value is %s', (time, value) => {
  expect(valueAt({ times: [0, 10, 20], values: [1, null, 3] }, time)).toBe(value);
});

it('takes what JSON cannot write for no value', () => {
  expect(plotValues([1, 'NaN', null, undefined, '-Infinity'])).toEqual([1, null, null, null, null]);
});

it.each([
  [0, 10, 5, [0, 2, 4, 6, 8, 10]],
  [-0.03, 0.03, 3, [-0.02, 0, 0.02]],
  [998, 1_003, 3, [998, 1_000, 1_002]],
])('labels %d to %d with about %i values', (low, high, count, ticks) => {
  expect(valueTicks(low, high, count)).toEqual(ticks);
});

it('labels round moments of the local day, also where there is nothing but one value', () => {
  const noon = new Date(2026, 4, 5, 12, 3).getTime();
  const { ticks, stepMs } = timeTicks(noon, noon + 3_600_000, 4);
  expect(stepMs).toBe(900_000);
  expect(ticks.map((tick) => new Date(tick).getMinutes())).toEqual([15, 30, 45, 0]);
  const { low, high } = plotScale(SCALE.box, [0, 1], [7, null, 7]);
  expect([low < 7, high > 7]).toEqual([true, true]);
});
