/** Detectors by the names that a watch gives them, as one ensemble; those that are taken where it names none. */

import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { learnChangePoints } from './changePoints.ts';
import type { LearnDetector } from './detector.ts';
import { joinedEnsemble, type LearnedEnsemble, learnEnsemble } from './ensemble.ts';
import { learnIsolationForest } from './isolationForest.ts';
import { learnLimits } from './limits.ts';
import { learnNearestNeighbours } from './nearestNeighbours.ts';
import { learnNovelty } from './novelty.ts';
import { learnPrincipalComponents } from './principalComponents.ts';
import { FEWEST_ROWS, type SignalTable, usableRows } from './signalTable.ts';
import { learnSpectralResidual } from './spectralResidual.ts';

/** Those from `spectral` on look at each signal by itself and at rows in line; so do `ewma` and `cusum`. */
export const DETECTOR_NAMES = [
  'limits',
  'ewma',
  'cusum',
  'pca',
  'dynamic-pca',
  'nearest',
  'forest',
  'spectral',
  'novelty',
  'changes',
] as const;
export type DetectorName = (typeof DETECTOR_NAMES)[number];

/** Signals together at a moment, over some ten rows, and beside known rows: what is normal along no straight line. */
export const STANDARD_DETECTORS: readonly DetectorName[] = ['pca', 'dynamic-pca', 'nearest'];

export interface NamedEnsemble extends LearnedEnsemble {
  /** Detectors that these rows do not carry, and why. */
  readonly leftOut: readonly { readonly name: DetectorName; readonly why: string }[];
}

/** Fewer lags than this do not look further back than the row itself. */
const FEWEST_LAGS = 4;
const MOST_LAGS = 9;
/** Four rows at least for each lagged signal, or its covariance is mostly chance. */
const ROWS_PER_LAGGED_SIGNAL = 4;
/** Lowry et al. (1992) use 0.1 for shifts of about one deviation. */
const NEWEST = 0.1;
/** Deviations, of a lasting shift that is looked for. */
const SHIFT = 1;
/** Normal rows that neighbours are looked for among: few enough for a row a second of a thousand equipments on one core. */
const REFERENCES = 500;

/** Learns from at least 60 rows with all values. The fault is that of the first detector where none can be learned. */
export function learnNamedEnsemble(
  table: SignalTable,
  names: readonly DetectorName[] = STANDARD_DETECTORS,
): Result<NamedEnsemble> {
  const rows = usableRows(table, 3 * FEWEST_ROWS);
  if (!rows.ok) return rows;
  const learned: LearnedEnsemble[] = [];
  const leftOut: { name: DetectorName; why: string }[] = [];
  let fault: Fault | undefined;
  for (const name of names) {
    const one = learnEnsemble(table, [LEARNERS[name](table, rows.value.count)]);
    if (one.ok) {
      learned.push(one.value);
      continue;
    }
    fault ??= one.fault;
    leftOut.push({ name, why: one.fault.detail });
  }
  if (learned.length > 0) return success({ ...joinedEnsemble(learned), leftOut });
  return fault ? { ok: false, fault } : failure('health.bad-data', 'An ensemble needs a detector.');
}

const LEARNERS: Readonly<Record<DetectorName, (table: SignalTable, rowCount: number) => LearnDetector>> = {
  limits: () => (normal) => learnLimits(normal, { form: 'shewhart' }),
  ewma: () => (normal) => learnLimits(normal, { form: 'ewma', newest: NEWEST }),
  cusum: () => (normal) => learnLimits(normal, { form: 'cusum', shift: SHIFT }),
  pca: () => (normal) => learnPrincipalComponents(normal),
  'dynamic-pca': dynamicLearner,
  nearest: () => (normal) => learnNearestNeighbours(normal, { references: REFERENCES }),
  forest: () => (normal) => learnIsolationForest(normal),
  spectral: () => (normal) => learnSpectralResidual(normal),
  novelty: () => learnNovelty,
  changes: () => (normal) => learnChangePoints(normal),
};

/**
 * Lagged rows (dynamic PCA) where there are enough normal rows in line to model them, or else all directions of a running mean
 * (MEWMA).
 */
function dynamicLearner(table: SignalTable, rowCount: number): LearnDetector {
  const lags = Math.min(MOST_LAGS, Math.floor(rowCount / (ROWS_PER_LAGGED_SIGNAL * table.columns.length)) - 1);
  const isLagged = lags >= FEWEST_LAGS && learnPrincipalComponents(table, { lags }).ok;
  const memory = isLagged ? { lags } : { newest: NEWEST, variance: 1 };
  return (normal) => learnPrincipalComponents(normal, memory);
}
