import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BoostedTrees } from './boostedTrees.ts';
import type { BoostOptions } from './boostOptions.ts';
import { type BoostRun, learnBoostedTrees } from './learnBoostedTrees.ts';
import type { LossChoice } from './loss.ts';
import { seededRandom } from './seededRandom.ts';

/** Options under which one tree is exact: every row, every column, no shrinking, no pull towards zero. */
const EXACT: Partial<BoostOptions> = { trees: 1, learningRate: 1, leafWeight: 1, l2: 0, rowShare: 1, featureShare: 1 };

function learned(columns: Float64Array[], target: ArrayLike<number>, options: Partial<BoostOptions> = {}): BoostRun {
  const labels = { names: columns.map((_, i) => `c${i}`), target: Float64Array.from(target) };
  const run = learnBoostedTrees(columns, labels, options);
  if (!run.ok) throw new Error(run.fault.detail);
  return run.value;
}

/** A bent surface of three columns, of which the third says nothing, with some noise. */
function surface(rows: number, seed: number, noise = 0.1) {
  const random = seededRandom(seed);
  const columns = [0, 1, 2].map(() => Float64Array.from({ length: rows }, () => random() * 4 - 2));
  const target = columns[0].map((x, i) => Math.sin(2 * x) + columns[1][i] ** 2 + noise * (random() + random() - 1));
  return { columns, target };
}

test('one tree finds a step and its two means exactly', () => {
  const x = Float64Array.from({ length: 20 }, (_, i) => i);
  const { trees } = learned(
    [x],
    x.map((v) => (v < 8 ? 3 : 11)),
    { ...EXACT, leaves: 2 },
  );
  expect(trees.trees[0].feature).toEqual(Int32Array.of(0, -1, -1));
  expect(trees.trees[0].threshold[0]).toBe(7.5);
  expect([...trees.predict([Float64Array.of(-5, 7.5, 7.6, 99)])].map((v) => +v.toFixed(9) + 0)).toEqual([3, 3, 11, 11]);
  // The split takes off half the sum of squares about the mean: 8 x 12 / 20 x 8^2 / 2.
  expect(trees.trees[0].gain[0]).toBeCloseTo(153.6, 9);
});

test('missing values take the side that suits them, on either side and alone', () => {
  const x = Float64Array.from({ length: 30 }, (_, i) => (i >= 20 ? Number.NaN : i));
  for (const [low, high, missing] of [
    [0, 10, 10],
    [0, 10, 0],
    [5, 5, 50],
  ]) {
    const target = x.map((v) => (Number.isNaN(v) ? missing : v < 10 ? low : high));
    const { trees } = learned([x], target, { ...EXACT, leaves: 2 });
    expect([...trees.predict([x])].map((v) => +v.toFixed(9) + 0)).toEqual([...target]);
    expect(trees.predictRow(Float64Array.of(Number.NaN))).toBeCloseTo(missing, 9);
  }
});

