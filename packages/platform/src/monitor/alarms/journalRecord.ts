/** A record of the alarm journal: what happened to an alarm, and where the record comes from. */

import type { AlarmRecord } from '@tidegate/core/alarm/alarmRecord.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';

export interface JournalRecord extends AlarmRecord {
  /** Whose alarm it is: the name of a gateway, `server`, or what an import was called. */
  readonly origin: string;
  /** When the server came to know of it. */
  readonly received: Timestamp;
}

/** Names the alarm among those of all origins. */
export function alarmKey({ origin, alarm }: Pick<JournalRecord, 'origin' | 'alarm'>): string {
  return `${origin}:${alarm}`;
}
