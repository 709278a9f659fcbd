import { expect, test } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { conformalMargin, conformalMarginByUnit, outsideInterval } from './conformal.ts';
import { bandAbout, learnBand } from './residualBand.ts';

test('the margin is the ceil((n + 1) coverage)-th smallest score', () => {
  const scores = Float64Array.from({ length: 19 }, (_, i) => 19 - i);
  expect(conformalMargin(scores, 0.9)).toEqual({ ok: true, value: 18 });
  expect(conformalMargin(scores, 0.5)).toEqual({ ok: true, value: 10 });
  expect(conformalMargin(scores.subarray(0, 8), 0.9)).toMatchObject({ fault: { code: 'health.too-little' } });
});

test('one row a unit gives the same margin as rows do', () => {
  const random = seededRandom(2);
  const scores = Float64Array.from({ length: 37 }, random);
  const units = Int32Array.from(scores, (_, i) => i);
  for (const coverage of [0.5, 0.8, 0.9])
    expect(conformalMarginByUnit(scores, units, coverage)).toEqual(conformalMargin(scores, coverage));
});

test('a unit with many rows counts no more than one with few', () => {
  // Unit 0 has a thousand bad rows, the other 29 one good row each: at 90 % the bad unit does not matter.
  const units = Int32Array.from({ length: 1029 }, (_, i) => Math.max(0, i - 999));
  const margin = conformalMarginByUnit(
    Float64Array.from(units, (unit) => (unit === 0 ? 100 : 1)),
    units,
    0.9,
  );
  expect(margin).toEqual({ ok: true, value: 1 });
});

test('the coverage of units never seen is what was promised, over a thousand fleets of 30', () => {
  const random = seededRandom(3);
  let held = 0;
  for (let fleet = 0; fleet < 1000; fleet++) {
    const scores = Float64Array.from({ length: 30 }, () => -Math.log(1 - random()));
    const margin = conformalMargin(scores, 0.9);
    if (margin.ok && -Math.log(1 - random()) <= margin.value) held++;
  }
  expect(held).toBeGreaterThan(870);
  expect(held).toBeLessThan(935);
});

test('outside of an interval is above 0, within is below, by the nearer end', () => {
  const ends = [Float64Array.of(10, 10, 10), Float64Array.of(20, 20, 20)] as const;
  expect(outsideInterval(Float64Array.of(7, 18, 25), ...ends)).toEqual(Float64Array.of(3, -2, 5));
});

test('a band is as wide as the residuals are where they are, and stays within 0 and the cap', () => {
  const random = seededRandom(6);
  const told = Float64Array.from({ length: 6000 }, () => 100 * random());
  // Residuals are even between -p/5 and +p/5 of the prediction p: 90 % of them lie within 0.18 p.
  const truth = told.map((value) => value + 0.2 * value * (2 * random() - 1));
  const band = learnBand(told, truth, 0.9);
  const { lower, upper } = bandAbout(band, Float64Array.of(20, 50, 80), 0, 90);
  for (const [i, value] of [20, 50, 80].entries()) {
    expect(Math.abs(lower[i] - 0.82 * value)).toBeLessThan(1.2);
    expect(Math.abs(upper[i] - Math.min(90, 1.18 * value))).toBeLessThan(1.2);
  }
  expect(bandAbout(band, Float64Array.of(0, 100), 1000, 90)).toEqual({
    lower: Float64Array.of(0, 0),
    upper: Float64Array.of(90, 90),
  });
});

test('a band holds no more than it promises where truth stops at a cap', () => {
  const random = seededRandom(9);
  const told = Float64Array.from({ length: 8000 }, () => 40 + 60 * random());
  const truth = told.map((value) => Math.min(100, value + 60 * (random() - 0.5)));
  const { lower, upper } = bandAbout(learnBand(told, truth, 0.9), told, 0, 100);
  const near = Int32Array.from(told, (_, row) => row).filter((row) => told[row] > 85);
  const held = near.filter((row) => lower[row] <= truth[row] && truth[row] <= upper[row]).length / near.length;
  expect(held).toBeGreaterThan(0.87);
  expect(held).toBeLessThan(0.93);
});
