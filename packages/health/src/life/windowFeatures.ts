/** What the last cycles of a unit look like at a row: where a signal stands and where it is going, never looking ahead. */

import type { UnitSpan } from './fleet.ts';

export interface WindowMeasures {
  readonly mean: Float64Array;
  /** How far the line of least squares has risen above the mean when it reaches the row. */
  readonly rise: Float64Array;
}

/**
 * Measures the window of every given row: that row and those before it of the same unit, at most `length` of them. Missing
 * values are skipped; a measure that has too few values (one for the mean, two for the rise) is NaN. Rows ascend. `weights`
 * says, at every row of the signal, how much its value counts, above 0.
 */
export function windowMeasures(
  signal: Float64Array,
  spans: readonly UnitSpan[],
  rows: Int32Array,
  length: number,
  weights: Float64Array,
): WindowMeasures {
  const mean = new Float64Array(rows.length).fill(Number.NaN);
  const rise = new Float64Array(rows.length).fill(Number.NaN);
  let span = 0;
  for (let i = 0; i < rows.length; i++) {
    while (spans[span].end <= rows[i]) span++;
    const first = Math.max(spans[span].begin, rows[i] - length + 1);
    let count = 0;
    let total = 0;
    let sum = 0;
    let times = 0;
    let timeSquares = 0;
    let products = 0;
    for (let at = first; at <= rows[i]; at++) {
      const value = signal[at];
      if (Number.isNaN(value)) continue;
      // Time counts back from the row.
      const time = at - rows[i];
      const weight = weights[at];
      count++;
      total += weight;
      sum += weight * value;
      times += weight * time;
      timeSquares += weight * time * time;
      products += weight * time * value;
    }
    if (count === 0) continue;
    mean[i] = sum / total;
    const timeSpread = timeSquares - (times * times) / total;
    if (count > 1) rise[i] = (-(times / total) * (products - (times * sum) / total)) / timeSpread;
  }
  return { mean, rise };
}
