/** Collects the runs of a scan into one series of limited length. */

import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import type { SampleRun } from '../archive/sampleRun.ts';
import type { RangeEnd, Series } from './historianReader.ts';

export class SeriesBuilder {
  readonly #limit: number;
  readonly #first: RangeEnd;
  readonly #runs: SampleRun[] = [];
  #count = 0;

  /** With `newest` the runs come from the latest to the earliest, each of them in order of time all the same. */
  constructor(limit: number, first: RangeEnd) {
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
  build(): Series {
    const newest = this.#first === 'newest';
    const runs = newest ? this.#runs.toReversed() : this.#runs;
    let skipped = newest ? Math.max(0, this.#count - this.#limit) : 0;
    const count = Math.min(this.#count, this.#limit);
    const times = new Float64Array(count);
    const statuses = new Uint32Array(count);
    const values: SampleValue[] = [];
    let at = 0;
    for (const run of runs) {
      const from = Math.min(run.times.length, skipped);
      const to = Math.min(run.times.length, from + count - at);
      times.set(run.times.subarray(from, to), at);
      statuses.set(run.statuses.subarray(from, to), at);
      for (let row = from; row < to; row++) values.push(run.values[row]);
      at += to - from;
      skipped -= from;
    }
    return { times, values, statuses };
  }
}
