/** The hours of a day in which a device or a line is left alone, as the clock on the wall shows them. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { timestampToMs } from '@tidegate/core/clock/timestamp.ts';

/** Minutes of the day in local time; a stretch whose end is before its beginning goes over midnight. */
export interface QuietHours {
  readonly fromMinute: number;
  readonly toMinute: number;
}

const MS_PER_MINUTE = 60_000;
const MINUTES_PER_HOUR = 60;

/**
 * Looks at the wall clock once a minute, and works out no moment in advance: so neither a change to or from daylight
 * saving time nor a clock that is set can put it wrong. All time zones in use are whole minutes from UTC.
 */
export class QuietTimes {
  readonly #clock: Clock;
  readonly #hours: readonly QuietHours[];
  readonly #local: Intl.DateTimeFormat;
  #minute = Number.NaN;
  #quiet = false;

  /** `timeZone` is that of the machine where it is not given. */
  constructor(clock: Clock, hours: readonly QuietHours[], timeZone?: string) {
    this.#clock = clock;
    this.#hours = hours;
    this.#local = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone });
  }

  get quiet(): boolean {
    const nowMs = timestampToMs(this.#clock.now());
    const minute = Math.floor(nowMs / MS_PER_MINUTE);
    if (minute !== this.#minute) {
      this.#minute = minute;
      const ofDay = this.#minuteOfDay(nowMs);
      this.#quiet = this.#hours.some((hours) => isWithin(hours, ofDay));
    }
    return this.#quiet;
  }

  /** Until it may be otherwise. */
  get unchangedMs(): number {
    const intoMs = timestampToMs(this.#clock.now()) % MS_PER_MINUTE;
    return MS_PER_MINUTE - (intoMs < 0 ? intoMs + MS_PER_MINUTE : intoMs);
  }

  #minuteOfDay(nowMs: number): number {
    let minutes = 0;
    for (const { type, value } of this.#local.formatToParts(nowMs)) {
      if (type === 'hour') minutes += Number(value) * MINUTES_PER_HOUR;
      else if (type === 'minute') minutes += Number(value);
    }
    return minutes;
  }
}

function isWithin({ fromMinute, toMinute }: QuietHours, minute: number): boolean {
  if (fromMinute < toMinute) return minute >= fromMinute && minute < toMinute;
  return minute >= fromMinute || minute < toMinute;
}
