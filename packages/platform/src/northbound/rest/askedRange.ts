/** The range of time that a request asks for, where it is not about the history of a tag. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { parseTimeExpression } from '../contract/timeExpression.ts';
import { resolveTimeExpression } from '../contract/timeResolution.ts';

/** Both are expressions that the contract has let pass; days are those of UTC. */
export function rangeOf(
  { start, end }: { readonly start: string; readonly end: string },
  now: Timestamp,
): { readonly start: number; readonly end: number } {
  return { start: timeOf(start, now), end: timeOf(end, now) };
}

function timeOf(text: string, now: Timestamp): number {
  const expression = parseTimeExpression(text);
  return (expression && resolveTimeExpression(expression, now, 'UTC')) ?? now;
}
