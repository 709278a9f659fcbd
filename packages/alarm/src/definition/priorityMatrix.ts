/**
 * The priority of an alarm, from how bad it gets if nobody responds and from how soon somebody must (ANSI/ISA-18.2-2016 and IEC
 * 62682:2022, clause 9: by consequence and time to respond; which of them gives which is left to the alarm philosophy of a
 * site, and this is that of Tidegate).
 *
 *     respond within     3 min      10 min     30 min     longer
 *     severe             critical   critical   high       medium
 *     major              high       high       medium     low
 *     minor              medium     low        low        journal
 */

import type { AlarmPriority } from '@tidegate/core/alarm/alarmRecord.ts';

/** Severe: harm to people, a release, loss of the unit. Major: damage, or loss of production. Minor: costs, off-grade. */
export const SEVERITIES = ['severe', 'major', 'minor'] as const;
export type Severity = (typeof SEVERITIES)[number];

const MS_PER_MIN = 60_000;
/** The upper ends of all columns but the last. */
const WITHIN_MS = [3 * MS_PER_MIN, 10 * MS_PER_MIN, 30 * MS_PER_MIN];

const MATRIX: Readonly<Record<Severity, readonly AlarmPriority[]>> = {
  severe: ['critical', 'critical', 'high', 'medium'],
  major: ['high', 'high', 'medium', 'low'],
  minor: ['medium', 'low', 'low', 'journal'],
};

export function priorityFrom(severity: Severity, responseTimeMs: number): AlarmPriority {
  const column = WITHIN_MS.findIndex((limitMs) => responseTimeMs <= limitMs);
  return MATRIX[severity][column < 0 ? WITHIN_MS.length : column];
}
