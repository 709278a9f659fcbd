/** A value too far from its set point, on either side. */

import type { DeviationCondition } from './condition.ts';
import { type Criterion, Judgement, judgementOf } from './criterion.ts';
import { isUsable, type Reading } from './reading.ts';

export class DeviationCriterion implements Criterion {
  readonly #limit: number;
  readonly #deadband: number;
  /** Not-a-number where it is not known. */
  #value = Number.NaN;
  #setPoint: number;

  constructor({ limit, deadband, setPoint = Number.NaN }: DeviationCondition) {
    this.#limit = limit;
    this.#deadband = deadband;
    this.#setPoint = setPoint;
  }

  judge(reading: Reading, active: boolean): Judgement {
    this.#value = isUsable(reading) ? reading.value : Number.NaN;
    return this.#compare(active);
  }

  judgeReference(reading: Reading, active: boolean): Judgement {
    this.#setPoint = isUsable(reading) ? reading.value : Number.NaN;
    return this.#compare(active);
  }

  #compare(active: boolean): Judgement {
    const deviation = Math.abs(this.#value - this.#setPoint);
    if (Number.isNaN(deviation)) return Judgement.unknown;
    return judgementOf(deviation > this.#limit - (active ? this.#deadband : 0));
  }
}
