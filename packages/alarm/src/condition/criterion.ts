/** Judges whether a condition is met by what is read, before any delay. */

import type { Reading } from './reading.ts';

/** `unknown` neither raises an alarm nor ends it. */
export const Judgement = { unmet: 0, met: 1, unknown: 2 } as const;
export type Judgement = (typeof Judgement)[keyof typeof Judgement];

export interface Criterion {
  /** `active` is whether the condition counts as holding, so that a deadband applies. */
  judge(reading: Reading, active: boolean): Judgement;
  /** What the other tag says: the set point, or the command. */
  judgeReference?(reading: Reading, active: boolean): Judgement;
}

export function judgementOf(met: boolean): Judgement {
  return met ? Judgement.met : Judgement.unmet;
}
