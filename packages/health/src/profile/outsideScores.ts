/** Scores that a model from elsewhere gives rows, in place of those learned here: how rare each is in normal rows. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { FalseAlarmBudget } from '../threshold/alarmThreshold.ts';
import { fitTail, type TailFit } from '../threshold/tailFit.ts';
import { type RowThreshold, rowThreshold } from './rowThreshold.ts';

export interface OutsideScores extends RowThreshold {
  /** How they are spread in normal rows. */
  readonly tail: TailFit;
}

/**
 * One score for each complete row of the learning time, higher is stranger. `health.bad-data` where one has none, or all the
 * high ones are the same; `health.too-little` where they have no tail.
 */
export function learnOutsideScores(
  scores: Float64Array,
  budget: FalseAlarmBudget,
  rowsPerPeriod: number,
): Result<OutsideScores> {
  const lacking = scores.reduce((count, score) => count + (Number.isFinite(score) ? 0 : 1), 0);
  if (lacking > 0) {
    return failure('health.bad-data', `The model gives no number for ${lacking} of ${scores.length} complete rows.`);
  }
  const tail = fitTail(scores);
  if (!tail.ok) return tail;
  if (!(tail.value.tailScale > 0)) {
    return failure(
      'health.bad-data',
      'The model gives its highest score to many of the rows: nothing is strange to it.',
    );
  }
  const rarities = scores.map((score) => rarityOf(tail.value, score));
  const threshold = rowThreshold(rarities, budget, rowsPerPeriod);
  return threshold.ok ? success({ tail: tail.value, ...threshold.value }) : threshold;
}

/** -log10 of the probability of such a score in normal rows; NaN for one that is none. */
export function rarityOf(tail: TailFit, score: number): number {
  return -Math.log10(tail.exceedance(score));
}
