/** Samples of one tag in order of time: what the archive's parts hand to each other when they answer a query. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';

/** Columns of equal length. Samples of equal time stand in the order of their arrival. */
export interface SampleRun {
  readonly times: Float64Array;
  readonly values: SampleValue[];
  readonly statuses: Uint32Array;
  /** Where each sample came from: of two of equal time, the one of lower rank arrived first. */
  readonly ranks: Float64Array;
}

export const EMPTY_RUN: SampleRun = {
  times: new Float64Array(0),
  values: [],
  statuses: new Uint32Array(0),
  ranks: new Float64Array(0),
};

/** The samples from row `from` to before row `to`; shares memory with `run` where it can. */
export function sliceRun(run: SampleRun, from: number, to: number): SampleRun {
  if (from === 0 && to === run.times.length) return run;
  return {
    times: run.times.subarray(from, to),
    values: run.values.slice(from, to),
    statuses: run.statuses.subarray(from, to),
    ranks: run.ranks.subarray(from, to),
  };
}

/** The first row of an ascending column that is not less than `time`. */
export function lowerBound(times: Float64Array | Uint32Array, time: number): number {
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
export function upperBound(times: Float64Array | Uint32Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Both runs as one, by time and then by rank. */
export function mergeRuns(a: SampleRun, b: SampleRun): SampleRun {
  if (a.times.length === 0) return b;
  if (b.times.length === 0) return a;
  const count = a.times.length + b.times.length;
  const merged: SampleRun = {
    times: new Float64Array(count),
    values: [],
    statuses: new Uint32Array(count),
    ranks: new Float64Array(count),
  };
  for (let at = 0, inA = 0, inB = 0; at < count; at++) {
    const fromA = inB === b.times.length || (inA < a.times.length && comesFirst(a, inA, b, inB));
    const from = fromA ? a : b;
    const row = fromA ? inA++ : inB++;
    merged.times[at] = from.times[row];
    merged.values.push(from.values[row]);
    merged.statuses[at] = from.statuses[row];
    merged.ranks[at] = from.ranks[row];
  }
  return merged;
}

function comesFirst(a: SampleRun, inA: number, b: SampleRun, inB: number): boolean {
  const difference = a.times[inA] - b.times[inB];
  return difference < 0 || (difference === 0 && a.ranks[inA] <= b.ranks[inB]);
}

export function kindOf(value: SampleValue): ValueKind {
  if (value === null) return ValueKind.none;
  return typeof value === 'string' ? ValueKind.string : ValueKind.number;
}
