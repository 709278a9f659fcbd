/** Applies edits to batches of base samples as a scan brings them, so that no history need be in memory as a whole. */

import { blankRun, lowerBound, type SampleRun, upperBound } from '../sampleRun.ts';
import { applyEdits, copyRow } from './applyEdits.ts';
import { type BaseSamples, sliceBase } from './baseSamples.ts';
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
  batches: AsyncIterable<BaseSamples>,
  edits: TagEdits,
  { start, end, direction, knownAt }: EditedScanOptions,
): AsyncGenerator<SampleRun, void, undefined> {
  const isForward = direction === 'forward';
  let [from, to] = [start, end];
  let held: BaseSamples | undefined;
  for await (const batch of batches) {
    const { times } = batch.run;
    if (times.length === 0) continue;
    const joined: BaseSamples = held ? (isForward ? joinBase(held, batch) : joinBase(batch, held)) : batch;
    const all = joined.run.times;
    const edge = isForward ? times[times.length - 1] : times[0] + 1;
    const row = isForward ? lowerBound(all, edge) : upperBound(all, times[0]);
    const [first, last] = isForward ? [from, edge] : [edge, to];
    const ready = isForward ? sliceBase(joined, 0, row) : sliceBase(joined, row, all.length);
    held = isForward ? sliceBase(joined, row, all.length) : sliceBase(joined, 0, row);
    if (isForward) from = edge;
    else to = edge;
    const run = applyEdits(ready, clipEdits(edits, first, last), knownAt);
    if (run.times.length > 0) yield run;
  }
  const run = applyEdits(held ?? NOTHING, clipEdits(edits, from, to), knownAt);
  if (run.times.length > 0) yield run;
}

const NOTHING: BaseSamples = { run: blankRun(0), received: undefined };

function joinBase(a: BaseSamples, b: BaseSamples): BaseSamples {
  const [inA, inB] = [a.run.times.length, b.run.times.length];
  const run = blankRun(inA + inB, a.run.strings.concat(b.run.strings));
  for (let row = 0; row < inA; row++) copyRow(run, row, a.run, row, 0);
  for (let row = 0; row < inB; row++) copyRow(run, inA + row, b.run, row, a.run.strings.length);
  if (!a.received && !b.received) return { run, received: undefined };
  const received = new Float64Array(inA + inB).fill(Number.NEGATIVE_INFINITY);
  if (a.received) received.set(a.received);
  if (b.received) received.set(b.received, inA);
  return { run, received };
}
