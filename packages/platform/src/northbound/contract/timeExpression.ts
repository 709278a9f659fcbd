/** Moments as plant people write them: ISO 8601, or on the clock and the calendar as in the PI System (`*-8h`, `t`, `y+6h`). */

import { parseTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';

/** Where an expression starts from, before its spans are added. */
export type TimeAnchor =
  | { readonly kind: 'instant'; readonly at: Timestamp }
  | { readonly kind: 'now' }
  /** The first moment of a day, this many days before the present one. */
  | { readonly kind: 'day'; readonly daysAgo: 0 | 1 }
  /** What calendar and clock on the wall show, in ISO 8601 without an offset; without a time the first moment of the day. */
  | { readonly kind: 'local'; readonly dateTime: string };

/** `m` is a minute, as in the PI System; a month is `mo`. */
export const TIME_UNITS = ['us', 'ms', 's', 'min', 'm', 'h', 'd', 'w', 'mo', 'y'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

/** A distance with a sign. Days and longer follow the calendar of a time zone, hours and shorter are exact. */
export interface TimeSpan {
  readonly amount: number;
  readonly unit: TimeUnit;
}

/** A moment that still hangs on the clock, the calendar and the time zone of the one who asks. */
export interface ParsedTimeExpression {
  readonly anchor: TimeAnchor;
  /** Added one after the other, in this order. */
  readonly spans: readonly TimeSpan[];
}

export const TIME_EXPRESSION_HELP =
  'ISO 8601 (2026-01-01T00:00:00Z; without an offset in the time zone asked for), or `*` (now), `t` (today 00:00) or `y` ' +
  '(yesterday 00:00), each with optional distances such as -8h, -1d+6h, +30s (units: us ms s m min h d w mo y)';

const RELATIVE_ANCHORS = new Map<string, TimeAnchor>([
  ['*', { kind: 'now' }],
  ['t', { kind: 'day', daysAgo: 0 }],
  ['y', { kind: 'day', daysAgo: 1 }],
]);
/** More distances than this are no expression that a person writes. */
const MAX_SPANS = 8;
const MAX_LENGTH = 128;
/** A space in front of a distance is a `+` that was not percent-encoded in a URL. */
const SPAN = /\s*([+\- ])\s*(\d{1,9}(?:\.\d{1,6})?)\s*(us|ms|s|min|mo|m|h|d|w|y)/y;
const FIRST_SPAN = /\s*[+\- ]\s*\d[\d.]*\s*(?:us|ms|s|min|mo|m|h|d|w|y)(?![a-z])/;
const LOCAL = /^\d{4}-\d\d-\d\d(?:[Tt ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)?$/;
const OFFSET_AFTER_SPACE = / (?=\d\d:\d\d$)/;
/** No one distance is longer than a century. */
const MAX_YEARS = 100;
const PER_YEAR: Readonly<Record<TimeUnit, number>> = {
  ...{ us: 31_557_600e6, ms: 31_557_600e3, s: 31_557_600, min: 525_960, m: 525_960, h: 8_766 },
  ...{ d: 365.25, w: 52.1785714, mo: 12, y: 1 },
};

/**
 * `undefined` where `text` is no time expression, names a day or an hour that no calendar has, a distance of over a century,
 * or a fraction of a month or a year.
 */
export function parseTimeExpression(text: string): ParsedTimeExpression | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const trimmed = text.trim();
  const spansAt = FIRST_SPAN.exec(trimmed)?.index ?? trimmed.length;
  const anchor = parseAnchor(trimmed.slice(0, spansAt));
  const spans = parseSpans(trimmed, spansAt);
  return anchor && spans && { anchor, spans };
}

function parseAnchor(text: string): TimeAnchor | undefined {
  const relative = RELATIVE_ANCHORS.get(text.toLowerCase());
  if (relative) return relative;
  if (LOCAL.test(text)) {
    return isDate(text.slice(0, 10)) ? { kind: 'local', dateTime: text.toUpperCase().replace(' ', 'T') } : undefined;
  }
  const at = parseTimestamp(text.replace(OFFSET_AFTER_SPACE, '+'));
  return at !== undefined && Number.isSafeInteger(at) ? { kind: 'instant', at } : undefined;
}

/** Whether the calendar has this day: `Date` takes 30 February for a day in March. */
function isDate(text: string): boolean {
  const midnight = new Date(`${text}T00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().slice(0, 10) === text;
}

/** An interval such as `1d`, `15min` or `1mo`: a positive distance without a sign; `undefined` where `text` is none. */
export function parseTimeSpan(text: string): TimeSpan | undefined {
  const spans = /^\d/.test(text) && text.length <= MAX_LENGTH ? parseSpans(`+${text.trimEnd()}`, 0) : undefined;
  return spans?.length === 1 && spans[0].amount > 0 ? spans[0] : undefined;
}

function parseSpans(text: string, from: number): TimeSpan[] | undefined {
  const spans: TimeSpan[] = [];
  for (let at = from; at < text.length; at = SPAN.lastIndex) {
    SPAN.lastIndex = at;
    const match = SPAN.exec(text);
    if (!match || spans.length === MAX_SPANS) return undefined;
    const unit = match[3] as TimeUnit;
    const amount = Number(match[2]);
    if (amount > MAX_YEARS * PER_YEAR[unit]) return undefined;
    if ((unit === 'mo' || unit === 'y') && !Number.isInteger(amount)) return undefined;
    spans.push({ amount: match[1] === '-' ? -amount : amount, unit });
  }
  return spans;
}
