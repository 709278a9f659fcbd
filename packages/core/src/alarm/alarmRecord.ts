/** One thing that happened to an alarm, as it crosses the boundary and is kept: a sample of a system tag, whose text it is. */

import type { Timestamp } from '../clock/timestamp.ts';

/** Lower is more urgent; the four of ANSI/ISA-18.2-2016, 6.4.5 (about 5 %, 15 % and 80 % of alarms, and journal entries). */
export const ALARM_PRIORITIES = ['critical', 'high', 'medium', 'low', 'journal'] as const;
export type AlarmPriority = (typeof ALARM_PRIORITIES)[number];

export const ALARM_HAPPENINGS = [
  'activated',
  'returned',
  'acknowledged',
  'reset',
  'shelved',
  'unshelved',
  'suppressed',
  'unsuppressed',
  'out-of-service',
  'in-service',
] as const;
export type AlarmHappening = (typeof ALARM_HAPPENINGS)[number];

/** The condition of the last record of an alarm that stood and is configured no more. */
export const REMOVED_ALARM = 'removed';

export interface AlarmRecord {
  /** When it happened, by the clock of where it happened. */
  readonly time: Timestamp;
  /** Name of the alarm, unique within its origin: `acme/north/train-1/discharge-temperature/high`. */
  readonly alarm: string;
  readonly happening: AlarmHappening;
  /** The state that the alarm is in from then on, of `@tidegate/alarm/alarmState.ts`; of another's alarm what is known. */
  readonly state: string;
  readonly priority: AlarmPriority;
  /** The kind of condition: `high-high`, `rate-of-rise`, `stale`, ... */
  readonly condition: string;
  /** What was measured, and the limit that it passed; absent where there is none. */
  readonly value?: number | string | undefined;
  readonly limit?: number | undefined;
  /** UCUM code of the two. */
  readonly unit?: string | undefined;
  readonly message: string;
  /** Who did it, of what people do; and why. */
  readonly by?: string | undefined;
  readonly comment?: string | undefined;
  /** End of a shelving. */
  readonly until?: Timestamp | undefined;
}
