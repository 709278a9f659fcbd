/** Collects the runs of a scan into one of limited length. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { blankRun, type SampleRun } from '../archive/sampleRun.ts';
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
    const strings: string[] = [];
    const count = Math.min(this.#count, this.#limit);
    const received = runs.every((run) => run.received) ? new Float64Array(count) : undefined;
    const built = { ...blankRun(count, strings), received };
    let at = 0;
    for (const run of runs) {
      const from = Math.min(run.times.length, skipped);
      const to = Math.min(run.times.length, from + built.times.length - at);
      copyRows(built, at, run, from, to, strings);
      at += to - from;
      skipped -= from;
    }
    return built;
  }
}

function copyRows(to: SampleRun, at: number, run: SampleRun, from: number, end: number, strings: string[]): void {
  to.times.set(run.times.subarray(from, end), at);
  to.values.set(run.values.subarray(from, end), at);
  to.kinds.set(run.kinds.subarray(from, end), at);
  to.statuses.set(run.statuses.subarray(from, end), at);
  if (run.received) to.received?.set(run.received.subarray(from, end), at);
  if (run.strings.length === 0) return;
  const shift = strings.length;
  for (let row = at; row < at + end - from; row++) if (to.kinds[row] === ValueKind.string) to.values[row] += shift;
  for (const text of run.strings) strings.push(text);
}
