/** Moments, ranges and intervals of a question, resolved on the clock and calendar of now. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { US_PER_MS, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { IntervalPlan } from '../../../historian/query/aggregate/intervalPlan.ts';
import type { HistorianReader, StoredTag } from '../../../historian/query/historianReader.ts';
import { parseTimeExpression, parseTimeSpan, type TimeSpan } from '../../contract/timeExpression.ts';
import { intervalsOf, resolveTimeExpression } from '../../contract/timeResolution.ts';
import { answer, invalidFields, type Outcome, refusal } from '../outcome.ts';

export interface Range {
  readonly start: Timestamp;
  readonly end: Timestamp;
}

interface Asked {
  readonly timeZone: string;
  readonly knownAt?: string | undefined;
}

/** The moment that a parameter means, which the contract has let pass. */
export function momentOf(field: string, text: string, timeZone: string, now: Timestamp): Outcome<Timestamp> {
  const expression = parseTimeExpression(text);
  if (!expression) return invalidFields([{ field, detail: `is no time ("${text}")` }]);
  const at = resolveTimeExpression(expression, now, timeZone);
  if (at !== undefined) return answer(at);
  return invalidFields([{ field, detail: `lies outside of the years that can be stored ("${text}")` }]);
}

export function knownAtOf({ knownAt, timeZone }: Asked, now: Timestamp): Outcome<Timestamp | undefined> {
  return knownAt === undefined ? answer(undefined) : momentOf('knownAt', knownAt, timeZone, now);
}

/** `start` before `end`, or with `isEitherWay` the other way round. */
export function rangeOf(
  asked: Asked & { readonly start: string; readonly end: string },
  now: Timestamp,
  isEitherWay = false,
): Outcome<Range> {
  const start = momentOf('start', asked.start, asked.timeZone, now);
  if (!start.ok) return start;
  const end = momentOf('end', asked.end, asked.timeZone, now);
  if (!end.ok) return end;
  const isUsable = isEitherWay ? start.value !== end.value : start.value < end.value;
  if (isUsable) return answer({ start: start.value, end: end.value });
  const wanted = isEitherWay ? 'must not be the same as end' : 'must be before end';
  return invalidFields([{ field: 'start', detail: `${wanted} ("${asked.start}", "${asked.end}")` }]);
}

/** What to say of a range that reaches into the future; a fault where nothing at all can be known of it. */
export function futureOf(
  historian: HistorianReader,
  tags: readonly StoredTag[],
  { start, end }: Range,
  now: Timestamp,
): Outcome<readonly string[]> {
  const first = Math.min(start, end);
  if (Math.max(start, end) <= now) return answer([]);
  if (first > now && !tags.some(({ index }) => (historian.latest(index)?.time ?? first - 1) >= first)) {
    return refusal('history.future', 'The range lies in the future, where no sample has been stored.');
  }
  return answer(['The range reaches into the future: behind the present there are only samples that were stamped so.']);
}

/** A range may end in the future; what is held or summed up ends at the present. */
export function untilNow({ start, end }: Range, now: Timestamp): Range {
  return { start, end: Math.min(end, Math.max(now, start + 1)) as Timestamp };
}

/** Boundaries of the intervals of a range, in ascending order; the range is one interval where no length is given. */
export function boundariesOf(
  { start, end }: Range,
  interval: string | undefined,
  timeZone: string,
): Outcome<Float64Array<ArrayBuffer>> {
  const span = interval === undefined ? undefined : parseTimeSpan(interval);
  if (!span) return answer(Float64Array.of(start, end));
  const boundaries = intervalsOf(start, end, span, timeZone);
  return boundaries.ok ? answer(boundaries.value) : { ...boundaries, extras: {} };
}

/** The same for aggregates, which may go backwards in time. */
export function planOf(
  { start, end }: Range,
  interval: string | undefined,
  timeZone: string,
  maxCount: number,
): Outcome<IntervalPlan> {
  const span = interval === undefined ? undefined : parseTimeSpan(interval);
  const exactUs = span ? exactLengthUs(span) : 0;
  if (exactUs !== undefined) {
    const plan = IntervalPlan.ofRange(start, end, exactUs, maxCount);
    return plan.ok ? answer(plan.value) : { ...plan, extras: {} };
  }
  const isReversed = end < start;
  const [low, high] = isReversed ? [end, start] : [start, end];
  const boundaries = boundariesOf({ start: low, end: high }, interval, timeZone);
  if (!boundaries.ok) return boundaries;
  const count = boundaries.value.length - 1;
  if (count > maxCount)
    return refusal('history.too-much', `There would be ${count} intervals; at most ${maxCount} are given.`);
  // Where the calendar has a boundary at the very end of the range, one more moment begins one more interval.
  const beyond = boundariesOf({ start: low, end: (high + 1) as Timestamp }, interval, timeZone);
  const isWhole = beyond.ok && beyond.value.length > boundaries.value.length;
  return answer(IntervalPlan.ofBoundaries(boundaries.value, isReversed, isWhole ? -1 : count - 1));
}

const EXACT_US: Partial<Record<TimeSpan['unit'], number>> = {
  ...{ us: 1, ms: US_PER_MS, s: US_PER_S, min: 60 * US_PER_S, m: 60 * US_PER_S, h: 3_600 * US_PER_S },
};

/** In whole microseconds; `undefined` for days and longer, whose length the calendar decides. */
function exactLengthUs({ amount, unit }: TimeSpan): number | undefined {
  const unitUs = EXACT_US[unit];
  return unitUs === undefined ? undefined : Math.max(1, Math.round(amount * unitUs));
}
