/** What one feature is expected to be in a row of an operating mode, by the others, and how far beside that is borne. */

import { type Dependence, outsideOfLearned, withoutOthers } from './featureNormal.ts';

export interface RowNormal {
  /** With the features that it depends on at their centres. */
  readonly level: number;
  /** So far beside what is expected nobody would drive out, or nobody knows yet whether it is normal. */
  readonly borne: number;
  /** Of rows about what is expected, and how many of the learned rows tell as much as independent ones. */
  readonly deviation: number;
  readonly independentRows: number;
  readonly dependence: Dependence | undefined;
}

export function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** Deviations of the doubt about a level that are borne. */
const REACH = 3;

/**
 * Whether the feature leaves both its level and what is expected of it there: along relations that were learned it may go as far as
 * it likes, and the further the others are outside of what was learned, the less is known of where it should be.
 */
export function leavesNormal(normal: RowNormal, row: Float64Array, column: number): boolean {
  const { dependence, level, borne, deviation, independentRows } = normal;
  const value = row[column];
  const distance = Math.min(Math.abs(value - level), Math.abs(withoutOthers(dependence, row, value) - level));
  if (!(distance > borne)) return false;
  const doubt = deviation * Math.sqrt(outsideOfLearned(dependence, row) / independentRows);
  return distance > borne + REACH * doubt;
}
