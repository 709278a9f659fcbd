/** Aggregates in which each value counts for as long as it holds (OPC 10000-13, 5.4.3.6 to .9, .22, .23, .31 to .34). */

import { US_PER_MS, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { AGGREGATE_STATUS } from './aggregateStatus.ts';
import { type Conclusion, hasUsable, partialBit, putCalculated, putNoData, statusByTime } from './conclusion.ts';
import type { IntervalFacts } from './intervalFacts.ts';

const usableUs = (facts: IntervalFacts) => facts.goodUs + facts.uncertainUs;
const mean = (facts: IntervalFacts) => facts.area / usableUs(facts);
const integral = (facts: IntervalFacts) => facts.area / US_PER_S;

/** From usable sample to usable sample: nothing is bad but the time before the first, and all doubt is told (5.4.3.6). */
function acrossGaps(numberOf: (facts: IntervalFacts) => number): Conclusion {
  return (facts, results, row) => {
    if (usableUs(facts) === 0) return putNoData(facts, results, row);
    const isDoubtful = facts.uncertainUs > 0 || facts.badUs > 0;
    putCalculated(
      facts,
      results,
      row,
      numberOf(facts),
      isDoubtful ? AGGREGATE_STATUS.SubNormal : AGGREGATE_STATUS.Good,
    );
  };
}

export const timeAverage: Conclusion = acrossGaps(mean);
export const total: Conclusion = acrossGaps(integral);

/** Over the time that is not bad (5.4.3.7). */
function overUsableTime(numberOf: (facts: IntervalFacts) => number): Conclusion {
  return (facts, results, row) => {
    if (!hasUsable(facts)) return putNoData(facts, results, row);
    const status = usableUs(facts) === 0 ? AGGREGATE_STATUS.Bad : statusByTime(facts);
    putCalculated(facts, results, row, numberOf(facts), status);
  };
}

export const timeAverage2: Conclusion = overUsableTime(mean);
export const total2: Conclusion = overUsableTime(integral);

/** How long a state lasted, in milliseconds; data that are not good are in no state (5.4.3.22). */
function inState(usOf: (facts: IntervalFacts) => number): Conclusion {
  return (facts, results, row) => {
    const status = statusByTime(facts);
    // As with Count, nothing has been calculated where all data are bad.
    if (status === AGGREGATE_STATUS.Bad && !hasUsable(facts)) {
      return results.putNone(row, facts.start, status | partialBit(facts));
    }
    putCalculated(facts, results, row, usOf(facts) / US_PER_MS, status);
  };
}

export const durationInStateZero: Conclusion = inState((facts) => facts.zeroUs);
export const durationInStateNonZero: Conclusion = inState((facts) => facts.nonZeroUs);

/** Bad data, and uncertain ones where they are treated as bad. */
function badUs({ badUs, uncertainUs, options }: IntervalFacts): number {
  return options.treatUncertainAsBad ? badUs + uncertainUs : badUs;
}

function always(numberOf: (facts: IntervalFacts) => number): Conclusion {
  return (facts, results, row) => putCalculated(facts, results, row, numberOf(facts), AGGREGATE_STATUS.Good);
}

const percent = (part: number, { spanUs }: IntervalFacts) => (spanUs === 0 ? 0 : (part / spanUs) * 100);

/** 5.4.3.31 to 5.4.3.34: always good, in milliseconds and in percent of the interval. */
export const durationGood: Conclusion = always((facts) => facts.goodUs / US_PER_MS);
export const durationBad: Conclusion = always((facts) => badUs(facts) / US_PER_MS);
export const percentGood: Conclusion = always((facts) => percent(facts.goodUs, facts));
export const percentBad: Conclusion = always((facts) => percent(badUs(facts), facts));
