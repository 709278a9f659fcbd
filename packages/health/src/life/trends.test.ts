import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { fallingTrend } from './monotoneTrend.ts';
import { learnRidge, predictRidge } from './ridge.ts';
import { similarLife } from './similarityLife.ts';
import { learnSteady, learnTrust, steadyScores } from './steadySignals.ts';
import { windowMeasures } from './windowFeatures.ts';

const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 40 });

test('a falling trend falls, keeps the mean, and leaves alone what falls already', () => {
  expect([...fallingTrend(Float64Array.of(5, 3, 4, 4, 1))].map((v) => +v.toFixed(6))).toEqual([
    5, 3.666667, 3.666667, 3.666667, 1,
  ]);
  fc.assert(
    fc.property(values, (given) => {
      const trend = fallingTrend(Float64Array.from(given));
      for (let i = 1; i < trend.length; i++) expect(trend[i]).toBeLessThanOrEqual(trend[i - 1]);
      expect(trend.reduce((a, b) => a + b)).toBeCloseTo(
        given.reduce((a, b) => a + b),
        6,
      );
      const falling = Float64Array.from(given).sort().reverse();
      expect(fallingTrend(falling)).toEqual(falling);
    }),
  );
});

test('missing values stay missing and move nothing', () => {
  expect(fallingTrend(Float64Array.of(Number.NaN, 2, Number.NaN, 4, 1))).toEqual(
    Float64Array.of(Number.NaN, 3, Number.NaN, 3, 1),
  );
});

test('windows never look ahead and never cross units', () => {
  const spans = [
    { unit: 1, begin: 0, end: 3 },
    { unit: 2, begin: 3, end: 6 },
  ];
  const signal = Float64Array.of(1, 2, 4, 100, 90, Number.NaN);
  const { mean, rise } = windowMeasures(signal, spans, Int32Array.of(0, 1, 2, 3, 4, 5), 2, new Float64Array(6).fill(3));
  expect(mean).toEqual(Float64Array.of(1, 1.5, 3, 100, 95, 90));
  expect(rise).toEqual(Float64Array.of(Number.NaN, 0.5, 1, Number.NaN, -5, Number.NaN));
});

test('a straight line is at its last value where the window ends, whatever is missing of it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 30 }), fc.double({ min: -9, max: 9, noNaN: true }), (length, slope) => {
      const line = Float64Array.from({ length: 40 }, (_, i) => (i % 7 === 3 ? Number.NaN : 5 + slope * i));
      const weights = line.map((_, i) => 1 + (i % 3));
      const spans = [{ unit: 0, begin: 0, end: 40 }];
      const { mean, rise } = windowMeasures(line, spans, Int32Array.of(36), length, weights);
      expect(mean[0] + rise[0]).toBeCloseTo(5 + slope * 36, 6);
    }),
  );
});

test('a steady signal keeps what moves slowly and loses what differs from row to row, in every regime', () => {
  const random = seededRandom(8);
  const rows = 6000;
  const regime = Uint8Array.from({ length: rows }, () => Math.floor(2 * random()));
  const slow = Float64Array.from({ length: rows }, (_, row) => Math.sin(row / 100));
  // The first signal shows the slow movement in regime 0 only, the second always, both drowned in noise.
  const first = slow.map((value, row) => (regime[row] === 0 ? value : 0) + 2 * (random() - 0.5));
  const second = slow.map((value) => value + 2 * (random() - 0.5));
  const spans = [{ unit: 0, begin: 0, end: rows }];
  const steady = steadyScores(learnSteady([first, second], regime, 2, spans), [first, second], regime);
  const misses = (signal: Float64Array) => Math.sqrt(signal.reduce((s, v, row) => s + (v - slow[row]) ** 2, 0) / rows);
  expect(misses(steady[1])).toBeLessThan(0.8 * misses(second));
  const gone = Float64Array.of(Number.NaN);
  expect(steadyScores(learnSteady([first, second], regime, 2, spans), [gone, gone], Uint8Array.of(1))[0][0]).toBeNaN();
});

test('a regime counts by how little noise it has left', () => {
  const random = seededRandom(11);
  const regime = Uint8Array.from({ length: 20_000 }, () => Math.floor(2 * random()));
  const slow = Float64Array.from(regime, (r, row) => Math.sin(row / 300) + (r === 0 ? 0.1 : 0.3) * (random() - 0.5));
  const spans = [{ unit: 0, begin: 0, end: regime.length }];
  const [quiet, loud, never] = learnTrust(slow, regime, 3, spans);
  expect(quiet / loud).toBeGreaterThan(6);
  expect(quiet / loud).toBeLessThan(10);
  expect(never).toBe(1);
  expect(
    learnTrust(
      slow.map(() => 4),
      regime,
      2,
      spans,
    ),
  ).toEqual(Float64Array.of(1, 1));
  const { mean } = windowMeasures(
    Float64Array.of(2, 8),
    [{ unit: 0, begin: 0, end: 2 }],
    Int32Array.of(1),
    2,
    Float64Array.of(2, 1),
  );
  expect(mean).toEqual(Float64Array.of(4));
});

test('ridge without penalty finds a plane, and with one shrinks it', () => {
  const a = Float64Array.of(1, 2, 3, 4, 6);
  const b = Float64Array.of(2, -1, 0, 3, 1);
  const target = a.map((value, i) => 5 + 2 * value - 3 * b[i]);
  const ones = new Float64Array(5).fill(1);
  const plane = learnRidge([a, b], target, ones, 0);
  expect(plane.intercept).toBeCloseTo(5, 5);
  expect([...plane.coefficients].map((v) => +v.toFixed(5))).toEqual([2, -3]);
  expect(predictRidge(plane, [a, b], 5)[4]).toBeCloseTo(14, 5);
  expect(Math.abs(learnRidge([a, b], target, ones, 10).coefficients[1])).toBeLessThan(1);
});

/** Indices that fall from 100 by a pace of their own. */
const past = [90, 100, 110, 120].map((life, unit) => ({
  unit,
  index: Float64Array.from({ length: life }, (_, i) => 100 * (1 - ((i + 1) / life) ** 3)),
}));
const OPTIONS = { window: 20, noise: 2, coverage: 0.8 };

test('life left is that of the failures that looked alike', () => {
  const index = Float64Array.from({ length: 80 }, (_, i) => 100 * (1 - ((i + 1) / 105) ** 3));
  const told = similarLife(index, past, OPTIONS);
  if (!told.ok) throw new Error(told.fault.detail);
  expect(Math.abs(told.value.median - 25)).toBeLessThan(6);
  expect(told.value.lower).toBeLessThanOrEqual(told.value.median);
  expect(told.value.matches.map(({ distance }) => distance)).toEqual(
    told.value.matches.map(({ distance }) => distance).sort((a, b) => a - b),
  );
});

test.each([
  ['what was never seen', new Float64Array(30).fill(-500), past, /ever looked like this/],
  ['a short stretch', new Float64Array(5), past, /5 of the 20/],
  ['two failures', new Float64Array(30), past.slice(2), /2 past failures/],
])('%s is like nothing', (_name, index, failures, detail) => {
  const told = similarLife(index, failures, OPTIONS);
  expect(told.ok ? undefined : told.fault).toMatchObject({
    code: 'health.too-little',
    detail: expect.stringMatching(detail),
  });
});