test('a column without values and a constant column are never asked', () => {
  const { columns, target } = surface(300, 3);
  const idle = [new Float64Array(300).fill(Number.NaN), new Float64Array(300).fill(7)];
  const { trees } = learned([...idle, ...columns], target, { trees: 40 });
  const importance = trees.importance();
  expect([importance[0], importance[1]]).toEqual([0, 0]);
  expect(importance.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
  expect(importance[4]).toBeLessThan(0.05);
});

test.each<LossChoice>([
  { kind: 'squared' },
  { kind: 'absolute' },
  { kind: 'huber', delta: 0.5 },
  { kind: 'quantile', level: 0.9 },
])('the training loss never rises when every row is used: %o', (loss) => {
  const { columns, target } = surface(400, 5);
  const { trainingLoss } = learned(columns, target, { loss, trees: 80, rowShare: 1, learningRate: 0.2 });
  for (let i = 1; i < trainingLoss.length; i++)
    expect(trainingLoss[i]).toBeLessThanOrEqual(trainingLoss[i - 1] + 1e-12);
  expect(trainingLoss.at(-1)!).toBeLessThan(0.4 * trainingLoss[0]);
});

test('unseen rows of a bent surface are told far better than by the mean', () => {
  const seen = surface(2000, 7);
  const unseen = surface(500, 8, 0);
  const { trees } = learned(seen.columns, seen.target);
  const told = trees.predict(unseen.columns);
  const error = Math.sqrt(told.reduce((sum, v, i) => sum + (v - unseen.target[i]) ** 2, 0) / 500);
  expect(error).toBeLessThan(0.15);
});

test('quantile levels leave their share of unseen rows below', () => {
  const seen = surface(4000, 9, 2);
  const unseen = surface(2000, 10, 2);
  for (const level of [0.1, 0.5, 0.9]) {
    const { trees } = learned(seen.columns, seen.target, { loss: { kind: 'quantile', level }, leafWeight: 60 });
    const told = trees.predict(unseen.columns);
    const below = unseen.target.filter((v, i) => v <= told[i]).length / 2000;
    expect(Math.abs(below - level)).toBeLessThan(0.05);
  }
});

test('the logistic loss gives probabilities that are true on average', () => {
  const random = seededRandom(11);
  const x = Float64Array.from({ length: 4000 }, () => random() * 6 - 3);
  const target = x.map((v) => (random() < 1 / (1 + Math.exp(-2 * v)) ? 1 : 0));
  const { trees } = learned([x], target, { loss: { kind: 'logistic' } });
  for (const at of [-2, -0.5, 0, 0.5, 2])
    expect(Math.abs(trees.predictRow(Float64Array.of(at)) - 1 / (1 + Math.exp(-2 * at)))).toBeLessThan(0.1);
});

test('a seed repeats the same trees and another seed gives others', () => {
  const { columns, target } = surface(300, 13);
  const grow = (seed: number) => JSON.stringify(learned(columns, target, { trees: 20, seed }).trees.toJson());
  expect(grow(4)).toBe(grow(4));
  expect(grow(4)).not.toBe(grow(5));
});

test('growing stops early on units held out, and units are never torn apart', () => {
  const random = seededRandom(17);
  const units = Int32Array.from({ length: 600 }, (_, i) => Math.floor(i / 20));
  const x = Float64Array.from({ length: 600 }, () => random());
  // Noise is shared within a unit: rows held out at random would be told by their siblings, units held out are not.
  const offsets = Float64Array.from({ length: 30 }, () => random());
  const labels = { names: ['x', 'unit'], target: x.map((_, i) => offsets[units[i]]), units };
  const columns = [x, Float64Array.from(units)];
  const run = learnBoostedTrees(columns, labels, { heldOutShare: 0.3, trees: 500, learningRate: 0.3, leafWeight: 1 });
  if (!run.ok) throw new Error(run.fault.detail);
  expect(run.value.trees.trees.length).toBeLessThan(100);
  expect(run.value.trees.trees.length).toBe(run.value.heldOutLoss.indexOf(Math.min(...run.value.heldOutLoss)));
});

test('contributions and base sum to the prediction, row for row', () => {
  const { columns, target } = surface(300, 19);
  const { trees } = learned(columns, target, { trees: 50 });
  for (let i = 0; i < 50; i++) {
    const row = Float64Array.from(columns, (column) => (i % 7 === 0 ? Number.NaN : column[i]));
    const { base, parts } = trees.contributions(row);
    expect(base + parts[0] + parts[1] + parts[2]).toBeCloseTo(trees.predictRow(row), 9);
  }
});

test('weights count as rows do', () => {
  const { columns, target } = surface(60, 23);
  const twice = columns.map((column) => Float64Array.from([...column, ...column.subarray(0, 30)]));
  const repeated = learned(twice, [...target, ...target.subarray(0, 30)], { ...EXACT, leaves: 4 });
  const labels = { names: ['a', 'b', 'c'], target, weights: target.map((_, i) => (i < 30 ? 2 : 1)) };
  const weighted = learnBoostedTrees(columns, labels, { ...EXACT, leaves: 4 });
  if (!weighted.ok) throw new Error(weighted.fault.detail);
  const [a, b] = [repeated.trees.predict(columns), weighted.value.trees.predict(columns)];
  for (let i = 0; i < 60; i++) expect(a[i]).toBeCloseTo(b[i], 9);
});

test('a model survives JSON, to the last bit', () => {
  const { columns, target } = surface(200, 29);
  columns[0].fill(Number.NaN, 0, 40);
  const { trees } = learned(columns, target, { trees: 30 });
  const read = BoostedTrees.fromJson(JSON.parse(JSON.stringify(trees.toJson())));
  if (!read.ok) throw new Error(read.fault.detail);
  expect(read.value.predict(columns)).toEqual(trees.predict(columns));
});

test('a model that was tampered with is refused or still answers', () => {
  const { columns, target } = surface(60, 31);
  const text = JSON.stringify(learned(columns, target, { trees: 3, leafWeight: 5 }).trees.toJson());
  const bytes = fc.tuple(fc.nat(text.length - 1), fc.constantFrom('0', '9', '-', '1', ',', 'x', ']', 'null'));
  fc.assert(
    fc.property(bytes, ([at, put]) => {
      let json: unknown;
      try {
        json = JSON.parse(text.slice(0, at) + put + text.slice(at + 1));
      } catch {
        return;
      }
      const read = BoostedTrees.fromJson(json);
      if (read.ok && read.value.names.length === 3) expect(read.value.predict(columns)).toHaveLength(60);
    }),
  );
  for (const json of [null, 1, [], {}, { format: 'tidegate-boosted-trees-1' }])
    expect(BoostedTrees.fromJson(json).ok).toBe(false);
});

const ROWS = Float64Array.from({ length: 20 }, (_, i) => i);

test.each<[string, Float64Array[], Float64Array, Partial<BoostOptions>, string, RegExp]>([
  ['two rows', [Float64Array.of(1, 2)], Float64Array.of(1, 2), {}, 'health.too-little', /2 rows/],
  ['no columns', [], ROWS, {}, 'health.too-little', /no columns/],
  ['a target of NaN', [ROWS], ROWS.map((v) => (v === 4 ? Number.NaN : v)), {}, 'health.bad-data', /row 4/],
  ['an infinite value', [ROWS.map((v) => 1 / v)], ROWS, {}, 'health.bad-data', /infinite at row 0/],
  ['unequal columns', [ROWS, ROWS.subarray(1)], ROWS, {}, 'health.bad-data', /19 rows/],
  ['a short target', [ROWS], ROWS.subarray(1), {}, 'health.bad-data', /19 targets/],
  ['logistic of 2', [ROWS], ROWS, { loss: { kind: 'logistic' } }, 'health.bad-data', /wants 0 or 1/],
  ['a level of 1', [ROWS], ROWS, { loss: { kind: 'quantile', level: 1 } }, 'health.bad-data', /level is 1/],
  ['a share of 0', [ROWS], ROWS, { rowShare: 0 }, 'health.bad-data', /rowShare is 0/],
])('%s is a clear fault', (_name, columns, target, options, code, detail) => {
  const run = learnBoostedTrees(columns, { names: columns.map(String), target }, options);
  expect(run.ok ? undefined : run.fault).toMatchObject({ code, detail: expect.stringMatching(detail) });
});
