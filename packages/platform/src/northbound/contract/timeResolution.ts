/** Time expressions on the clock, the calendar and the time zone of the one who asks, and the intervals of a calendar. */

import { type Timestamp, US_PER_MS, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { ParsedTimeExpression, TimeAnchor, TimeSpan, TimeUnit } from './timeExpression.ts';

/** More intervals than this are no answer that anybody reads. */
export const MAX_INTERVALS = 1_000_000;

const EXACT_US: Partial<Readonly<Record<TimeUnit, number>>> = {
  ...{ us: 1, ms: US_PER_MS, s: US_PER_S, m: 60 * US_PER_S, min: 60 * US_PER_S, h: 3_600 * US_PER_S },
};
const CALENDAR = {
  d: (amount: number) => ({ days: amount }),
  w: (amount: number) => ({ days: 7 * amount }),
  mo: (amount: number) => ({ months: amount }),
  y: (amount: number) => ({ years: amount }),
} as const;
const US_PER_DAY = { d: 86_400 * US_PER_S, w: 604_800 * US_PER_S } as const;
const NS_PER_US = 1_000n;

/**
 * A time on the wall of `zone`. As long as a day stays a day, it is its first moment: mostly 00:00, and where a zone skips
 * that hour what comes after it. An hour that a change of the clocks skips is the one that comes in its place, and of one
 * that it repeats the first is meant (RFC 9557; `compatible` of ECMA-262 Temporal).
 */
type WallTime = Temporal.PlainDate | Temporal.ZonedDateTime;

/**
 * The moment that `expression` means at `now` in the IANA time zone `timeZone`; `undefined` where it lies outside of what a
 * timestamp holds. Days, weeks, months and years keep the time on the wall: `t+1d` is the next midnight there, 23, 24 or 25
 * hours later; 31 January and a month is the last day of February. Hours and shorter spans are exact.
 */
export function resolveTimeExpression(
  expression: ParsedTimeExpression,
  now: Timestamp,
  timeZone: string,
): Timestamp | undefined {
  let time: WallTime | undefined = anchorTime(expression.anchor, now, timeZone);
  for (const span of expression.spans) time = time && addSpan(time, span, timeZone);
  return time && timestampOf(time, timeZone);
}

/**
 * The boundaries of consecutive intervals from `start` to `end`: `start`, `start` and a step, and two, ... and `end`. Each
 * is reckoned from `start`, so that months from the 31st stay at the ends of months; days, weeks, months and years keep the
 * time on the wall of `timeZone`, so that a day has 23 or 25 hours where the clocks change. The last interval may be
 * shorter. A fault where the step is not positive, is a fraction of a month or a year, or makes more than `MAX_INTERVALS`.
 */
export function intervalsOf(
  start: Timestamp,
  end: Timestamp,
  step: TimeSpan,
  timeZone: string,
): Result<Float64Array<ArrayBuffer>> {
  const { amount, unit } = step;
  const exactUs = EXACT_US[unit];
  if (!(amount > 0) || (exactUs === undefined && !Number.isInteger(amount))) {
    return failure(
      'request.invalid',
      `An interval of ${amount}${unit} cannot be; take a positive length such as 1h or 1d.`,
    );
  }
  const shortestUs = exactUs ?? (unit === 'd' || unit === 'w' ? 0.9 * US_PER_DAY[unit] : 27 * US_PER_DAY.d);
  const most = Math.ceil((end - start) / (amount * shortestUs));
  if (most > MAX_INTERVALS) {
    return failure('request.invalid', `The range would have ${most} intervals; at most ${MAX_INTERVALS} are answered.`);
  }
  const first = wallTimeOf(start, timeZone);
  const calendarTime = (distance: number) => {
    const moved = addSpan(first, { amount: distance, unit }, timeZone);
    return moved && timestampOf(moved, timeZone);
  };
  const boundaries = [start as number];
  for (let at = 1; ; at++) {
    const next = exactUs === undefined ? calendarTime(at * amount) : start + Math.round(at * amount * exactUs);
    if (next === undefined || next >= end) break;
    // A day that a zone has skipped as a whole has no interval.
    if (next > boundaries[boundaries.length - 1]) boundaries.push(next);
  }
  if (end > start) boundaries.push(end);
  return success(Float64Array.from(boundaries));
}

function anchorTime(anchor: TimeAnchor, now: Timestamp, timeZone: string): WallTime {
  switch (anchor.kind) {
    case 'instant':
      return zonedTimeOf(anchor.at, timeZone);
    case 'now':
      return zonedTimeOf(now, timeZone);
    case 'day':
      return zonedTimeOf(now, timeZone).toPlainDate().subtract({ days: anchor.daysAgo });
    case 'local':
      return anchor.dateTime.includes('T')
        ? Temporal.PlainDateTime.from(anchor.dateTime).toZonedDateTime(timeZone)
        : Temporal.PlainDate.from(anchor.dateTime);
  }
}

/** `undefined` where the calendar of `Temporal` ends. */
function addSpan(time: WallTime, { amount, unit }: TimeSpan, timeZone: string): WallTime | undefined {
  const exactUs = EXACT_US[unit];
  try {
    if (exactUs !== undefined) return addExact(time, amount * exactUs, timeZone);
    const calendarUnit = unit as keyof typeof CALENDAR;
    const whole = Math.trunc(amount);
    const moved = time.add(CALENDAR[calendarUnit](whole));
    if (whole === amount) return moved;
    // Only days and weeks have fractions, and those are exact: half a day is twelve hours.
    return addExact(moved, (amount - whole) * US_PER_DAY[calendarUnit as 'd' | 'w'], timeZone);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function addExact(time: WallTime, us: number, timeZone: string): Temporal.ZonedDateTime {
  const zoned = time instanceof Temporal.PlainDate ? time.toZonedDateTime(timeZone) : time;
  const whole = Math.round(us);
  return zoned.add({ seconds: Math.trunc(whole / US_PER_S), microseconds: whole % US_PER_S });
}

/** The first moment of a day counts as that day, so that adding days to it gives first moments of days. */
function wallTimeOf(time: Timestamp, timeZone: string): WallTime {
  const zoned = zonedTimeOf(time, timeZone);
  return zoned.equals(zoned.startOfDay()) ? zoned.toPlainDate() : zoned;
}

function zonedTimeOf(time: Timestamp, timeZone: string): Temporal.ZonedDateTime {
  return new Temporal.ZonedDateTime(BigInt(time) * NS_PER_US, timeZone);
}

function timestampOf(time: WallTime, timeZone: string): Timestamp | undefined {
  const zoned = time instanceof Temporal.PlainDate ? time.toZonedDateTime(timeZone) : time;
  const ns = zoned.epochNanoseconds;
  const us = Number((ns - (((ns % NS_PER_US) + NS_PER_US) % NS_PER_US)) / NS_PER_US);
  return Number.isSafeInteger(us) ? (us as Timestamp) : undefined;
}
