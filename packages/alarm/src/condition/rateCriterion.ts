/**
 * A value that rises or falls too fast: by more than the limit within a time.
 *
 * Compared with the newest sample that is at least that old, of eight that are kept, an eighth of the time apart; the
 * change is brought to the time as if it were even. Samples further apart than that are compared each with the one before.
 */

import type { RateCondition } from './condition.ts';
import { type Criterion, Judgement, judgementOf } from './criterion.ts';
import { isUsable, type Reading } from './reading.ts';

const KEPT = 8;

export class RateCriterion implements Criterion {
  readonly #sign: number;
  readonly #limit: number;
  readonly #deadband: number;
  readonly #overUs: number;
  readonly #times = new Float64Array(KEPT + 1);
  readonly #values = new Float64Array(KEPT + 1);
  #newest = -1;
  #count = 0;

  constructor({ kind, limit, deadband, overUs }: RateCondition) {
    this.#sign = kind === 'rate-of-fall' ? -1 : 1;
    this.#limit = limit;
    this.#deadband = deadband;
    this.#overUs = overUs;
  }

  judge(reading: Reading, active: boolean): Judgement {
    // Nothing is known of what lies between the samples around a bad one.
    if (!isUsable(reading) || reading.text !== undefined || !Number.isFinite(reading.value)) return this.#forget();
    const { time, value } = reading;
    if (this.#count > 0 && time < this.#times[this.#newest]) this.#forget();
    const change = this.#changeSince(time, value);
    if (this.#count === 0 || time - this.#times[this.#newest] >= this.#overUs / KEPT) this.#keep(time, value);
    if (Number.isNaN(change)) return Judgement.unknown;
    return judgementOf(change * this.#sign > this.#limit - (active ? this.#deadband : 0));
  }

  /** Per `overUs`; not-a-number where nothing is old enough. */
  #changeSince(time: number, value: number): number {
    for (let back = 0; back < this.#count; back++) {
      const slot = (this.#newest - back + KEPT + 1) % (KEPT + 1);
      const elapsedUs = time - this.#times[slot];
      if (elapsedUs >= this.#overUs) return ((value - this.#values[slot]) * this.#overUs) / elapsedUs;
    }
    return Number.NaN;
  }

  #keep(time: number, value: number): void {
    this.#newest = (this.#newest + 1) % (KEPT + 1);
    this.#times[this.#newest] = time;
    this.#values[this.#newest] = value;
    this.#count = Math.min(this.#count + 1, KEPT + 1);
  }

  #forget(): Judgement {
    this.#count = 0;
    return Judgement.unknown;
  }
}
