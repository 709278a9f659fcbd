/** What a long query needs to know of many samples at once, so that it need not decode them. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleRun } from './sampleRun.ts';

/**
 * Stands for `count` consecutive samples of one tag, each of them a number other than NaN and the infinities with a good
 * status: samples that are anything else are never summarised, they are always decoded.
 */
export interface RunSummary {
  readonly count: number;
  readonly firstTime: number;
  readonly lastTime: number;
  readonly first: number;
  readonly last: number;
  readonly min: number;
  readonly max: number;
  /** Time of the first sample that has the least, the greatest value. */
  readonly minTime: number;
  readonly maxTime: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Area below straight lines from sample to sample, from the first to the last, in value x µs. */
  readonly slopedArea: number;
  /** Area where each value holds until the next sample, in value x µs. */
  readonly steppedArea: number;
  /** All statuses of the samples or-ed: tells whether each of them is exactly Good (0). */
  readonly statusBits: number;
}

/** The severity is in the two highest bits of a status; good is 00 (OPC UA Part 4, 7.39). */
const SEVERITY_SHIFT = 30;
const GOOD = 0;

/** Summarises the rows from `from` to before `to`; `undefined` where one of them is no number or is not good. */
export function summariseRun(run: SampleRun, from = 0, to = run.times.length): RunSummary | undefined {
  const { times, values, kinds, statuses } = run;
  if (from >= to) return undefined;
  let [min, max, minRow, maxRow] = [values[from], values[from], from, from];
  let [sum, sumOfSquares, slopedArea, steppedArea, statusBits] = [0, 0, 0, 0, 0];
  for (let row = from; row < to; row++) {
    const value = values[row];
    if (kinds[row] !== ValueKind.number || statuses[row] >>> SEVERITY_SHIFT !== GOOD || !Number.isFinite(value)) {
      return undefined;
    }
    if (value < min) [min, minRow] = [value, row];
    if (value > max) [max, maxRow] = [value, row];
    sum += value;
    sumOfSquares += value * value;
    statusBits |= statuses[row];
    if (row === from) continue;
    const span = times[row] - times[row - 1];
    steppedArea += values[row - 1] * span;
    slopedArea += ((values[row - 1] + value) / 2) * span;
  }
  return {
    ...{ count: to - from, firstTime: times[from], lastTime: times[to - 1], first: values[from], last: values[to - 1] },
    ...{ min, max, minTime: times[minRow], maxTime: times[maxRow] },
    ...{ sum, sumOfSquares, slopedArea, steppedArea, statusBits: statusBits >>> 0 },
  };
}
