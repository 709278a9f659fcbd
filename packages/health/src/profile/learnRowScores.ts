/** Learns how strange a row of features is, in the operating mode that it belongs to, and from which score on that is an alarm. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { type DetectorName, learnNamedEnsemble, type NamedEnsemble } from '../detect/namedEnsemble.ts';
import { learnOperatingModes, type OperatingModes } from '../detect/operatingModes.ts';
import { type SignalTable, usableRows } from '../detect/signalTable.ts';
import type { FalseAlarmBudget } from '../threshold/alarmThreshold.ts';
import { MODES, modeCount } from './modeCount.ts';
import { deviationOf } from './rowNormal.ts';
import { type RowThreshold, rowThreshold } from './rowThreshold.ts';
import { stirredWhereStanding } from './standingStill.ts';

export interface RowScores extends RowThreshold {
  readonly detector: OperatingModes;
  /** A sentence for each detector that the rows do not carry. */
  readonly lacks: readonly string[];
}

/** Rows that are no neighbours in time have a row of NaN between them; `detectors` are the usual ones where none are named. */
export function learnRowScores(
  table: SignalTable,
  detectors: readonly DetectorName[] | undefined,
  budget: FalseAlarmBudget,
  rowsPerPeriod: number,
): Result<RowScores> {
  const rows = usableRows(table);
  if (!rows.ok) return rows;
  const learned = learnFittingModes(table, detectors, modeCount(rows.value, MODES));
  if (!learned.ok) return learned;
  const { detector, ensembles } = learned.value;
  const normalScores = new Float64Array(table.columns[0].length).fill(Number.NaN);
  for (const { normalScores: own } of ensembles) {
    for (const [row, score] of own.entries()) if (Number.isFinite(score)) normalScores[row] = score;
  }
  const threshold = rowThreshold(normalScores, budget, rowsPerPeriod);
  return threshold.ok ? success({ detector, lacks: lacksOf(ensembles), ...threshold.value }) : threshold;
}

/** A mode that carries no detector is part of another. */
function learnFittingModes(table: SignalTable, detectors: readonly DetectorName[] | undefined, mostModes: number) {
  let learned = learnModes(table, detectors, mostModes);
  for (let most = mostModes - 1; most >= 1 && !learned.ok; most--) learned = learnModes(table, detectors, most);
  return learned;
}

function learnModes(table: SignalTable, detectors: readonly DetectorName[] | undefined, mostModes: number) {
  const ensembles: NamedEnsemble[] = [];
  const overall = table.columns.map((column) => deviationOf(column.filter(Number.isFinite)));
  const learned = learnOperatingModes(
    table,
    (rows) => {
      const named = learnNamedEnsemble(stirredWhereStanding(rows, overall), detectors);
      if (!named.ok) return named;
      ensembles.push(named.value);
      return success(named.value.ensemble);
    },
    { ...MODES, mostModes },
  );
  return learned.ok ? success({ detector: learned.value, ensembles }) : learned;
}

function lacksOf(ensembles: readonly NamedEnsemble[]): readonly string[] {
  return ensembles.flatMap(({ leftOut }, mode) => {
    const where = ensembles.length > 1 ? ` in operating mode ${mode + 1}` : '';
    return leftOut.map(({ name, why }) => `The detector '${name}' does not judge${where}: ${why}`);
  });
}
