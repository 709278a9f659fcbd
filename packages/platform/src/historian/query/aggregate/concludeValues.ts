/** Aggregates in which each sample of the interval counts once (OPC 10000-13, 5.4.3.5, .20, .21, .24 to .27, .35, .37 to .40). */

import { AGGREGATE_STATUS, INFO } from './aggregateStatus.ts';
import {
  type Conclusion,
  partialBit,
  putCalculated,
  putNoData,
  statusByCount,
  statusByOmission,
} from './conclusion.ts';
import type { IntervalFacts } from './intervalFacts.ts';
import type { SamplePoint } from './samplePoint.ts';

/** 5.4.3.5: the one aggregate that never tells that an interval is incomplete. */
export const average: Conclusion = (facts, results, row) => {
  if (facts.good === 0) return results.putNone(row, facts.start, AGGREGATE_STATUS.NoData);
  const status = statusByCount(facts);
  if (status === AGGREGATE_STATUS.Bad) results.putNone(row, facts.start, status | INFO.calculated);
  else results.putNumber(row, facts.start, facts.sum / facts.good, status | INFO.calculated);
};

function counting(numberOf: (facts: IntervalFacts) => number): Conclusion {
  return (facts, results, row) => {
    const status = statusByCount(facts);
    // Where all samples are bad the tables print Bad without "calculated".
    if (status === AGGREGATE_STATUS.Bad && facts.good + facts.uncertain === 0) {
      results.putNone(row, facts.start, status | partialBit(facts));
    } else putCalculated(facts, results, row, numberOf(facts), status);
  };
}

/** 5.4.3.21. */
export const count: Conclusion = counting((facts) => facts.good);

/** 5.4.3.24. */
export const numberOfTransitions: Conclusion = counting((facts) => facts.transitions);

/** 5.4.3.20: annotations, not samples, as the text says; the published tables count samples. */
export const annotationCount: Conclusion = (facts, results, row) =>
  putCalculated(facts, results, row, facts.annotations, AGGREGATE_STATUS.Good);

function endSample(pointOf: (facts: IntervalFacts) => SamplePoint): Conclusion {
  return (facts, results, row) => {
    if (facts.count === 0) return putNoData(facts, results, row);
    const point = pointOf(facts);
    const status = point.status | partialBit(facts);
    const isBad = point.status >>> 31 === 1 || !point.hasValue;
    if (isBad) results.putNone(row, point.time, status);
    else results.put(row, point.time, point.value, point.text, status);
  };
}

/** 5.4.3.25: of a query backwards, too, the sample with the earliest time. */
export const start: Conclusion = endSample((facts) => facts.first);

/** 5.4.3.26. */
export const end: Conclusion = endSample((facts) => facts.last);

/** 5.4.3.27: bad and uncertain samples only matter where they stand before the first or after the last good one. */
export const delta: Conclusion = (facts, results, row) => {
  if (facts.good === 0) return putNoData(facts, results, row);
  const isDoubtful = facts.skippedBeforeGood || facts.skippedAfterGood;
  const status = isDoubtful ? AGGREGATE_STATUS.SubNormal : AGGREGATE_STATUS.Good;
  putCalculated(facts, results, row, facts.lastGood - facts.firstGood, status);
};

/** 5.4.3.35: the status that a sample has, whatever `treatUncertainAsBad` says. */
export const worstQuality: Conclusion = (facts, results, row) => {
  if (facts.count === 0) return putNoData(facts, results, row);
  const multiple = facts.worstCount > 1 && facts.worstSeverity > 0 ? INFO.multipleValues : INFO.raw;
  putCalculated(facts, results, row, facts.worstStatus, AGGREGATE_STATUS.Good | multiple);
};

function spread(degreesOfFreedom: (count: number) => number, finish: (variance: number) => number): Conclusion {
  return (facts, results, row) => {
    if (facts.good === 0) return putNoData(facts, results, row);
    const variance = facts.good === 1 ? 0 : facts.squares / degreesOfFreedom(facts.good);
    putCalculated(facts, results, row, finish(variance), statusByOmission(facts));
  };
}

const ofSample = (count: number) => count - 1;
const ofPopulation = (count: number) => count;
const asItIs = (variance: number) => variance;

/** 5.4.3.37 to 5.4.3.40: of a single sample 0. */
export const standardDeviationSample: Conclusion = spread(ofSample, Math.sqrt);
export const varianceSample: Conclusion = spread(ofSample, asItIs);
export const standardDeviationPopulation: Conclusion = spread(ofPopulation, Math.sqrt);
export const variancePopulation: Conclusion = spread(ofPopulation, asItIs);
