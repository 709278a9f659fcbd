/**
 * Whether the clock of an outstation shows the time, as far as its events tell.
 *
 * No event can come from the future. Nor can one be older than the moment at which the outstation had no event left to tell,
 * unless it was passed on late by another device behind it. A clock that keeps local time is wrong by hours.
 */

import { type Timestamp, timestampFromMs } from '@tidegate/core/clock/timestamp.ts';
import { EARLIEST_MS, MAX_AHEAD_MS } from './sourceTime.ts';

/** An input is noticed, and an answer comes, only a while after the event. */
const MAX_BEHIND_MS = 60_000;
const MINUTE_US = timestampFromMs(60_000);
const HOUR_US = timestampFromMs(3_600_000);
/** A clock that is wrong by so much is told in hours. */
const TOLD_IN_HOURS_US = 1.5 * HOUR_US;

export class ClockCheck {
  #emptyAt: Timestamp | undefined;
  /** How far the clock is ahead of ours, in microseconds; negative where behind; 0 where nothing is wrong. */
  #aheadUs = 0;

  /** An outstation that was away may have events of that time. */
  forget(): void {
    this.#emptyAt = undefined;
  }

  /** It has no event to tell. */
  empty(at: Timestamp): void {
    this.#emptyAt = at;
  }

  /** An event bears `timeMs`, in milliseconds since 1970. */
  event(timeMs: number, arrival: Timestamp): void {
    if (!(timeMs >= EARLIEST_MS)) return;
    const time = timestampFromMs(timeMs);
    this.#aheadUs = 0;
    if (time - arrival > timestampFromMs(MAX_AHEAD_MS)) this.#aheadUs = time - arrival;
    else if (this.#emptyAt !== undefined && this.#emptyAt - time > timestampFromMs(MAX_BEHIND_MS)) {
      this.#aheadUs = time - this.#emptyAt;
    }
  }

  get defect(): string | undefined {
    if (this.#aheadUs === 0) return undefined;
    const remedy = 'perhaps it keeps local time instead of UTC: set it, or allow synchroniseTime';
    const by = inWords(Math.abs(this.#aheadUs));
    if (this.#aheadUs > 0) return `the clock of the outstation is ${by} ahead of ours; ${remedy}`;
    return `the latest events bear a time that is ${by} too old: the clock of the outstation is behind, or it passes them on late; ${remedy}`;
  }
}

function inWords(us: number): string {
  return us < TOLD_IN_HOURS_US ? `${Math.round(us / MINUTE_US)} min` : `${Math.round((us / HOUR_US) * 10) / 10} h`;
}
