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
  const [first, firstTime] = [values[from], times[from]];
  let [min, max, sum, sumOfSquares, slopedArea, steppedArea, statusBits] = [first, first, 0, 0, 0, 0, 0];
  let [before, timeBefore] = [first, firstTime];
  for (let row = from; row < to; row++) {
    const value = values[row];
    const time = times[row];
    const span = time - timeBefore;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    sumOfSquares += value * value;
    steppedArea += before * span;
    slopedArea += ((before + value) / 2) * span;
    statusBits |= statuses[row];
    before = value;
    timeBefore = time;
  }
  // Which rows these are is asked afterwards: a processor that goes straight on is faster than one that guesses.
  let [minRow, maxRow, minCount, maxCount] = [to - 1, to - 1, 0, 0];
  for (let row = to - 1; row >= from; row--) {
    if (values[row] === min) {
      minRow = row;
      minCount++;
    }
    if (values[row] === max) {
      maxRow = row;
      maxCount++;
    }
  }
  return {
    ...{ count: to - from, firstTime, lastTime: timeBefore, first, last: before },
    ...{ min: values[minRow], max: values[maxRow], minTime: times[minRow], maxTime: times[maxRow], minCount, maxCount },
    ...{ sum, sumOfSquares, slopedArea, steppedArea, statusBits: statusBits >>> 0 },
  };
}
