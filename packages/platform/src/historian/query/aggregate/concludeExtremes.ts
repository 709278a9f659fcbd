/** Minimum, maximum and range, of the samples alone or with the values at the ends (OPC 10000-13, 5.4.3.10 to .19). */

import { AGGREGATE_STATUS, INFO } from './aggregateStatus.ts';
import type { BoundValue } from './boundValue.ts';
import { type Conclusion, partialBit, putCalculated, putNoData, statusByTime } from './conclusion.ts';
import { Extreme } from './extreme.ts';
import type { IntervalFacts } from './intervalFacts.ts';
import { TIME_RESOLUTION_US } from './intervalPlan.ts';
import { Quality } from './samplePoint.ts';

/** Which way the aggregate looks. */
type Side = 'low' | 'high';
/** Whether the result bears the time of the interval or that of its sample. */
type Stamp = 'start' | 'actual';

function goodExtreme(facts: IntervalFacts, side: Side): Extreme {
  return side === 'low' ? facts.least : facts.greatest;
}

function uncertainExtreme(facts: IntervalFacts, side: Side): Extreme {
  return side === 'low' ? facts.leastUncertain : facts.greatestUncertain;
}

/** Good where nothing is bad and no uncertain sample goes further than the good ones (5.4.3.10). */
function rawStatus(facts: IntervalFacts, side: Side): number {
  const isDoubtful = facts.bad > 0 || uncertainExtreme(facts, side).isBeyond(goodExtreme(facts, side));
  return isDoubtful ? AGGREGATE_STATUS.SubNormal : AGGREGATE_STATUS.Good;
}

/** Whether the sample at the very start of the interval has the value. */
function isAtStart(facts: IntervalFacts, value: number): boolean {
  const point = facts.isReversed ? facts.last : facts.first;
  return point.time === facts.start && point.quality === Quality.good && point.value === value;
}

function rawExtreme(side: Side, stamp: Stamp): Conclusion {
  return (facts, results, row) => {
    const extreme = goodExtreme(facts, side);
    if (extreme.count === 0) return putNoData(facts, results, row);
    const status = rawStatus(facts, side);
    const multiple = extreme.count > 1 ? INFO.multipleValues : INFO.raw;
    const flags = multiple | partialBit(facts);
    if (stamp === 'actual') return results.putNumber(row, extreme.time, extreme.value, status | flags);
    const isRaw = status === AGGREGATE_STATUS.Good && isAtStart(facts, extreme.value);
    results.putNumber(row, facts.start, extreme.value, status | flags | (isRaw ? INFO.raw : INFO.calculated));
  };
}

export const minimum: Conclusion = rawExtreme('low', 'start');
export const maximum: Conclusion = rawExtreme('high', 'start');
export const minimumActualTime: Conclusion = rawExtreme('low', 'actual');
export const maximumActualTime: Conclusion = rawExtreme('high', 'actual');

/** 5.4.3.14. */
export const range: Conclusion = (facts, results, row) => {
  if (facts.good === 0) return putNoData(facts, results, row);
  const isGood =
    rawStatus(facts, 'low') === AGGREGATE_STATUS.Good && rawStatus(facts, 'high') === AGGREGATE_STATUS.Good;
  const status = isGood ? AGGREGATE_STATUS.Good : AGGREGATE_STATUS.SubNormal;
  putCalculated(facts, results, row, facts.greatest.value - facts.least.value, status);
};

/** Filled for one interval after the other. */
const best = { low: new Extreme(1), high: new Extreme(-1) };

/**
 * The extreme of the samples and the values at the ends. The value at the end counts only where lines are sloped: a
 * stepped value that is new at the end does not belong to the interval (5.4.3.15). What is found first stays.
 */
function boundedExtreme(facts: IntervalFacts, side: Side): Extreme {
  const found = best[side];
  found.clear();
  // A sample at the start is among the samples already.
  if (facts.startBound.exists && !facts.startBound.isRaw) addBound(found, facts.startBound);
  for (const extreme of [goodExtreme(facts, side), uncertainExtreme(facts, side)]) {
    if (extreme.count > 0) found.add(extreme.value, extreme.time, extreme.count);
  }
  if (!facts.options.stepped && facts.endBound.exists) addBound(found, facts.endBound);
  return found;
}

function addBound(found: Extreme, bound: BoundValue): void {
  found.add(bound.value, bound.time);
}

function withBounds(side: Side, stamp: Stamp): Conclusion {
  return (facts, results, row) => {
    const found = boundedExtreme(facts, side);
    if (found.count === 0) return putNoData(facts, results, row);
    const status = statusByTime(facts);
    const partial = partialBit(facts);
    if (status === AGGREGATE_STATUS.Bad) {
      return results.putNone(row, facts.start, status | partial | (stamp === 'start' ? INFO.calculated : INFO.raw));
    }
    const flags =
      status | partial | (found.count > 1 ? INFO.multipleValues : INFO.raw) | sourceBit(facts, found, stamp);
    results.putNumber(row, stamp === 'start' ? facts.start : actualTime(facts, found), found.value, flags);
  };
}

/**
 * Where the extreme is from. A sample bears its own time as raw and another one as calculated; a sample at the end, which
 * belongs to the next interval, is an interpolated value of this one (tables of MaximumActualTime2).
 */
function sourceBit(facts: IntervalFacts, { time }: Extreme, stamp: Stamp): number {
  const { startBound, endBound } = facts;
  if (time === startBound.time) return startBound.info;
  if (time === endBound.time)
    return stamp === 'actual' ? INFO.interpolated : endBound.isRaw ? INFO.calculated : INFO.interpolated;
  return stamp === 'actual' ? INFO.raw : INFO.calculated;
}

/** The end itself is no part of the interval: its value bears the last time that is (3.1.3, EffectiveEndTime). */
function actualTime({ low, high, endBound, isReversed }: IntervalFacts, { time }: Extreme): number {
  if (time !== endBound.time) return time;
  return isReversed ? Math.min(low + TIME_RESOLUTION_US, high) : Math.max(high - TIME_RESOLUTION_US, low);
}

export const minimum2: Conclusion = withBounds('low', 'start');
export const maximum2: Conclusion = withBounds('high', 'start');
export const minimumActualTime2: Conclusion = withBounds('low', 'actual');
export const maximumActualTime2: Conclusion = withBounds('high', 'actual');

/** 5.4.3.19. */
export const range2: Conclusion = (facts, results, row) => {
  const low = boundedExtreme(facts, 'low');
  const high = boundedExtreme(facts, 'high');
  const status = statusByTime(facts);
  if (low.count === 0 || status === AGGREGATE_STATUS.Bad) return putNoData(facts, results, row);
  putCalculated(facts, results, row, high.value - low.value, status);
};
