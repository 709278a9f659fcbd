/** Learns how strange a row of features is, in the operating mode that it belongs to, and from which score on that is an alarm. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { learnOperatingModes, type OperatingModes } from '../detect/operatingModes.ts';
import type { SignalTable } from '../detect/signalTable.ts';
import { learnStandardEnsemble } from '../detect/standardEnsemble.ts';
import { type AlarmThreshold, alarmThreshold, type FalseAlarmBudget } from '../threshold/alarmThreshold.ts';

/** Strange for long enough: the least score of so many rows in line counts, so that a single stray row raises nothing. */
export const STRANGE_ROWS = 3;
/** Fewer modes are tried where a mode has too few rows in line to be learned. */
const MOST_MODES = [6, 3, 1];
const FEWEST_MODE_ROWS = 100;

export interface RowScores {
  readonly detector: OperatingModes;
  readonly alarm: AlarmThreshold;
  /** Where the budget is rarer than the learning time is long, the upper end of what the threshold may be. */
  readonly threshold: number;
  /** Middle of the peaks of so many rows. */
  readonly usualPeak: number;
}

/** Rows that are no neighbours in time have a row of NaN between them. */
export function learnRowScores(table: SignalTable, budget: FalseAlarmBudget, rowsPerPeriod: number): Result<RowScores> {
  let learned = learnModes(table, MOST_MODES[0]);
  for (let i = 1; i < MOST_MODES.length && !learned.ok; i++) learned = learnModes(table, MOST_MODES[i]);
  if (!learned.ok) return learned;
  const { detector, normalScores } = learned.value;
  const scores = leastOfRows(normalScores);
  const alarm = alarmThreshold(scores, budget);
  if (!alarm.ok) return alarm;
  const { threshold, interval, extrapolated } = alarm.value;
  return success({
    detector,
    alarm: alarm.value,
    threshold: extrapolated ? Math.max(threshold, interval[1] || 0) : threshold,
    usualPeak: middlePeak(scores, rowsPerPeriod),
  });
}

function learnModes(table: SignalTable, mostModes: number) {
  const normalScores = new Float64Array(table.columns[0].length).fill(Number.NaN);
  const learned = learnOperatingModes(
    table,
    (rows) => {
      const ensemble = learnStandardEnsemble(rows);
      if (!ensemble.ok) return ensemble;
      for (const [row, score] of ensemble.value.normalScores.entries()) {
        if (Number.isFinite(score)) normalScores[row] = score;
      }
      return success(ensemble.value.ensemble);
    },
    { mostModes, fewestRows: FEWEST_MODE_ROWS },
  );
  return learned.ok ? success({ detector: learned.value, normalScores }) : learned;
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
