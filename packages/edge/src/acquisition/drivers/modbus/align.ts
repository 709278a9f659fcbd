/** Brings a unit back into step: the one request that must come before any other can be understood. */

import { type Fault, failure } from '@tidegate/core/fault/fault.ts';
import type { Exchange } from '../../driver.ts';
import type { Question } from './question.ts';
import type { Outcome } from './session.ts';
import type { Station } from './station.ts';

export interface Alignment {
  readonly station: Station;
  /** Questions that the device is known to answer. */
  readonly known: readonly Question[];
  readonly ask: (question: Question) => Promise<Outcome>;
  readonly nowMs: number;
  /** Whether what a serial server still holds for this connection could come on over it. */
  readonly network: boolean;
}

/**
 * For a unit that is not in step. Asks one question whose answer cannot be mistaken; but while nothing is heard of the unit, the one that it owes an answer
 * to, which shows that it is there and no more. Where nothing is left to ask, the unit is left alone for a while.
 */
export async function align({ station, known, ask, nowMs, network }: Alignment): Promise<Exchange> {
  if (station.isResting(nowMs)) return { outcome: 'silent', fault: restFault(station), requests: 0 };
  const question = station.owed ?? station.freshQuestion(known);
  if (question) return exchangeOf(await ask(question));
  station.rest(nowMs);
  return { outcome: network ? 'lost' : 'silent', fault: restFault(station), requests: 0 };
}

/** What an outcome says of the device: a refusal, and an answer that is too late, show that it is there. */
export function exchangeOf(outcome: Outcome): Exchange {
  if (outcome.kind === 'lost') return { outcome: 'lost', fault: outcome.fault };
  if (outcome.kind === 'silent' || outcome.kind === 'wrong') return { outcome: 'silent', fault: outcome.fault };
  return { outcome: 'answered' };
}

function restFault({ unit }: Station): Fault {
  return failure('link.timeout', `unit ${unit} is left alone until no late answer can come any more`).fault;
}
