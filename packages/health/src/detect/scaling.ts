/** Centre and spread of each signal, so that signals of different units can be weighed against each other. */

import type { UsableRows } from './signalTable.ts';

export interface Scaling {
  readonly centre: Float64Array;
  /** Above 0. */
  readonly spread: Float64Array;
}

/** Mean and standard deviation. */
export function meanScaling(rows: UsableRows): Scaling {
  const { width, count, values } = rows;
  const centre = new Float64Array(width);
  const spread = new Float64Array(width);
  for (let row = 0; row < count; row++) for (let i = 0; i < width; i++) centre[i] += values[row * width + i] / count;
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < width; i++) spread[i] += (values[row * width + i] - centre[i]) ** 2 / (count - 1);
  }
  return { centre, spread: spread.map((variance) => positive(Math.sqrt(variance))) };
}

/** Median and 1.4826 times the median distance from it, which stray values do not move; the deviation where it is 0. */
export function medianScaling(rows: UsableRows): Scaling {
  const { width, count, values } = rows;
  const deviation = meanScaling(rows).spread;
  const centre = new Float64Array(width);
  const spread = new Float64Array(width);
  const column = new Float64Array(count);
  for (let i = 0; i < width; i++) {
    for (let row = 0; row < count; row++) column[row] = values[row * width + i];
    centre[i] = sortedMedian(column.sort());
    for (let row = 0; row < count; row++) column[row] = Math.abs(values[row * width + i] - centre[i]);
    spread[i] = 1.4826 * sortedMedian(column.sort()) || deviation[i];
  }
  return { centre, spread };
}

/** The middle value of sorted values. */
export function sortedMedian(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function positive(spread: number): number {
  return spread > 0 ? spread : Number.MIN_VALUE;
}
