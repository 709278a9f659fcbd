/** Makes one run of several that overlap in time. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { blankRun, type SampleRun } from '../sampleRun.ts';

export interface RankedRun {
  readonly run: SampleRun;
  /** Of two samples of equal time, the one of the run of lower rank arrived first. */
  readonly rank: number;
}

/** All samples of `runs`, of which there is at least one, by time and then by rank. */
export function mergeRuns(runs: readonly RankedRun[]): SampleRun {
  let merged = runs.length === 1 ? [runs[0].run] : runs.toSorted((a, b) => a.rank - b.rank).map(({ run }) => run);
  // Neighbours two by two: no sample is moved more often than the number of runs can be halved.
  while (merged.length > 1) {
    const halved: SampleRun[] = [];
    for (let at = 0; at < merged.length; at += 2) {
      halved.push(at + 1 < merged.length ? merge(merged[at], merged[at + 1]) : merged[at]);
    }
    merged = halved;
  }
  return merged[0];
}

/** Of samples of equal time those of `a` come first. */
function merge(a: SampleRun, b: SampleRun): SampleRun {
  const [inA, inB] = [a.times.length, b.times.length];
  const strings = b.strings === a.strings ? a.strings : [...a.strings, ...b.strings];
  const shift = b.strings === a.strings ? 0 : a.strings.length;
  const merged = blankRun(inA + inB, strings);
  const received = a.received && b.received && new Float64Array(inA + inB);
  for (let at = 0, rowA = 0, rowB = 0; at < merged.times.length; at++) {
    const fromA = rowB === inB || (rowA < inA && a.times[rowA] <= b.times[rowB]);
    const from = fromA ? a : b;
    const row = fromA ? rowA++ : rowB++;
    const isText = from.kinds[row] === ValueKind.string;
    merged.times[at] = from.times[row];
    merged.values[at] = isText && !fromA ? from.values[row] + shift : from.values[row];
    merged.kinds[at] = from.kinds[row];
    merged.statuses[at] = from.statuses[row];
    if (received && from.received) received[at] = from.received[row];
  }
  return { ...merged, received };
}
