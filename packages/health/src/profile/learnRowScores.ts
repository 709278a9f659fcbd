/** Learns how strange a row of features is, in the operating mode that it belongs to, and from which score on that is an alarm. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { type LearnedEnsemble, learnEnsemble } from '../detect/ensemble.ts';
import { learnOperatingModes, type ModeOptions, type OperatingModes } from '../detect/operatingModes.ts';
import { learnPrincipalComponents } from '../detect/principalComponents.ts';
import { type SignalTable, usableRows } from '../detect/signalTable.ts';
import { learnStandardEnsemble } from '../detect/standardEnsemble.ts';
import type { FalseAlarmBudget } from '../threshold/alarmThreshold.ts';
import { modeCount } from './modeCount.ts';
import { type RowThreshold, rowThreshold } from './rowThreshold.ts';

const MODES: ModeOptions = { mostModes: 6, fewestRows: 100, seed: 1 };
/** Lowry et al. (1992) use 0.1 for shifts of about one deviation. */
const NEWEST = 0.1;

export interface RowScores extends RowThreshold {
  readonly detector: OperatingModes;
}

/** Rows that are no neighbours in time have a row of NaN between them. */
export function learnRowScores(table: SignalTable, budget: FalseAlarmBudget, rowsPerPeriod: number): Result<RowScores> {
  const rows = usableRows(table);
  if (!rows.ok) return rows;
  const learned = learnModes(table, modeCount(rows.value, MODES));
  if (!learned.ok) return learned;
  const { detector, normalScores } = learned.value;
  const threshold = rowThreshold(normalScores, budget, rowsPerPeriod);
  return threshold.ok ? success({ detector, ...threshold.value }) : threshold;
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
