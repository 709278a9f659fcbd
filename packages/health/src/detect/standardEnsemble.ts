/** The detectors that are taken where nobody chose any: signals together at a moment, over some ten rows, and beside known rows. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { LearnDetector } from './detector.ts';
import { type LearnedEnsemble, learnEnsemble } from './ensemble.ts';
import { learnNearestNeighbours } from './nearestNeighbours.ts';
import { learnPrincipalComponents } from './principalComponents.ts';
import { FEWEST_ROWS, type SignalTable, usableRows } from './signalTable.ts';

/** Fewer lags than this do not look further back than the row itself. */
const FEWEST_LAGS = 4;
const MOST_LAGS = 9;
/** Four rows at least for each lagged signal, or its covariance is mostly chance. */
const ROWS_PER_LAGGED_SIGNAL = 4;
/** Lowry et al. (1992) use 0.1 for shifts of about one deviation. */
const NEWEST = 0.1;
/** Normal rows that neighbours are looked for among: few enough for a row a second of a thousand equipments on one core. */
const REFERENCES = 500;

/**
 * Principal components of rows, and beside them a memory: lagged rows (dynamic PCA) where the normal data are long enough
 * to model them, or else all directions of a running mean (MEWMA); and nearest neighbours, for what is normal along no
 * straight line. Learns from at least 60 rows with all values.
 */
export function learnStandardEnsemble(table: SignalTable): Result<LearnedEnsemble> {
  const rows = usableRows(table, 3 * FEWEST_ROWS);
  if (!rows.ok) return rows;
  return learnEnsemble(table, standardLearners(rows.value.count, rows.value.width));
}

/** Its detector alone, where no threshold is wanted. */
export function learnStandardDetector(table: SignalTable): ReturnType<LearnDetector> {
  const learned = learnStandardEnsemble(table);
  return learned.ok ? success(learned.value.ensemble) : learned;
}

function standardLearners(rowCount: number, width: number): LearnDetector[] {
  const lags = Math.min(MOST_LAGS, Math.floor(rowCount / (ROWS_PER_LAGGED_SIGNAL * width)) - 1);
  const memory = lags >= FEWEST_LAGS ? { lags } : { newest: NEWEST, variance: 1 };
  return [
    (table) => learnPrincipalComponents(table),
    (table) => learnPrincipalComponents(table, memory),
    (table) => learnNearestNeighbours(table, { references: REFERENCES }),
  ];
}
