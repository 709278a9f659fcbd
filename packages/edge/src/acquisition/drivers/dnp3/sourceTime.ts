/** The time at which something happened, as far as the clock of the outstation can be believed. */

import { type Timestamp, timestampFromMs } from '@tidegate/core/clock/timestamp.ts';

/** 2000-01-01 UTC: a clock that shows less has never been set, and counts from 1970 or 1980. */
export const EARLIEST_MS = 946_684_800_000;
/** A clock that is ahead of ours by more is wrong, and its samples would hide all that come after. */
export const MAX_AHEAD_MS = 60_000;

/** `undefined` where `timeMs` is no time of a clock that is set, or none at all (NaN). */
export function sourceTime(timeMs: number, arrival: Timestamp): Timestamp | undefined {
  const time = timestampFromMs(timeMs);
  const latest = arrival + timestampFromMs(MAX_AHEAD_MS);
  return timeMs >= EARLIEST_MS && time <= latest ? time : undefined;
}
