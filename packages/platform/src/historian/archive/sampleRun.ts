/** Samples of one tag in order of time, in columns: what the archive's parts and the queries above it hand to each other. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';

/**
 * Columns of equal length, all of it in use. Samples of equal time stand in the order of their arrival. The columns may be
 * views of memory that others read as well: nobody changes them.
 */
export interface SampleRun {
  /** `Timestamp`: microseconds since 1970 UTC, ascending. */
  readonly times: Float64Array;
  /** A number, a boolean as 0 or 1, or an index into `strings`; 0 where there is no value. */
  readonly values: Float64Array;
  /** One `ValueKind` for each sample. */
  readonly kinds: Uint8Array;
  /** One `StatusCode` for each sample, all 32 bits. */
  readonly statuses: Uint32Array;
  readonly strings: readonly string[];
  /** Whether all samples are known to be finite numbers with a good status: nobody need look at kinds and statuses then. */
  readonly isPlain?: boolean | undefined;
  /** When the server took each sample, in microseconds; only where the reader asked for it. */
  readonly received?: Float64Array | undefined;
}

export const EMPTY_RUN: SampleRun = {
  times: new Float64Array(0),
  values: new Float64Array(0),
  kinds: new Uint8Array(0),
  statuses: new Uint32Array(0),
  strings: [],
};

/** A run of `count` samples whose columns are still to be filled. */
export function blankRun(count: number, strings: readonly string[] = []): SampleRun {
  return {
    times: new Float64Array(count),
    values: new Float64Array(count),
    kinds: new Uint8Array(count),
    statuses: new Uint32Array(count),
    strings,
  };
}

/** The samples, which stand in order of time, as columns. */
export function runOf(samples: readonly { time: number; value: SampleValue; status: number }[]): SampleRun {
  const strings: string[] = [];
  const run = blankRun(samples.length, strings);
  for (const [row, { time, value, status }] of samples.entries()) {
    run.times[row] = time;
    run.kinds[row] = kindOf(value);
    run.values[row] = typeof value === 'string' ? strings.push(value) - 1 : (value ?? 0);
    run.statuses[row] = status;
  }
  return run;
}

export function kindOf(value: SampleValue): ValueKind {
  if (value === null) return ValueKind.none;
  return typeof value === 'string' ? ValueKind.string : ValueKind.number;
}

/** The value of one sample, for the places where samples are looked at singly. */
export function valueAt({ kinds, values, strings }: SampleRun, row: number): SampleValue {
  const kind = kinds[row];
  if (kind === ValueKind.none) return null;
  return kind === ValueKind.string ? strings[values[row]] : values[row];
}

/** The samples from row `from` to before row `to`; shares memory with `run`. */
export function sliceRun(run: SampleRun, from: number, to: number): SampleRun {
  if (from === 0 && to === run.times.length) return run;
  return {
    times: run.times.subarray(from, to),
    values: run.values.subarray(from, to),
    kinds: run.kinds.subarray(from, to),
    statuses: run.statuses.subarray(from, to),
    strings: run.strings,
    isPlain: run.isPlain,
    received: run.received?.subarray(from, to),
  };
}

/** The same samples in memory of their own. */
export function copyRun({ times, values, kinds, statuses, strings, isPlain, received }: SampleRun): SampleRun {
  return {
    times: times.slice(),
    values: values.slice(),
    kinds: kinds.slice(),
    statuses: statuses.slice(),
    strings,
    isPlain,
    received: received?.slice(),
  };
}

/** The samples with `start <= time < end`; shares memory with `run`. */
export function clipRun(run: SampleRun, start: number, end: number): SampleRun {
  const { times } = run;
  if (times[0] >= start && times[times.length - 1] < end) return run;
  return sliceRun(run, lowerBound(run.times, start), lowerBound(run.times, end));
}

/** The first row of an ascending column that is not less than `time`. */
export function lowerBound(times: Float64Array | Uint32Array | readonly number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first row of an ascending column that is greater than `time`. */
export function upperBound(times: Float64Array | Uint32Array | readonly number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
