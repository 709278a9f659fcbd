/** Turns the time expressions of a request into a range on the clock and calendar of the moment. */

import { type Timestamp, timestampFromMs, timestampToMs } from '@tidegate/core/clock/timestamp.ts';
import { parseTimeExpression } from '../contract/timeExpression.ts';
import { answer, invalidFields, type Outcome } from './outcome.ts';

/** `start` is in the range and `end` is not. */
export interface TimeRange {
  readonly start: Timestamp;
  readonly end: Timestamp;
}

/** The expressions as the contract has let them pass; both are resolved at the same `now`. */
export interface RangeExpressions {
  readonly start: string;
  readonly end: string;
  readonly timeZone: string;
}

export function resolveRange(expressions: RangeExpressions, now: Timestamp): Outcome<TimeRange> {
  const start = resolveTime(expressions.start, expressions.timeZone, now);
  const end = resolveTime(expressions.end, expressions.timeZone, now);
  if (start < end) return answer({ start, end });
  return invalidFields([
    { field: 'start', detail: `must be before end ("${expressions.start}", "${expressions.end}")` },
  ]);
}

function resolveTime(text: string, timeZone: string, now: Timestamp): Timestamp {
  const expression = parseTimeExpression(text);
  if (!expression) throw new Error(`The contract let "${text}" pass as a time.`);
  if (expression.kind === 'absolute') return expression.at;
  const anchor = expression.anchor === 'now' ? now : midnight(now, timeZone, expression.anchor === 'today' ? 0 : 1);
  return (anchor + expression.offsetUs) as Timestamp;
}

/** The first moment of a calendar day: mostly 00:00, and where a zone skips that hour, what comes after it. */
function midnight(now: Timestamp, timeZone: string, daysAgo: number): Timestamp {
  const today = Temporal.Instant.fromEpochMilliseconds(Math.floor(timestampToMs(now))).toZonedDateTimeISO(timeZone);
  return timestampFromMs(today.subtract({ days: daysAgo }).startOfDay().epochMilliseconds);
}
