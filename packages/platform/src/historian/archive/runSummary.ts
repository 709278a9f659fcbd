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
  /** How many samples have the least, the greatest value. */
  readonly minCount: number;
  readonly maxCount: number;
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
  const { values, kinds, statuses } = run;
  if (from >= to) return undefined;
  for (let row = from; row < to; row++) {
    // The difference is 0 for finite numbers only.
    const isNumber = kinds[row] === ValueKind.number && values[row] - values[row] === 0;
    if (!isNumber || statuses[row] >>> SEVERITY_SHIFT !== GOOD) return undefined;
  }
  return summariseNumbers(run, from, to);
}

/** The same of rows, one at least, that are known to be good numbers. */
export function summariseNumbers(run: SampleRun, from = 0, to = run.times.length): RunSummary {
  const { times, values, statuses } = run;
  let [min, max, minRow, maxRow, minCount, maxCount] = [values[from], values[from], from, from, 0, 0];
  let [sum, sumOfSquares, slopedArea, steppedArea, statusBits] = [0, 0, 0, 0, 0];
  for (let row = from; row < to; row++) {
    const value = values[row];
    if (value < min) [min, minRow, minCount] = [value, row, 0];
    if (value > max) [max, maxRow, maxCount] = [value, row, 0];
    if (value === min) minCount++;
    if (value === max) maxCount++;
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
    ...{ min, max, minTime: times[minRow], maxTime: times[maxRow], minCount, maxCount },
    ...{ sum, sumOfSquares, slopedArea, steppedArea, statusBits: statusBits >>> 0 },
  };
}
