/** To which case an alert belongs, and whether people have put such alerts to rest. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import type { CaseAlert } from './alertedCase.ts';
import { clearlyWorse } from './clearlyWorse.ts';
import type { CaseEvidence } from './explain/explainStanding.ts';
import { likenessOf, tellsDirection } from './explain/similarCases.ts';
import type { HealthCase } from './healthCase.ts';

/** Signs that are so alike are the same trouble by another name. */
const SAME_TROUBLE = 0.5;
/** Nobody is sent again for the same nothing within so many days. */
export const QUIET_DAYS = 30;

type Reasons = CaseEvidence['reasons'];

/**
 * The case of `open`, all of one watch, that the alert adds to: that of the same failure, else one with the same signs, else, where one
 * of the two are rows that are only strange and one has no name yet, that one; `undefined` where it is a trouble of its own.
 */
export function caseFor({ reasons }: CaseEvidence, open: readonly HealthCase[]): HealthCase | undefined {
  const named = open.find((one) => reasons.failure !== undefined && one.reasons.failure === reasons.failure);
  const alike = () => open.find((one) => isSameTrouble(one.reasons, reasons));
  return named ?? alike() ?? open.find((one) => mayBeSame(one.reasons, reasons));
}

/** Whether two alerts of a watch are of one trouble: it has the same name, or the same signs under another or without any. */
export function isSameTrouble(a: Reasons, b: Reasons): boolean {
  if (a.failure !== undefined && a.failure === b.failure) return true;
  if (a.kind === 'wear' || b.kind === 'wear') return a.kind === b.kind && a.failure === b.failure;
  if (!tellsDirection(a.signs) && !tellsDirection(b.signs)) return a.failure === b.failure;
  return likenessOf(a.signs, b.signs) >= SAME_TROUBLE;
}

/** Rows that are strange are often the first of a trouble that gets its name later, or more of one that has it. */
function mayBeSame(a: Reasons, b: Reasons): boolean {
  if (a.kind === 'wear' || b.kind === 'wear') return false;
  return (a.kind === 'strange' || b.kind === 'strange') && (a.failure === undefined || b.failure === undefined);
}

/**
 * Whether a closed case keeps such an alert quiet: the alert is not clearly worse than it was then, and it is of the same trouble, which
 * was closed less than `QUIET_DAYS` ago, or, where something was repaired, no model has been learned since and there was no time for
 * that (`learnUs`). What a row from before the repair, or from before the case was closed, says is over.
 */
export function isQuiet(closed: HealthCase, { evidence, model, time, watch }: CaseAlert): boolean {
  const { finding, closedAt = Number.NEGATIVE_INFINITY } = closed;
  if (time <= (finding?.repaired ? finding.at : closedAt)) return true;
  const isWithin = finding?.repaired
    ? model <= closed.model && time < finding.at + watch.learnUs
    : time < closedAt + QUIET_DAYS * US_PER_DAY && isSameTrouble(closed.reasons, evidence.reasons);
  return isWithin && clearlyWorse(closed, evidence, time) === undefined;
}
