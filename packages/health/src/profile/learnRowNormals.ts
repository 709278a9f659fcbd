/** Learns of each feature, in each operating mode, what the others let expect of it, and how far beside that is borne. */

import { independentValues } from '../detect/levelDoubt.ts';
import type { OperatingModes } from '../detect/operatingModes.ts';
import { learnDependence } from './learnDependence.ts';
import { adjusted } from './learnFeatureNormal.ts';
import type { LearningRows } from './learningRows.ts';
import type { LevelClock } from './levelClock.ts';
import type { ProfileSpec } from './profileSpec.ts';
import { deviationOf, type RowNormal } from './rowNormal.ts';
import { slotTable } from './slotTable.ts';
import { deviationWhileStanding } from './standingStill.ts';

/** Deviations of what stood still that are borne. */
const STANDING_REACH = 5;
/** Share of the rows that are no exception, such as a start. */
const USUAL_ROWS = 0.99;
/** No two seasons have the same rows: half as far again is borne. */
const SEEN_REACH = 1.5;

/**
 * By mode, then feature. `carriesBudget`: whether the rows are enough to promise the budget. Where they are not, the furthest row that
 * was seen is no exception: half as far again as that one is borne.
 */
export function learnRowNormals(
  rows: LearningRows,
  spec: ProfileSpec,
  detector: OperatingModes,
  clock: LevelClock,
  carriesBudget: boolean,
): readonly (readonly RowNormal[])[] {
  const membership = detector.modesOf(rows.columns);
  const usual = carriesBudget ? USUAL_ROWS : 1;
  const overall = rows.columns.map(deviationOf);
  return detector.modes.map((_, mode) => {
    const own = membership.flatMap((of, row) => (of === mode ? [row] : []));
    const times = Float64Array.from(own, (row) => rows.times[row]);
    const columns = rows.columns.map((column) => Float64Array.from(own, (row) => column[row]));
    const slots = slotTable(clock, times, columns);
    const all = rows.kept.map((_, feature) => feature);
    return rows.kept.map((at, feature) => {
      const dependence = learnDependence(slots, feature, all, clock);
      const values = adjusted({ slots: times, columns }, feature, dependence);
      const normal = normalOf(values, spec.features[at].negligible, usual);
      return normal.deviation > 0 ? { ...normal, dependence } : standing(normal, overall[feature]);
    });
  });
}

function standing(normal: Omit<RowNormal, 'dependence'>, overall: number): RowNormal {
  const deviation = deviationWhileStanding(overall);
  return { ...normal, deviation, borne: Math.max(normal.borne, STANDING_REACH * deviation), dependence: undefined };
}

function normalOf(values: Float64Array, negligible: number, usual: number): Omit<RowNormal, 'dependence'> {
  const level = values.reduce((sum, value) => sum + value, 0) / values.length;
  const distances = values.map((value) => Math.abs(value - level)).sort();
  const seen = distances[Math.min(distances.length - 1, Math.floor(distances.length * usual))];
  return {
    level,
    borne: Math.max(negligible, SEEN_REACH * seen),
    deviation: deviationOf(values),
    independentRows: Math.max(1, independentValues(values)),
  };
}
