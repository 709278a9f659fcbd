/** Moments as plant people write them: RFC 3339, or relative as in the PI System (`*-8h`, `t`, `y+6h`). */

import { parseTimestamp, type Timestamp, US_PER_MS } from '@tidegate/core/clock/timestamp.ts';

/** A moment that is fixed, or one that hangs on the clock and the calendar of the one who asks. */
export type ParsedTimeExpression =
  | { readonly kind: 'absolute'; readonly at: Timestamp }
  | { readonly kind: 'relative'; readonly anchor: 'now' | 'today' | 'yesterday'; readonly offsetUs: number };

export const TIME_EXPRESSION_HELP =
  'RFC 3339 with an offset (2026-01-01T00:00:00Z), or `*` (now), `t` (today 00:00) or `y` (yesterday 00:00), ' +
  'each with an optional distance such as -8h, -10min, +30s (units: us ms s m min h d w)';

const ANCHORS = { '*': 'now', t: 'today', y: 'yesterday' } as const;
/** `m` is a minute, as in the PI System: a month has no fixed length and is not offered. */
const MS_PER_UNIT = {
  us: 0.001,
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
} as const;
/** A space in front of the distance is a `+` that was not percent-encoded in a URL. */
const RELATIVE = /^([*tTyY])(?:\s*([+\- ])\s*(\d{1,9}(?:\.\d{1,6})?)\s*(us|ms|s|min|m|h|d|w))?$/;
const OFFSET_AFTER_SPACE = / (?=\d\d:\d\d$)/;

/** `undefined` where `text` is neither form, or names a moment that an integer of microseconds cannot hold. */
export function parseTimeExpression(text: string): ParsedTimeExpression | undefined {
  const match = RELATIVE.exec(text);
  if (!match) {
    const at = parseTimestamp(text.replace(OFFSET_AFTER_SPACE, '+'));
    return at === undefined ? undefined : { kind: 'absolute', at };
  }
  const anchor = ANCHORS[match[1].toLowerCase() as keyof typeof ANCHORS];
  if (match[3] === undefined) return { kind: 'relative', anchor, offsetUs: 0 };
  const distanceUs = Math.round(Number(match[3]) * MS_PER_UNIT[match[4] as keyof typeof MS_PER_UNIT] * US_PER_MS);
  if (distanceUs > MAX_DISTANCE_US) return undefined;
  return { kind: 'relative', anchor, offsetUs: match[2] === '-' ? -distanceUs : distanceUs };
}

/** A century either way stays far inside what the integer of microseconds holds exactly. */
const MAX_DISTANCE_US = 100 * 365.25 * 86_400_000 * US_PER_MS;
