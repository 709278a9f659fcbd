/** Goes along a run whose values hold until the next: what holds, from when, and until when. Nothing is known before its first row. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { lowerBound, type SampleRun } from '../../../historian/archive/sampleRun.ts';

export class HeldCursor {
  readonly #run: SampleRun;
  #row = -1;

  constructor(run: SampleRun) {
    this.#run = run;
  }

  /** To what holds at `time`. */
  seek(time: number): void {
    const { times } = this.#run;
    if (this.#row >= times.length || times[this.#row] > time) this.#row = lowerBound(times, time) - 1;
    while (this.#row + 1 < times.length && times[this.#row + 1] <= time) this.#row++;
  }

  next(): void {
    this.#row++;
  }

  get start(): number {
    if (this.#row >= this.#run.times.length) return Number.POSITIVE_INFINITY;
    return this.#row < 0 ? Number.NEGATIVE_INFINITY : this.#run.times[this.#row];
  }

  get end(): number {
    const next = this.#row + 1;
    return next < this.#run.times.length ? this.#run.times[next] : Number.POSITIVE_INFINITY;
  }

  /** NaN where there is none to reckon with. */
  get value(): number {
    const { kinds, statuses, values } = this.#run;
    const row = this.#row;
    const isUsable = row >= 0 && kinds[row] === ValueKind.number && statuses[row] < STATUS.Bad;
    return isUsable && Number.isFinite(values[row]) ? values[row] : Number.NaN;
  }

  get isGood(): boolean {
    return this.#row >= 0 && this.#run.statuses[this.#row] < STATUS.Uncertain && !Number.isNaN(this.value);
  }
}
