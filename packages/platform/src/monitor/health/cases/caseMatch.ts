/** To which case an alert belongs, and whether people have put such alerts to rest. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { clearlyWorse } from './clearlyWorse.ts';
import type { CaseEvidence } from './explain/explainStanding.ts';
import { likenessOf } from './explain/similarCases.ts';
import type { HealthCase } from './healthCase.ts';

/** Signs that are so alike are the same trouble by another name. */
const SAME_TROUBLE = 0.5;
/** Nobody is sent again for the same nothing within so many days. */
export const QUIET_DAYS = 30;

/**
 * The case of `open`, all of one watch, that the alert adds to: that of the same failure, else one of which either does not know the
 * failure, else one that has the same signs; `undefined` where it is a trouble of its own.
 */
export function caseFor({ reasons }: CaseEvidence, open: readonly HealthCase[]): HealthCase | undefined {
  const same = open.find((one) => one.reasons.failure === reasons.failure);
  const unnamed = open.find((one) => one.reasons.failure === undefined || reasons.failure === undefined);
  return same ?? unnamed ?? open.find((one) => likenessOf(one.reasons.signs, reasons.signs) >= SAME_TROUBLE);
}

/**
 * Whether a closed case keeps such an alert quiet: the alert is not clearly worse than it was then, and the case was closed less than
 * `QUIET_DAYS` ago, or, where something was repaired, no model has been learned since and so there is time for that (`learnUs`). What
 * a row from before the repair says is over.
 */
export function isQuiet(
  closed: HealthCase,
  alert: { readonly evidence: CaseEvidence; readonly model: number; readonly time: number; readonly learnUs: number },
): boolean {
  const { finding, closedAt = Number.NEGATIVE_INFINITY } = closed;
  if (alert.time <= (finding?.repaired ? finding.at : closedAt)) return true;
  const isWithin = finding?.repaired
    ? alert.model <= closed.model && alert.time < finding.at + alert.learnUs
    : alert.time < closedAt + QUIET_DAYS * US_PER_DAY;
  return isWithin && clearlyWorse(closed, alert.evidence, alert.time) === undefined;
}
