/** Brings the samples of one tag, which lie in many places and overlap in time, into one order, a batch at a time. */

import { lowerBound, type SampleRun, sliceRun, upperBound } from '../sampleRun.ts';
import { mergeRuns, type RankedRun } from './mergeRuns.ts';

export type ScanDirection = 'forward' | 'backward';

/** A place that holds samples: all of them lie between the two times, both included. */
export interface ScanSource<Whole extends object = never> {
  readonly minTime: number;
  readonly maxTime: number;
  /** Of two samples of equal time, the one from the source of lower rank arrived first. */
  readonly rank: number;
  /** The samples in order of time, or the smaller places that hold them. */
  read(): SampleRun | Promise<SampleRun | readonly ScanSource<Whole>[]>;
  /**
   * As `read`, forward, where no other source shares its time, for a reader that is handed the samples past the scan, or
   * takes what stands for some of them: what it was not handed comes in order of time.
   */
  readonly hand?: (() => Iterable<ScanBatch<Whole>> | AsyncIterable<ScanBatch<Whole>>) | undefined;
}

/** Samples, or what stands for some that follow each other. */
export type ScanBatch<Whole> = SampleRun | readonly Whole[];

/**
 * Yields every sample of `sources` in batches, each in order of time and then of arrival; `backward`, the batches come
 * from the latest to the earliest. A source is read only when the samples before it have been taken. Forward, a source that
 * shares its time with no other hands its samples over, if it can. `release` is called when the scan has ended, however it
 * did.
 */
export async function* scanSources<Whole extends object = never>(
  sources: readonly ScanSource<Whole>[],
  direction: ScanDirection,
  release: () => void = () => {},
): AsyncGenerator<ScanBatch<Whole>, void, undefined> {
  const isForward = direction === 'forward';
  const queue: ScanSource<Whole>[] = [];
  enqueue(queue, sources, isForward);
  let pending: RankedRun[] = [];
  try {
    for (;;) {
      const next = queue.pop();
      if (isForward && next?.hand && pending.length === 0 && standsAlone(next, queue.at(-1))) {
        yield* next.hand();
        continue;
      }
      const ready: RankedRun[] = [];
      pending = isForward ? splitForward(pending, next, ready) : splitBackward(pending, next, ready);
      if (ready.length > 0) yield mergeRuns(ready);
      if (!next) return;
      const found = await next.read();
      if (!('times' in found)) enqueue(queue, found, isForward);
      else if (found.times.length > 0) pending.push({ run: found, rank: next.rank });
    }
  } finally {
    release();
  }
}

type Bounds = Pick<ScanSource, 'minTime' | 'maxTime'>;

function standsAlone({ maxTime }: Bounds, behind: Bounds | undefined): boolean {
  return behind === undefined || behind.minTime > maxTime;
}

/** The source that is to be read first stands at the end of the queue. What is added mostly stands in order already. */
function enqueue<Source extends Bounds>(queue: Source[], added: readonly Source[], isForward: boolean): void {
  for (let at = added.length - 1; at >= 0; at--) queue.push(added[at]);
  if (isForward) queue.sort((a, b) => b.minTime - a.minTime);
  else queue.sort((a, b) => a.maxTime - b.maxTime);
}

/** Adds to `ready` what comes before `next` and returns the rest. Samples at its first time must wait for it. */
function splitForward(pending: RankedRun[], next: Bounds | undefined, ready: RankedRun[]): RankedRun[] {
  const rest: RankedRun[] = [];
  for (const { run, rank } of pending) {
    const end = run.times.length;
    const cut = next ? lowerBound(run.times, next.minTime) : end;
    if (cut > 0) ready.push({ run: sliceRun(run, 0, cut), rank });
    if (cut < end) rest.push({ run: sliceRun(run, cut, end), rank });
  }
  return rest;
}

function splitBackward(pending: RankedRun[], next: Bounds | undefined, ready: RankedRun[]): RankedRun[] {
  const rest: RankedRun[] = [];
  for (const { run, rank } of pending) {
    const end = run.times.length;
    const cut = next ? upperBound(run.times, next.maxTime) : 0;
    if (cut < end) ready.push({ run: sliceRun(run, cut, end), rank });
    if (cut > 0) rest.push({ run: sliceRun(run, 0, cut), rank });
  }
  return rest;
}
