/** How a result follows from the facts of an interval: the shape that all conclusions share, and what several of them need. */

import { AGGREGATE_STATUS, INFO, statusByShare } from './aggregateStatus.ts';
import type { IntervalFacts } from './intervalFacts.ts';
import type { ResultColumns } from './resultColumns.ts';

/** Puts the result of one interval, which overlaps the data, into its row. */
export type Conclusion = (facts: IntervalFacts, results: ResultColumns, row: number) => void;

export function partialBit(facts: IntervalFacts): number {
  return facts.isPartial ? INFO.partial : INFO.raw;
}

export function putNoData(facts: IntervalFacts, results: ResultColumns, row: number): void {
  results.putNone(row, facts.start, AGGREGATE_STATUS.NoData | partialBit(facts));
}

/** Puts a calculated number, or none where the status is bad. */
export function putCalculated(
  facts: IntervalFacts,
  results: ResultColumns,
  row: number,
  value: number,
  status: number,
): void {
  const whole = status | INFO.calculated | partialBit(facts);
  if (status === AGGREGATE_STATUS.Bad) results.putNone(row, facts.start, whole);
  else results.putNumber(row, facts.start, value, whole);
}

/** PercentValues: the samples are counted, and an uncertain one is neither good nor bad (5.4.3.2.1). */
export function statusByCount(facts: IntervalFacts): number {
  if (facts.bad + facts.uncertain === 0) return AGGREGATE_STATUS.Good;
  return statusByShare(facts.good, facts.bad, facts.count, facts.options);
}

/** PercentTime: the data are weighted by time, and uncertain data count as good unless they are treated as bad (5.4.3.2.1). */
export function statusByTime(facts: IntervalFacts): number {
  const { goodUs, uncertainUs, badUs, spanUs, options } = facts;
  if (spanUs === 0) return AGGREGATE_STATUS.Bad;
  if (goodUs === spanUs) return AGGREGATE_STATUS.Good;
  if (options.treatUncertainAsBad) return statusByShare(goodUs, badUs + uncertainUs, spanUs, options);
  return statusByShare(goodUs + uncertainUs, badUs, spanUs, options);
}

/** Whether anything in the interval, its start included, can be used at all. */
export function hasUsable(facts: IntervalFacts): boolean {
  return facts.good + facts.uncertain > 0 || facts.goodUs + facts.uncertainUs > 0;
}

/** UncertainDataSubNormal where samples that are not good were left out. */
export function statusByOmission(facts: IntervalFacts): number {
  return facts.bad + facts.uncertain > 0 ? AGGREGATE_STATUS.SubNormal : AGGREGATE_STATUS.Good;
}
