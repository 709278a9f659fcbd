/** Brings the samples of one tag, which lie in many places and overlap in time, into one order, a batch at a time. */

import { EMPTY_RUN, lowerBound, mergeRuns, type SampleRun, sliceRun, upperBound } from './sampleRun.ts';

export type ScanDirection = 'forward' | 'backward';

/** A place that holds samples: all of them lie between the two times, both included. */
export interface ScanSource {
  readonly minTime: number;
  readonly maxTime: number;
  /** The samples in order of time, or the smaller places that hold them. */
  read(): SampleRun | Promise<SampleRun | readonly ScanSource[]>;
}

/**
 * Yields every sample of `sources` in batches, each in order of time and then of arrival; `backward`, the batches come
 * from the latest to the earliest. A source is read only when the samples before it have been taken.
 */
export async function* scanSources(
  sources: readonly ScanSource[],
  direction: ScanDirection,
): AsyncGenerator<SampleRun, void, undefined> {
  const isForward = direction === 'forward';
  const queue: ScanSource[] = [];
  for (const source of sources) enqueue(queue, source, isForward);
  let pending = EMPTY_RUN;
  for (;;) {
    const next = queue.pop();
    const [ready, rest] = isForward ? splitForward(pending, next) : splitBackward(pending, next);
    pending = rest;
    if (ready.times.length > 0) yield ready;
    if (!next) return;
    const found = await next.read();
    if ('times' in found) pending = mergeRuns(pending, found);
    else for (const source of found) enqueue(queue, source, isForward);
  }
}

/** Keeps the source that is to be read first at the end of the queue. */
function enqueue(queue: ScanSource[], source: ScanSource, isForward: boolean): void {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const isLater = isForward ? queue[middle].minTime > source.minTime : queue[middle].maxTime < source.maxTime;
    if (isLater) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, source);
}

/** Samples at the first time of `next` must wait for it: its own may have arrived earlier. */
function splitForward(pending: SampleRun, next: ScanSource | undefined): [SampleRun, SampleRun] {
  const end = pending.times.length;
  const ready = next ? lowerBound(pending.times, next.minTime) : end;
  return [sliceRun(pending, 0, ready), sliceRun(pending, ready, end)];
}

function splitBackward(pending: SampleRun, next: ScanSource | undefined): [SampleRun, SampleRun] {
  const waiting = next ? upperBound(pending.times, next.maxTime) : 0;
  return [sliceRun(pending, waiting, pending.times.length), sliceRun(pending, 0, waiting)];
}
