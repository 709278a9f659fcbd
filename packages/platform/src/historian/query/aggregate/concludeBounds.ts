/** Aggregates of the values at the ends of the interval (OPC 10000-13, 5.4.3.4, .28 to .30, .36). */

import { AGGREGATE_STATUS, INFO } from './aggregateStatus.ts';
import type { BoundValue } from './boundValue.ts';
import { type Conclusion, partialBit, putCalculated, putNoData } from './conclusion.ts';
import { Quality } from './samplePoint.ts';

/** The value at the start of the interval; it is never partial, for it is of one moment (5.4.3.4). */
export const valueAtStart: Conclusion = (facts, results, row) => {
  const bound = facts.startBound;
  if (bound.exists) results.put(row, facts.start, bound.value, bound.text, bound.status | bound.info);
  else results.putNone(row, facts.start, AGGREGATE_STATUS.NoData);
};

/** 5.4.3.28. */
export const startBound: Conclusion = (facts, results, row) => {
  const bound = facts.startBound;
  if (!bound.exists) return putNoData(facts, results, row);
  results.put(row, facts.start, bound.value, bound.text, bound.status | bound.info | partialBit(facts));
};

/** 5.4.3.29. */
export const endBound: Conclusion = (facts, results, row) => {
  const bound = facts.endBound;
  if (!bound.exists) return putNoData(facts, results, row);
  results.put(row, facts.start, bound.value, bound.text, bound.status | INFO.calculated | partialBit(facts));
};

/** 5.4.3.30. */
export const deltaBounds: Conclusion = (facts, results, row) => {
  const { startBound, endBound } = facts;
  if (!startBound.exists || !endBound.exists) return putNoData(facts, results, row);
  const isGood = startBound.quality === Quality.good && endBound.quality === Quality.good;
  const status = isGood ? AGGREGATE_STATUS.Good : AGGREGATE_STATUS.SubNormal;
  putCalculated(facts, results, row, endBound.value - startBound.value, status);
};

/**
 * 5.4.3.36: of the value at the start, the samples and the value at the end the first that is worst. A sample at the start
 * is among the samples; the value at the end, which the text leaves out, takes part in the tables of Annex A.
 */
export const worstQuality2: Conclusion = (facts, results, row) => {
  const { startBound, endBound } = facts;
  let [severity, status, count] = [-1, 0, 0];
  const take = (of: number, times: number) => {
    if (of >>> 30 > severity) [severity, status, count] = [of >>> 30, of, times];
    else if (of >>> 30 === severity) count += times;
  };
  if (!isAmongSamples(startBound, facts.first.time, facts.last.time, facts.count)) take(startBound.status, 1);
  if (facts.count > 0) take(facts.worstStatus, facts.worstCount);
  take(endBound.status, 1);
  const multiple = count > 1 && severity > 0 ? INFO.multipleValues : INFO.raw;
  putCalculated(facts, results, row, status, AGGREGATE_STATUS.Good | multiple);
};

function isAmongSamples({ time }: BoundValue, firstTime: number, lastTime: number, count: number): boolean {
  return count > 0 && (time === firstTime || time === lastTime);
}
