/** A value beyond a limit: met above a high limit, or below a low one, until it comes back behind the deadband. */

import type { LimitCondition } from './condition.ts';
import { type Criterion, Judgement, judgementOf } from './criterion.ts';
import { isUsable, type Reading } from './reading.ts';

export class LimitCriterion implements Criterion {
  /** 1 for a high limit, -1 for a low one, so that both are "above". */
  readonly #sign: number;
  readonly #limit: number;
  readonly #deadband: number;

  constructor({ kind, limit, deadband }: LimitCondition) {
    this.#sign = kind === 'low' || kind === 'low-low' ? -1 : 1;
    this.#limit = limit * this.#sign;
    this.#deadband = deadband;
  }

  judge(reading: Reading, active: boolean): Judgement {
    if (!isUsable(reading) || reading.text !== undefined) return Judgement.unknown;
    return judgementOf(reading.value * this.#sign > this.#limit - (active ? this.#deadband : 0));
  }
}
