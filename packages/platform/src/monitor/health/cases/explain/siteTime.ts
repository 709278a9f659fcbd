/** Times as people on site say them, in their time zone. */

import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

/** "since 3 March", "since 14:20 today", "since 3 March 2024"; `time` and `now` in µs since 1970 UTC, `zone` an IANA time zone. */
export function sinceWords(time: number, now: number, zone: string): string {
  const { date, clock } = wordsOf(time, now, zone);
  return clock === undefined ? `since ${date}` : `since ${clock} today`;
}

/** "on 3 March", "at 14:20 today". */
export function whenWords(time: number, now: number, zone: string): string {
  const { date, clock } = wordsOf(time, now, zone);
  return clock === undefined ? `on ${date}` : `at ${clock} today`;
}

/** The year is said where it is not the one of `now`, and of today the time. */
function wordsOf(time: number, now: number, zone: string): { date: string; clock: string | undefined } {
  const [then, today] = [time, now].map((at) =>
    Temporal.Instant.fromEpochMilliseconds(Math.floor(at / US_PER_MS)).toZonedDateTimeISO(zone),
  );
  if (then.toPlainDate().equals(today.toPlainDate())) {
    return { date: '', clock: then.toPlainTime().toString({ smallestUnit: 'minute' }) };
  }
  return {
    date: `${then.day} ${MONTHS[then.month - 1]}${then.year === today.year ? '' : ` ${then.year}`}`,
    clock: undefined,
  };
}
