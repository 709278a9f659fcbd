/** Applies edits to batches of base samples as a scan brings them, so that no history need be in memory as a whole. */

import { joinRuns } from '../joinRuns.ts';
import { EMPTY_RUN, lowerBound, type SampleRun, sliceRun, upperBound } from '../sampleRun.ts';
import { applyEdits } from './applyEdits.ts';
import { clipEdits, type TagEdits } from './tagEdits.ts';

export interface EditedScanOptions {
  /** `start <= time < end` (µs), as the batches were asked for. */
  readonly start: number;
  readonly end: number;
  /** Whether each batch lies behind or before the one that it follows; within a batch times always ascend. */
  readonly direction: 'forward' | 'backward';
  /** In µs; all that is known where it is left out. */
  readonly knownAt?: number;
}

/**
 * The edited samples of the range, in batches that go the way of `batches`. `edits` must hold all of the range. Samples of
 * equal time that stand in two batches are brought together first: which of them comes first is known only then.
 */
export async function* editedScan(
  batches: AsyncIterable<SampleRun>,
  edits: TagEdits,
  { start, end, direction, knownAt }: EditedScanOptions,
): AsyncGenerator<SampleRun, void, undefined> {
  const isForward = direction === 'forward';
  let [from, to] = [start, end];
  let held: SampleRun | undefined;
  for await (const batch of batches) {
    const { times } = batch;
    if (times.length === 0) continue;
    const joined: SampleRun = held ? joinRuns(isForward ? [held, batch] : [batch, held]) : batch;
    const all = joined.times;
    const edge = isForward ? times[times.length - 1] : times[0] + 1;
    const row = isForward ? lowerBound(all, edge) : upperBound(all, times[0]);
    const [first, last] = isForward ? [from, edge] : [edge, to];
    const ready = isForward ? sliceRun(joined, 0, row) : sliceRun(joined, row, all.length);
    held = isForward ? sliceRun(joined, row, all.length) : sliceRun(joined, 0, row);
    if (isForward) from = edge;
    else to = edge;
    const run = applyEdits(ready, clipEdits(edits, first, last), knownAt);
    if (run.times.length > 0) yield run;
  }
  const run = applyEdits(held ?? EMPTY_RUN, clipEdits(edits, from, to), knownAt);
  if (run.times.length > 0) yield run;
}
