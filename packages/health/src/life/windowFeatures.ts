/** What the last cycles of a unit look like at every row: levels, trends and spreads over windows, never looking ahead. */

import type { UnitSpan } from './fleet.ts';

export interface WindowFeatures {
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
}

export interface WindowMeasures {
  readonly mean: Float64Array;
  /** Per cycle, by least squares. */
  readonly slope: Float64Array;
  /** Where the line of the slope stands at the row. */
  readonly level: Float64Array;
  readonly spread: Float64Array;
  readonly least: Float64Array;
  readonly most: Float64Array;
}

/**
 * For every row the window holds that row and those before it of the same unit, at most `length` of them. Missing values
 * are skipped; a measure that has too few values (two for slope, level and spread) is NaN.
 */
export function windowMeasures(signal: Float64Array, spans: readonly UnitSpan[], length: number): WindowMeasures {
  const column = () => new Float64Array(signal.length).fill(Number.NaN);
  const measures = {
    mean: column(),
    slope: column(),
    level: column(),
    spread: column(),
    least: column(),
    most: column(),
  };
  for (const { begin, end } of spans)
    for (let row = begin; row < end; row++) measureRow(signal, Math.max(begin, row - length + 1), row, measures);
  return measures;
}

function measureRow(signal: Float64Array, first: number, row: number, measures: WindowMeasures): void {
  let count = 0;
  let sum = 0;
  let squares = 0;
  let times = 0;
  let timeSquares = 0;
  let products = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let at = first; at <= row; at++) {
    const value = signal[at];
    if (Number.isNaN(value)) continue;
    // Time counts back from the row, so that the line's height at the row is its intercept.
    const time = at - row;
    count++;
    sum += value;
    squares += value * value;
    times += time;
    timeSquares += time * time;
    products += time * value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (count === 0) return;
  measures.mean[row] = sum / count;
  measures.least[row] = least;
  measures.most[row] = most;
  const timeSpread = timeSquares - (times * times) / count;
  if (count < 2 || timeSpread <= 0) return;
  const slope = (products - (times * sum) / count) / timeSpread;
  measures.slope[row] = slope;
  measures.level[row] = (sum - slope * times) / count;
  measures.spread[row] = Math.sqrt(Math.max(0, (squares - (sum * sum) / count) / (count - 1)));
}

/** Exponentially weighted mean over the last `length` cycles; each cycle back counts `1 - 1 / memory` times as much. */
export function fadingMean(
  signal: Float64Array,
  spans: readonly UnitSpan[],
  length: number,
  memory: number,
): Float64Array {
  const faded = new Float64Array(signal.length).fill(Number.NaN);
  const keep = 1 - 1 / memory;
  for (const { begin, end } of spans) {
    for (let row = begin; row < end; row++) {
      let sum = 0;
      let weights = 0;
      let weight = 1;
      for (let at = row; at >= begin && at > row - length; at--) {
        if (!Number.isNaN(signal[at])) {
          sum += weight * signal[at];
          weights += weight;
        }
        weight *= keep;
      }
      if (weights > 0) faded[row] = sum / weights;
    }
  }
  return faded;
}
