/** From which score on rows are an alarm, by the budget, and what peaks are usual. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { type AlarmThreshold, alarmThreshold, type FalseAlarmBudget } from '../threshold/alarmThreshold.ts';

/** Strange for long enough: the least score of so many rows in line counts, so that a single stray row raises nothing. */
export const STRANGE_ROWS = 3;

export interface RowThreshold {
  readonly alarm: AlarmThreshold;
  /**
   * Where the budget is rarer than the learning time is long, the upper end of what the threshold may be, and not below the
   * score that says of itself that it is so rare: a quiet month is luck.
   */
  readonly threshold: number;
  /** Middle of the peaks of so many rows. */
  readonly usualPeak: number;
}

/** Scores of normal rows in order of time, each -log10 of its probability; NaN where there is none. */
export function rowThreshold(
  normalScores: Float64Array,
  budget: FalseAlarmBudget,
  rowsPerPeriod: number,
): Result<RowThreshold> {
  const scores = leastOfRows(normalScores);
  const alarm = alarmThreshold(scores, budget);
  if (!alarm.ok) return alarm;
  const { threshold, interval, extrapolated } = alarm.value;
  return success({
    alarm: alarm.value,
    threshold: extrapolated ? Math.max(threshold, interval[1], Math.log10(budget.rows / budget.alarms)) : threshold,
    usualPeak: middlePeak(scores, rowsPerPeriod),
  });
}

/** The least of the last scores at each row that has one. */
function leastOfRows(scores: Float64Array): Float64Array {
  const usable = scores.filter(Number.isFinite);
  return usable.map((_, row) => Math.min(...usable.subarray(Math.max(0, row - STRANGE_ROWS + 1), row + 1)));
}

function middlePeak(scores: Float64Array, rows: number): number {
  const peaks: number[] = [];
  for (let from = 0; from < scores.length; from += rows) peaks.push(Math.max(...scores.subarray(from, from + rows)));
  return peaks.sort((a, b) => a - b)[peaks.length >> 1];
}
