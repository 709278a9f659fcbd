/** Records of alarms as an analysis needs them, in columns: a million of them go to another thread at no cost. */

import { ALARM_HAPPENINGS, ALARM_PRIORITIES, REMOVED_ALARM } from '@tidegate/core/alarm/alarmRecord.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { JournalRecord } from '../journalRecord.ts';

/** Plain data; row `i` of each column is of one record, and all are in the order of time. */
export interface AlarmLog {
  readonly names: readonly { readonly origin: string; readonly alarm: string }[];
  /** Places in `names`, in `ALARM_HAPPENINGS` and in `ALARM_PRIORITIES`. */
  readonly alarms: Uint32Array<ArrayBuffer>;
  readonly happenings: Uint8Array<ArrayBuffer>;
  readonly priorities: Uint8Array<ArrayBuffer>;
  readonly times: Float64Array<ArrayBuffer>;
  /** Whole, by their row: what somebody did, and the end of what is configured no more. */
  readonly whole: ReadonlyMap<number, JournalRecord>;
}

export class AlarmLogBuilder {
  readonly #names = new Map<string, number>();
  readonly #ofNames: { readonly origin: string; readonly alarm: string }[] = [];
  readonly #whole = new Map<number, JournalRecord>();
  readonly #alarms: number[] = [];
  readonly #happenings: number[] = [];
  readonly #priorities: number[] = [];
  readonly #times: number[] = [];

  get count(): number {
    return this.#times.length;
  }

  add(record: JournalRecord): void {
    if (record.by !== undefined || record.condition === REMOVED_ALARM) this.#whole.set(this.count, record);
    this.#alarms.push(this.#placeOf(record));
    this.#happenings.push(ALARM_HAPPENINGS.indexOf(record.happening));
    this.#priorities.push(ALARM_PRIORITIES.indexOf(record.priority));
    this.#times.push(record.time);
  }

  build(): AlarmLog {
    return {
      ...{ names: this.#ofNames, whole: this.#whole, alarms: Uint32Array.from(this.#alarms) },
      ...{ happenings: Uint8Array.from(this.#happenings), priorities: Uint8Array.from(this.#priorities) },
      times: Float64Array.from(this.#times),
    };
  }

  #placeOf({ origin, alarm }: JournalRecord): number {
    const key = `${origin}:${alarm}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    this.#names.set(key, this.#ofNames.length);
    return this.#ofNames.push({ origin, alarm }) - 1;
  }
}

/** The records with what an analysis looks at; those of `whole` with everything. */
export function recordsOf({ names, alarms, happenings, priorities, times, whole }: AlarmLog): JournalRecord[] {
  return Array.from(times, (at, row) => {
    const time = at as Timestamp;
    return (
      whole.get(row) ?? {
        ...names[alarms[row]],
        ...{ time, received: time, happening: ALARM_HAPPENINGS[happenings[row]] },
        ...{ priority: ALARM_PRIORITIES[priorities[row]], state: '', condition: '', message: '' },
      }
    );
  });
}
