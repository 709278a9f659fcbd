/** Learns how one feature moves with others, so that weather and load are no drift, where that holds on what was left out. */

import { solvePositive } from '../life/ridge.ts';
import type { Dependence } from './featureNormal.ts';
import type { LevelClock } from './levelClock.ts';
import { levelsOf, type SlotTable } from './slotTable.ts';

const MOST_OTHERS = 2;
const BLOCKS = 3;
/** The levels of a block that was left out must scatter so much less than without. */
const WORTH_IT = 0.6;
/** Held back from large coefficients by this share of the variance. */
const PENALTY = 0.01;
const FEWEST_SLOTS = 60;

/** Adds one other feature at a time, the best of `others` first, as long as each is worth it; `undefined` where none is. */
export function learnDependence(
  table: SlotTable,
  feature: number,
  others: readonly number[],
  clock: LevelClock,
): Dependence | undefined {
  if (table.slots.length < FEWEST_SLOTS) return undefined;
  const chosen: number[] = [];
  let scatter = leftOutScatter(table, feature, chosen, clock);
  while (chosen.length < MOST_OTHERS) {
    let best = -1;
    let least = scatter * WORTH_IT;
    for (const other of others) {
      if (other === feature || chosen.includes(other)) continue;
      const tried = leftOutScatter(table, feature, [...chosen, other], clock);
      if (tried < least) {
        least = tried;
        best = other;
      }
    }
    if (best < 0) break;
    chosen.push(best);
    scatter = least;
  }
  return chosen.length === 0 ? undefined : fit(table, feature, chosen, 0, 0);
}

/** Mean square of the levels of left-out blocks about the level of the others. */
function leftOutScatter(table: SlotTable, feature: number, on: readonly number[], clock: LevelClock): number {
  const count = table.slots.length;
  let sum = 0;
  let levelCount = 0;
  for (let block = 0; block < BLOCKS; block++) {
    const from = Math.floor((block * count) / BLOCKS);
    const to = Math.floor(((block + 1) * count) / BLOCKS);
    const dependence = fit(table, feature, on, from, to);
    const left = new Float64Array(count);
    let mean = 0;
    for (let row = 0; row < count; row++) {
      left[row] = table.columns[feature][row];
      for (const [i, other] of on.entries()) {
        left[row] -= dependence.coefficients[i] * (table.columns[other][row] - dependence.centres[i]);
      }
      if (row < from || row >= to) mean += left[row] / (count - (to - from));
    }
    const { levels } = levelsOf(clock, table.slots.subarray(from, to), left.subarray(from, to));
    for (const level of levels) sum += (level - mean) ** 2;
    levelCount += levels.length;
  }
  return levelCount === 0 ? Number.POSITIVE_INFINITY : sum / levelCount;
}

/** Least squares over the rows outside of `from` to `to`. */
function fit(table: SlotTable, feature: number, on: readonly number[], from: number, to: number): Dependence {
  const size = on.length;
  const count = table.slots.length - (to - from);
  const columns = [...on, feature].map((column) => table.columns[column]);
  const means = columns.map((column) => {
    let sum = 0;
    for (let row = 0; row < column.length; row++) if (row < from || row >= to) sum += column[row];
    return sum / count;
  });
  const covariance = new Float64Array(size * size);
  const shared = new Float64Array(size);
  for (let row = 0; row < table.slots.length; row++) {
    if (row >= from && row < to) continue;
    for (let i = 0; i < size; i++) {
      const away = columns[i][row] - means[i];
      for (let j = 0; j < size; j++) covariance[i * size + j] += (away * (columns[j][row] - means[j])) / count;
      shared[i] += (away * (columns[size][row] - means[size])) / count;
    }
  }
  return solved(on, means.slice(0, size), covariance, shared);
}

/** In units of the deviations, in which alone a penalty is fair. */
function solved(
  on: readonly number[],
  centres: readonly number[],
  covariance: Float64Array,
  shared: Float64Array,
): Dependence {
  const size = on.length;
  const deviations = on.map((_, i) => Math.sqrt(covariance[i * size + i]) || 1);
  const matrix = covariance.map((value, at) => value / (deviations[Math.floor(at / size)] * deviations[at % size]));
  for (let i = 0; i < size; i++) matrix[i * size + i] += PENALTY;
  const scaled = solvePositive(
    matrix,
    shared.map((value, i) => value / deviations[i]),
  );
  const precision = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const unit = new Float64Array(size);
    unit[i] = 1;
    const column = solvePositive(matrix, unit);
    for (let j = 0; j < size; j++) precision[j * size + i] = column[j] / (deviations[i] * deviations[j]);
  }
  return { on, coefficients: [...scaled].map((value, i) => value / deviations[i]), centres, precision: [...precision] };
}
