/** Collects the runs of a scan into one of limited length. */

import { joinRuns } from '../archive/joinRuns.ts';
import { type SampleRun, sliceRun } from '../archive/sampleRun.ts';
import type { RangeEnd } from './historianReader.ts';

export class RunBuilder {
  readonly #limit: number;
  readonly #first: RangeEnd;
  readonly #runs: SampleRun[] = [];
  #count = 0;

  /** With `newest` the runs come from the latest to the earliest, each of them in order of time all the same. */
  constructor(limit = Number.POSITIVE_INFINITY, first: RangeEnd = 'oldest') {
    this.#limit = limit;
    this.#first = first;
  }

  get isFull(): boolean {
    return this.#count >= this.#limit;
  }

  add(run: SampleRun): void {
    this.#runs.push(run);
    this.#count += run.times.length;
  }

  /** The oldest or the newest samples of what was added, at most as many as the limit, in order of time. */
  build(): SampleRun {
    const newest = this.#first === 'newest';
    const runs = newest ? this.#runs.toReversed() : this.#runs;
    let skipped = newest ? Math.max(0, this.#count - this.#limit) : 0;
    let wanted = Math.min(this.#count, this.#limit);
    const parts: SampleRun[] = [];
    for (const run of runs) {
      const from = Math.min(run.times.length, skipped);
      const to = Math.min(run.times.length, from + wanted);
      if (from < to) parts.push(sliceRun(run, from, to));
      wanted -= to - from;
      skipped -= from;
    }
    return joinRuns(parts);
  }
}
