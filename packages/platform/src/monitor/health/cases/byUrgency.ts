/** Which case comes first, and why: somebody drives out, and cannot be everywhere. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import type { Severity } from '../definition/healthWatch.ts';
import { type CaseGroup, caseGroups, groupWords } from './caseGroup.ts';
import { daysWords } from './explain/lifeWords.ts';
import type { HealthCase } from './healthCase.ts';

export interface RankedCase {
  readonly case: HealthCase;
  /** From 1. */
  readonly rank: number;
  /** Weight of the severity over the days that are left, and over its place among those that began with it. */
  readonly urgency: number;
  readonly isSnoozed: boolean;
  /** Of those that began with it; `undefined` where it began alone. */
  readonly group: CaseGroup | undefined;
  /** The rule, applied to this case, in words. */
  readonly why: string;
}

/** A severe failure in 100 days is as urgent as a major one in 10. */
export const SEVERITY_WEIGHTS: Readonly<Record<Severity, number>> = { minor: 1, major: 10, severe: 100 };
/** What has no estimate is ranked as if it lasted so long, for somebody should look before a season is over. */
export const ASSUMED_DAYS = 90;
/** Nobody is there sooner. */
const LEAST_DAYS = 1;

/**
 * Cases that are not closed, the most urgent first. The rule: the weight of the severity (minor 1, major 10, severe 100) over the days
 * that are left at the least (the low end of the interval, counted from the last alert, not less than one; 90 where there is no
 * estimate). Of cases that began together the second most urgent counts half and the third a third, for the first leads to what they
 * have in common, and a hundred of them hide no other. Cases that have gone quiet come behind those that alert, and snoozed ones
 * behind all others; of two that are equally urgent the older one is first.
 */
export function byUrgency(cases: readonly HealthCase[], now: number): readonly RankedCase[] {
  const pending = cases.filter(({ state }) => state !== 'closed');
  const groups = caseGroups(pending);
  const inGroup = new Map<CaseGroup, number>();
  const entries = pending
    .map((one) => ({ one, isSnoozed: (one.snoozedUntil ?? 0) > now, days: leastDays(one, now) }))
    .map((entry) => ({ ...entry, urgency: SEVERITY_WEIGHTS[entry.one.severity] / Math.max(LEAST_DAYS, entry.days) }))
    .sort(inOrder)
    .map((entry) => {
      const group = groups.get(entry.one.number);
      const place = 1 + (group === undefined ? 0 : (inGroup.get(group) ?? 0));
      if (group !== undefined) inGroup.set(group, place);
      return { ...entry, group, urgency: entry.urgency / place };
    })
    .sort(inOrder);
  return entries.map(({ one, isSnoozed, days, urgency, group }, place) => {
    const rest = isSnoozed ? 'snoozed; ' : one.quietSince === undefined ? '' : 'quiet of late; ';
    const others = group === undefined ? '' : `; began ${groupWords(group)}: look for one cause`;
    return { case: one, rank: place + 1, urgency, isSnoozed, group, why: `${rest}${whyOf(one, days)}${others}` };
  });
}

interface Ranking {
  readonly one: HealthCase;
  readonly isSnoozed: boolean;
  readonly urgency: number;
}

function inOrder(a: Ranking, b: Ranking): number {
  return (
    Number(a.isSnoozed) - Number(b.isSnoozed) ||
    Number(a.one.quietSince !== undefined) - Number(b.one.quietSince !== undefined) ||
    b.urgency - a.urgency ||
    a.one.openedAt - b.one.openedAt ||
    a.one.number - b.one.number
  );
}

function leastDays({ life, lastAlertAt }: HealthCase, now: number): number {
  if (!life || Number.isNaN(life.lowDays)) return ASSUMED_DAYS;
  return Math.max(0, life.lowDays - Math.max(0, now - lastAlertAt) / US_PER_DAY);
}

function whyOf({ severity, life }: HealthCase, days: number): string {
  const weight = `${severity} (weight ${SEVERITY_WEIGHTS[severity]})`;
  if (!life) return `${weight}, and no estimate of what is left, which counts as ${ASSUMED_DAYS} days`;
  if (days < LEAST_DAYS) return `${weight}, and it may fail any day`;
  return `${weight}, and at the least ${daysWords(days)} left`;
}
