/** Learns how strange a row of features is, in the operating mode that it belongs to, and from which score on that is an alarm. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { type LearnedEnsemble, learnEnsemble } from '../detect/ensemble.ts';
import { learnOperatingModes, type ModeOptions, type OperatingModes } from '../detect/operatingModes.ts';
import { learnPrincipalComponents } from '../detect/principalComponents.ts';
import { type SignalTable, usableRows } from '../detect/signalTable.ts';
import { learnStandardEnsemble } from '../detect/standardEnsemble.ts';
import { type AlarmThreshold, alarmThreshold, type FalseAlarmBudget } from '../threshold/alarmThreshold.ts';
import { modeCount } from './modeCount.ts';

/** Strange for long enough: the least score of so many rows in line counts, so that a single stray row raises nothing. */
export const STRANGE_ROWS = 3;
const MODES: ModeOptions = { mostModes: 6, fewestRows: 100, seed: 1 };
/** Lowry et al. (1992) use 0.1 for shifts of about one deviation. */
const NEWEST = 0.1;

export interface RowScores {
  readonly detector: OperatingModes;
  readonly alarm: AlarmThreshold;
  /**
   * Where the budget is rarer than the learning time is long, the upper end of what the threshold may be, and not below the
   * score that says of itself that it is so rare: a quiet month is luck.
   */
  readonly threshold: number;
  /** Middle of the peaks of so many rows. */
  readonly usualPeak: number;
}

/** Rows that are no neighbours in time have a row of NaN between them. */
export function learnRowScores(table: SignalTable, budget: FalseAlarmBudget, rowsPerPeriod: number): Result<RowScores> {
  const rows = usableRows(table);
  if (!rows.ok) return rows;
  const learned = learnModes(table, modeCount(rows.value, MODES));
  if (!learned.ok) return learned;
  const { detector, normalScores } = learned.value;
  const scores = leastOfRows(normalScores);
  const alarm = alarmThreshold(scores, budget);
  if (!alarm.ok) return alarm;
  const { threshold, interval, extrapolated } = alarm.value;
  return success({
    detector,
    alarm: alarm.value,
    threshold: extrapolated ? Math.max(threshold, interval[1], Math.log10(budget.rows / budget.alarms)) : threshold,
    usualPeak: middlePeak(scores, rowsPerPeriod),
  });
}

function learnModes(table: SignalTable, mostModes: number) {
  const normalScores = new Float64Array(table.columns[0].length).fill(Number.NaN);
  const learned = learnOperatingModes(
    table,
    (rows) => {
      const ensemble = learnMode(rows);
      if (!ensemble.ok) return ensemble;
      for (const [row, score] of ensemble.value.normalScores.entries()) {
        if (Number.isFinite(score)) normalScores[row] = score;
      }
      return success(ensemble.value.ensemble);
    },
    { ...MODES, mostModes },
  );
  return learned.ok ? success({ detector: learned.value, normalScores }) : learned;
}

/** Rows that never stand in line for long have no lags to learn: a running mean is their memory. */
function learnMode(rows: SignalTable): Result<LearnedEnsemble> {
  const standard = learnStandardEnsemble(rows);
  if (standard.ok) return standard;
  const runningMean = { newest: NEWEST, variance: 1 };
  return learnEnsemble(rows, [
    (table) => learnPrincipalComponents(table),
    (table) => learnPrincipalComponents(table, runningMean),
  ]);
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
