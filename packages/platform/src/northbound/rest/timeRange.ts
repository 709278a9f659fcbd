/** Turns the time expressions of a request into a range on the clock and calendar of the moment. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { parseTimeExpression } from '../contract/timeExpression.ts';
import { resolveTimeExpression } from '../contract/timeResolution.ts';
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
  if (start === undefined || end === undefined) {
    const field = start === undefined ? 'start' : 'end';
    return invalidFields([{ field, detail: `lies outside of the years that can be stored ("${expressions[field]}")` }]);
  }
  if (start < end) return answer({ start, end });
  return invalidFields([
    { field: 'start', detail: `must be before end ("${expressions.start}", "${expressions.end}")` },
  ]);
}

function resolveTime(text: string, timeZone: string, now: Timestamp): Timestamp | undefined {
  const expression = parseTimeExpression(text);
  if (!expression) throw new Error(`The contract let "${text}" pass as a time.`);
  return resolveTimeExpression(expression, now, timeZone);
}
