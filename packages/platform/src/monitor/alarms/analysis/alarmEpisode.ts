/** From the records of alarms to their episodes: an activation with its return and its acknowledgement. */

import { type AlarmPriority, REMOVED_ALARM } from '@tidegate/core/alarm/alarmRecord.ts';
import { alarmKey, type JournalRecord } from '../journalRecord.ts';

export interface AlarmEpisode {
  /** As `alarmKey`. */
  readonly key: string;
  readonly priority: AlarmPriority;
  /** µs, like every time here. */
  readonly activated: number;
  /** `undefined` while the condition holds. */
  readonly returned: number | undefined;
  readonly acknowledged: number | undefined;
}

/** An open episode; it is filled while the records go by. */
interface Underway extends AlarmEpisode {
  returned: number | undefined;
  acknowledged: number | undefined;
}

/**
 * The episodes of `records`, which are in the order of time, by the time of activation. A return or an acknowledgement
 * without an activation before it belongs to an episode that nobody asked for, and is passed over. An alarm that is activated
 * again without a return in between (a lost record) begins a new episode; the one before it returned then at the latest.
 */
export function episodesOf(records: Iterable<JournalRecord>): AlarmEpisode[] {
  const episodes: Underway[] = [];
  const last = new Map<string, Underway>();
  for (const record of records) {
    const key = alarmKey(record);
    const episode = last.get(key);
    if (record.happening === 'activated') {
      if (episode && episode.returned === undefined) episode.returned = record.time;
      const { priority, time } = record;
      const begun = { key, priority, activated: time, returned: undefined, acknowledged: undefined };
      last.set(key, begun);
      episodes.push(begun);
    } else if ((record.happening === 'returned' || record.condition === REMOVED_ALARM) && episode)
      episode.returned ??= record.time;
    else if (record.happening === 'acknowledged' && episode) episode.acknowledged ??= record.time;
  }
  return episodes;
}
