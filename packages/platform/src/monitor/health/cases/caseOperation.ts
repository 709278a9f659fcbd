/**
 * What people do with a case: a state machine without a clock and without a disk.
 *
 * `open` -- order --> `ordered`; both -- close --> `closed` -- reopen --> `open` (`ordered` while its order still waits).
 * A comment goes with every state, and changes none.
 *
 * Invariants (`isSound`):
 * - A closed case says when it was closed, and is not snoozed.
 * - An ordered case has an order.
 * - Where nothing was found nothing was repaired, and there is no failure.
 */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type ChangeKind, FINDING_OUTCOMES, type Finding, type HealthCase } from './healthCase.ts';

export type CaseOperation =
  | { readonly kind: 'snooze'; readonly until: number; readonly reason: string }
  | { readonly kind: 'wake'; readonly reason: string }
  | { readonly kind: 'order'; readonly port: string; readonly comment: string; readonly key: string }
  | { readonly kind: 'find'; readonly finding: Omit<Finding, 'by'> }
  | { readonly kind: 'close'; readonly comment: string }
  | { readonly kind: 'reopen'; readonly comment: string }
  | { readonly kind: 'comment'; readonly text: string };

/** By whom, and when (µs since 1970 UTC). */
export interface Doing {
  readonly by: string;
  readonly at: number;
}

export interface DoneOperation {
  readonly after: HealthCase;
  readonly kind: ChangeKind;
  readonly why: string;
}

export const MAX_SNOOZE_DAYS = 366;
export const MAX_TEXT_LENGTH = 10_000;
/** Clocks of those who look and of the server may differ. */
const CLOCK_TOLERANCE_US = 300e6;

/** Faults: `health.case-state` where it does not go with the state, `health.case-refused` where something is missing or cannot be. */
export function operateCase(present: HealthCase, operation: CaseOperation, doing: Doing): Result<DoneOperation> {
  if (doing.by.trim() === '') return refused('Who does it is not said.');
  const text = wordsOf(operation);
  if (text.length > MAX_TEXT_LENGTH) return refused(`A text may have ${MAX_TEXT_LENGTH} characters.`);
  if (operation.kind === 'comment') {
    return text.trim() === '' ? refused('There is nothing in the comment.') : done(present, 'commented', text);
  }
  if ((operation.kind === 'reopen') !== (present.state === 'closed')) {
    return misplaced(present, operation.kind === 'reopen' ? 'is not closed' : 'is closed; reopen it first');
  }
  switch (operation.kind) {
    case 'snooze':
      return snoozed(present, operation, doing);
    case 'wake':
      if (!((present.snoozedUntil ?? 0) > doing.at)) return misplaced(present, 'is not snoozed');
      return done({ ...present, snoozedUntil: undefined }, 'woken', operation.reason);
    case 'order':
      return ordered(present, operation, doing);
    case 'find':
      return found(present, operation.finding, doing);
    case 'close':
      if (!present.finding && operation.comment.trim() === '')
        return refused('A case without a finding is closed with a reason.');
      return done(
        { ...present, state: 'closed', closedAt: doing.at, snoozedUntil: undefined },
        'closed',
        operation.comment,
      );
    case 'reopen': {
      if (operation.comment.trim() === '') return refused('Why it is opened again is not said.');
      const waits = present.orders.some(({ reference }) => reference === undefined);
      const state = waits ? 'ordered' : 'open';
      return done({ ...present, state, closedAt: undefined, finding: undefined }, 'reopened', operation.comment);
    }
  }
}

/** What people decide of a case; the rest is told by alerts and by the systems of orders. */
const DECIDED = ['state', 'snoozedUntil', 'finding', 'closedAt'] as const;

/** Takes back what changed from `before` to `after`, and leaves what alerts have said since; `orders` are those that remain. */
export function takenBack(
  present: HealthCase,
  { before, after, orders }: { before: HealthCase; after: HealthCase; orders: HealthCase['orders'] },
): HealthCase {
  const decided = DECIDED.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  return { ...present, orders, ...Object.fromEntries(decided.map((field) => [field, before[field]])) };
}

export function isSound({ state, closedAt, snoozedUntil, orders, finding }: HealthCase): boolean {
  const isClosedWell =
    (state === 'closed') === (closedAt !== undefined) && !(state === 'closed' && snoozedUntil !== undefined);
  const isFoundWell = finding?.outcome !== 'nothing-found' || (!finding.repaired && finding.failure === undefined);
  return isClosedWell && isFoundWell && (state !== 'ordered' || orders.length > 0);
}

function snoozed(
  present: HealthCase,
  { until, reason }: { until: number; reason: string },
  { at }: Doing,
): Result<DoneOperation> {
  if (reason.trim() === '') return refused('Why it may rest is not said.');
  if (!(until > at)) return refused('It is to rest until a time that is over.');
  if (until > at + MAX_SNOOZE_DAYS * US_PER_DAY) return refused(`It may rest for ${MAX_SNOOZE_DAYS} days.`);
  return done({ ...present, snoozedUntil: until }, 'snoozed', reason);
}

function ordered(
  present: HealthCase,
  { port, comment, key }: { port: string; comment: string; key: string },
  { by, at }: Doing,
): Result<DoneOperation> {
  if (present.state === 'ordered') return misplaced(present, 'has its order already');
  const order = { key, reference: undefined, trouble: undefined, port, by, comment, at };
  return done({ ...present, state: 'ordered', orders: [...present.orders, order] }, 'ordered', comment);
}

function found(present: HealthCase, finding: Omit<Finding, 'by'>, { by, at }: Doing): Result<DoneOperation> {
  const { outcome, failure: what, repaired, failedAt } = finding;
  if (!FINDING_OUTCOMES.includes(outcome)) return refused(`An outcome is one of ${FINDING_OUTCOMES.join(', ')}.`);
  if (outcome === 'nothing-found' && (repaired || what !== undefined)) {
    return refused('Where nothing was found there is no failure, and nothing was repaired.');
  }
  if (outcome !== 'nothing-found' && !what?.trim()) return refused('What it was is not said.');
  if (!(finding.at <= at + CLOCK_TOLERANCE_US)) return refused('It was looked at in the future.');
  if (failedAt !== undefined && !(failedAt <= finding.at)) return refused('It failed after it was looked at.');
  return done({ ...present, finding: { ...finding, by } }, 'found', finding.notes);
}

function wordsOf(operation: CaseOperation): string {
  switch (operation.kind) {
    case 'comment':
      return operation.text;
    case 'find':
      return operation.finding.notes;
    case 'snooze':
    case 'wake':
      return operation.reason;
    default:
      return operation.comment;
  }
}

function done(after: HealthCase, kind: ChangeKind, why: string): Result<DoneOperation> {
  return success({ after, kind, why });
}

function misplaced({ number }: HealthCase, why: string): Result<never> {
  return failure('health.case-state', `Case ${number} ${why}.`);
}

function refused(detail: string): Result<never> {
  return failure('health.case-refused', detail);
}
