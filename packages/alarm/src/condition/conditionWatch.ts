/**
 * Follows one condition over the samples of a tag, with its delays: it must be met for the on-delay before it holds, and unmet
 * for the off-delay before it no longer does.
 *
 * Invariants:
 * - A value holds until the next one, so delays end without another sample: at the next tick, or with the next sample. The
 *   change has the time at which the delay ended.
 * - Bad quality neither raises nor ends a condition (but for that of bad quality itself); a delay that has begun begins
 *   anew with the next value that can be used. An uncertain value counts.
 * - Samples count in the order in which they come, each with its own time: a pulse that a device tells afterwards is seen.
 *   Who feeds a watch leaves out what is history. A clock that is set back stops nothing, for delays end by ticks as well, which come from a
 *   clock that never goes back; one that is set forward ends a delay that has begun, early.
 * - Work and memory are the same for each sample, and a sample that changes nothing makes no object.
 */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Criterion, Judgement } from './criterion.ts';
import type { Reading } from './reading.ts';
import type { ChangeListener, Watch, WatchDelays, WatchStart } from './watch.ts';

export class ConditionWatch implements Watch {
  active: boolean;
  readonly #criterion: Criterion;
  readonly #delays: WatchDelays;
  readonly #now: () => number;
  readonly #onChange: ChangeListener;
  #isPending = false;
  /** When the delay that has begun ends: by the clock of the source, and by that of the ticks. */
  #dueTime = 0;
  #dueUs = 0;

  constructor(criterion: Criterion, delays: WatchDelays, { active, now }: WatchStart, onChange: ChangeListener) {
    this.#criterion = criterion;
    this.#delays = delays;
    this.active = active;
    this.#now = now;
    this.#onChange = onChange;
  }

  sample(reading: Reading): void {
    this.#settleBefore(reading.time);
    this.#take(this.#criterion.judge(reading, this.active), reading.time);
  }

  prime(reading: Reading): void {
    this.sample(reading);
  }

  reference(reading: Reading): void {
    this.#settleBefore(reading.time);
    const judgement = this.#criterion.judgeReference?.(reading, this.active) ?? Judgement.unknown;
    this.#take(judgement, reading.time);
  }

  tick(nowUs: number): void {
    if (this.#isPending && nowUs >= this.#dueUs) this.#change();
  }

  /** What was read last has held until this time. */
  #settleBefore(time: number): void {
    if (this.#isPending && time > this.#dueTime) this.#change();
  }

  #take(judgement: Judgement, time: number): void {
    if (judgement === Judgement.unknown || (judgement === Judgement.met) === this.active) {
      this.#isPending = false;
      return;
    }
    if (!this.#isPending) {
      const delayUs = this.active ? this.#delays.offDelayUs : this.#delays.onDelayUs;
      this.#isPending = true;
      this.#dueTime = time + delayUs;
      this.#dueUs = delayUs === 0 ? 0 : this.#now() + delayUs;
    }
    if (time >= this.#dueTime) this.#change();
  }

  #change(): void {
    this.#isPending = false;
    this.active = !this.active;
    this.#onChange(this.active, this.#dueTime as Timestamp);
  }
}
