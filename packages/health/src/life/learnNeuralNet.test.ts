import { expect, test } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { learnNet } from './learnNeuralNet.ts';
import { layerSums, predictNet, readNet } from './neuralNet.ts';

const OPTIONS = { hidden: [12, 6], rounds: 60, batch: 32, rate: 0.01, decay: 0.01 };
const random = seededRandom(5);
const COLUMNS = [0, 1, 2].map(() => Float64Array.from({ length: 1500 }, () => 100 + 20 * random()));
/** A product and a bend: nothing that is linear. */
const TARGET = COLUMNS[0].map((a, row) => 50 + 0.2 * (a - 110) * (COLUMNS[1][row] - 110) + (a > 115 ? 10 : 0));
const ALIKE = new Float64Array(1500).fill(1);
const NET = learnNet({ columns: COLUMNS, target: TARGET, weights: ALIKE, unit: 50 }, OPTIONS, 1);

function error(told: Float64Array, truth: Float64Array): number {
  return Math.sqrt(told.reduce((sum, value, row) => sum + (value - truth[row]) ** 2, 0) / truth.length);
}

test('a net learns what no line can', () => {
  expect(error(predictNet(NET, COLUMNS), TARGET)).toBeLessThan(2.5);
  const mean = TARGET.reduce((a, b) => a + b) / TARGET.length;
  expect(error(new Float64Array(1500).fill(mean), TARGET)).toBeGreaterThan(7);
});

test('the same seed learns the same, another another', () => {
  const table = { columns: COLUMNS, target: TARGET, weights: ALIKE, unit: 50 };
  const short = { ...OPTIONS, rounds: 2 };
  expect(learnNet(table, short, 3)).toEqual(learnNet(table, short, 3));
  expect(learnNet(table, short, 4)).not.toEqual(learnNet(table, short, 3));
});

test('rows without weight teach nothing', () => {
  const target = TARGET.map((value, row) => (row % 2 === 0 ? value : 1e4));
  const weights = ALIKE.map((_, row) => (row % 2 === 0 ? 1 : 0));
  const net = learnNet({ columns: COLUMNS, target, weights, unit: 50 }, OPTIONS, 1);
  expect(error(predictNet(net, COLUMNS), TARGET)).toBeLessThan(4);
});

test('a decay that outweighs everything leaves little but the bias', () => {
  const net = learnNet({ columns: COLUMNS, target: TARGET, weights: ALIKE, unit: 50 }, { ...OPTIONS, decay: 50 }, 1);
  const told = predictNet(net, COLUMNS);
  expect(Math.max(...told) - Math.min(...told)).toBeLessThan(1);
});

test('a missing value counts as the mean, and what lies far outside is as what lies at the edge', () => {
  const at = (value: number) =>
    predictNet(NET, [Float64Array.of(value), Float64Array.of(105), Float64Array.of(110)])[0];
  expect(at(Number.NaN)).toBeCloseTo(at(NET.centre[0]), 9);
  expect(at(1e9)).toBe(at(1e6));
});

test('sums are the bias and the weighted inputs', () => {
  const layer = { biases: Float64Array.of(1, 2), weights: Float64Array.of(1, 0, 3, -1) };
  expect(layerSums(layer, Float64Array.of(5, 7), new Float64Array(2))).toEqual(Float64Array.of(6, 10));
});

test('a net survives JSON, and one with a part missing is none', () => {
  const plain = JSON.parse(JSON.stringify(NET, (_, v) => (v instanceof Float64Array ? Array.from(v) : v)));
  expect(readNet(plain, 3)).toEqual(NET);
  expect(readNet(plain, 4)).toBeUndefined();
  for (const part of Object.keys(plain))
    for (const put of [null, [], {}, [null], 'x']) expect(readNet({ ...plain, [part]: put }, 3)).toBeUndefined();
  expect(readNet({ ...plain, layers: plain.layers.slice(0, 2) }, 3)).toBeUndefined();
});
