/**
 * What energy a plant should have used for what it did, and what it used: an energy baseline and its performance indicator
 * (ISO 50006:2023, 5 and 6), with the cumulative sum of savings.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { linearFit } from '../../model/twins/fit/linearFit.ts';
import { studentQuantile } from '../../model/twins/fit/probability.ts';

/** One column of what drives the use of energy, a row for each interval: pieces made, hours run, degree days. */
export interface EnergyDriver {
  readonly name: string;
  readonly values: Float64Array;
}

export interface BaselineTerm {
  readonly name: string;
  /** Energy for each unit of the driver; of `base` for each interval. */
  readonly coefficient: number;
  /** Half the width of its 95 % confidence interval. */
  readonly halfWidth: number;
}

export interface EnergyBaseline {
  /** `base` first, then the drivers. */
  readonly terms: readonly BaselineTerm[];
  /** Coefficient of determination. */
  readonly r2: number;
  /** Coefficient of variation of the root mean squared error; ASHRAE Guideline 14-2014 wants at most 0.25 by month. */
  readonly cvRmse: number;
  readonly rows: number;
}

export interface EnergyAccount {
  /** By interval, in the unit of the energy: what the baseline expects, and used minus expected, summed up from the first. */
  readonly expected: Float64Array;
  readonly cumulative: Float64Array;
  readonly used: number;
  readonly expectedTotal: number;
  /** Energy for each unit of the first driver; `undefined` where none was made. */
  readonly perUnit: number | undefined;
  readonly expectedPerUnit: number | undefined;
  /** Used by expected: the performance indicator as a ratio, below 1 where energy was saved. */
  readonly ratio: number | undefined;
}

const ROWS_PER_TERM = 3;
const CONFIDENCE = 0.95;

/**
 * Fits used energy by a base load and the drivers; rows with a NaN are left out. Fault `performance.too-little`: fewer than
 * three rows a term, or a driver that never changes.
 */
export function fitBaseline(used: Float64Array, drivers: readonly EnergyDriver[]): Result<EnergyBaseline> {
  const rows = completeRows(used, drivers);
  const terms = drivers.length + 1;
  if (rows.length < ROWS_PER_TERM * terms) {
    return failure(
      'performance.too-little',
      `${rows.length} intervals are whole, and ${ROWS_PER_TERM * terms} are needed.`,
    );
  }
  const columns = drivers.map(({ values }) => Float64Array.from(rows, (row) => values[row]));
  const constant = columns.findIndex((column) => column.every((value) => value === column[0]));
  if (constant >= 0) {
    return failure('performance.too-little', `"${drivers[constant].name}" never changes, so nothing depends on it.`);
  }
  const observed = Float64Array.from(rows, (row) => used[row]);
  const fit = linearFit([new Float64Array(rows.length).fill(1), ...columns], observed);
  const mean = observed.reduce((sum, value) => sum + value, 0) / rows.length;
  const spread = observed.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const unexplained = fit.residuals.reduce((sum, value) => sum + value * value, 0);
  const quantile = studentQuantile(CONFIDENCE, fit.freedom);
  const named = ['base', ...drivers.map(({ name }) => name)].map((name, at) => ({
    name,
    coefficient: fit.coefficients[at],
    halfWidth: quantile * Math.sqrt(fit.covariance[at * terms + at]),
  }));
  const r2 = spread > 0 ? 1 - unexplained / spread : 1;
  return success({ terms: named, r2, cvRmse: fit.sigma / mean, rows: rows.length });
}

/** Holds what was used against the baseline; `drivers` are those that it was fitted with, in their order. */
export function accountEnergy(
  baseline: EnergyBaseline,
  used: Float64Array,
  drivers: readonly EnergyDriver[],
): EnergyAccount {
  const expected = new Float64Array(used.length).fill(Number.NaN);
  const cumulative = new Float64Array(used.length);
  const [base, ...terms] = baseline.terms;
  for (const row of completeRows(used, drivers)) {
    expected[row] = terms.reduce(
      (sum, { coefficient }, at) => sum + coefficient * drivers[at].values[row],
      base.coefficient,
    );
  }
  let [saved, usedTotal, expectedTotal, made] = [0, 0, 0, 0];
  for (let row = 0; row < used.length; row++) {
    if (!Number.isNaN(expected[row])) {
      saved += used[row] - expected[row];
      usedTotal += used[row];
      expectedTotal += expected[row];
      made += drivers[0]?.values[row] ?? 0;
    }
    cumulative[row] = saved;
  }
  return {
    ...{ expected, cumulative, used: usedTotal, expectedTotal },
    perUnit: made > 0 ? usedTotal / made : undefined,
    expectedPerUnit: made > 0 ? expectedTotal / made : undefined,
    ratio: expectedTotal > 0 ? usedTotal / expectedTotal : undefined,
  };
}

function completeRows(used: Float64Array, drivers: readonly EnergyDriver[]): number[] {
  const isWhole = (row: number) =>
    Number.isFinite(used[row]) && drivers.every(({ values }) => Number.isFinite(values[row]));
  return [...used.keys()].filter(isWhole);
}
