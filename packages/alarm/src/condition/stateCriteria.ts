/** Conditions on states: the value is one that it must not be, it is not what it was commanded to be, or it is bad. */

import { severityOf } from '@tidegate/core/sample/statusCode.ts';
import type { DiscreteCondition } from './condition.ts';
import { type Criterion, Judgement, judgementOf } from './criterion.ts';
import { isUsable, type Reading } from './reading.ts';

export class DiscreteCriterion implements Criterion {
  readonly #equals: number | string;

  constructor({ equals }: DiscreteCondition) {
    this.#equals = equals;
  }

  judge(reading: Reading): Judgement {
    return isUsable(reading) ? judgementOf(stateIn(reading) === this.#equals) : Judgement.unknown;
  }
}

export class DiscrepancyCriterion implements Criterion {
  #state: number | string | undefined;
  #command: number | string | undefined;

  judge(reading: Reading): Judgement {
    this.#state = isUsable(reading) ? stateIn(reading) : undefined;
    return this.#compare();
  }

  judgeReference(reading: Reading): Judgement {
    this.#command = isUsable(reading) ? stateIn(reading) : undefined;
    return this.#compare();
  }

  #compare(): Judgement {
    if (this.#state === undefined || this.#command === undefined) return Judgement.unknown;
    return judgementOf(this.#state !== this.#command);
  }
}

/** The one kind of condition that a bad status is something to go by. */
export class BadQualityCriterion implements Criterion {
  judge({ status }: Reading): Judgement {
    return judgementOf(severityOf(status) === 'bad');
  }
}

function stateIn({ text, value }: Reading): number | string {
  return text ?? value;
}
