/** Collects the runs of a scan into one series of limited length. */

import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import type { SampleRun } from '../archive/sampleRun.ts';
import type { Series } from './historianReader.ts';

export class SeriesBuilder {
  readonly #limit: number;
  readonly #runs: SampleRun[] = [];
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#count >= this.#limit;
  }

  add(run: SampleRun): void {
    this.#runs.push(run);
    this.#count += run.times.length;
  }

  /** The first samples of what was added, at most as many as the limit. */
  build(): Series {
    const count = Math.min(this.#count, this.#limit);
    const times = new Float64Array(count);
    const statuses = new Uint32Array(count);
    const values: SampleValue[] = [];
    let at = 0;
    for (const run of this.#runs) {
      const taken = Math.min(run.times.length, count - at);
      times.set(run.times.subarray(0, taken), at);
      statuses.set(run.statuses.subarray(0, taken), at);
      for (let row = 0; row < taken; row++) values.push(run.values[row]);
      at += taken;
    }
    return { times, values, statuses };
  }
}
