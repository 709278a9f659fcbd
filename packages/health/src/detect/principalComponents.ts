/** Learns the directions in which signals move together, and judges how far along them (T2) and beside them (SPE) a row is. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { levelDoubt } from './levelDoubt.ts';
import { QuadraticDetector } from './quadraticDetector.ts';
import { meanScaling } from './scaling.ts';
import { FEWEST_ROWS, type SignalTable, usableRows } from './signalTable.ts';
import { symmetricEigen } from './symmetricEigen.ts';

export interface PrincipalComponentOptions {
  /** `t2` is within the model, `spe` beside it, `combined` their sum, each over its mean (Yue and Qin 2001). */
  readonly statistic: 't2' | 'spe' | 'combined';
  /** Share of the variance that the components carry. */
  readonly variance: number;
  /** How many rows before the present one are modelled with it (Ku, Storer and Georgakis 1995). */
  readonly lags: number;
  /** Weight of the newest row in the running mean that is judged (Lowry et al. 1992); 1 is the row alone. */
  readonly newest: number;
}

/** Nine tenths of the variance, after Jackson (A User's Guide to Principal Components, 2.8). */
const DEFAULTS: PrincipalComponentOptions = { statistic: 'combined', variance: 0.9, lags: 0, newest: 1 };

/** Needs rows with all values, at least 20 and twice as many as there are lagged rows in one. */
export function learnPrincipalComponents(
  table: SignalTable,
  given: Partial<PrincipalComponentOptions> = {},
): Result<QuadraticDetector> {
  const options = { ...DEFAULTS, ...given };
  const wrong = judgeOptions(options);
  if (wrong !== undefined) return failure('health.bad-data', wrong);
  const rows = usableRows(table, Math.max(FEWEST_ROWS, 2 * (options.lags + 1)));
  if (!rows.ok) return rows;
  const scaling = meanScaling(rows.value);
  const scaled = table.columns.map((column, i) =>
    column.map((value) => (value - scaling.centre[i]) / scaling.spread[i]),
  );
  const covariance = laggedCovariance(scaled, options.lags);
  if (covariance === undefined) {
    return failure('health.too-little', `Too few stretches of ${options.lags + 1} rows have all values.`);
  }
  const size = scaled.length * (options.lags + 1);
  const map = componentMap(covariance, size, options);
  const doubts = table.columns.map(levelDoubt);
  for (let i = 0; i < map.length; i++) map[i] /= doubts[(i % size) % doubts.length];
  const memory = { lags: options.lags, newest: options.newest };
  return success(new QuadraticDetector(table.names, scaling, memory, map));
}

function judgeOptions({ variance, lags, newest }: PrincipalComponentOptions): string | undefined {
  if (!(variance > 0 && variance <= 1)) return `A share of the variance of ${variance} is not above 0 and up to 1.`;
  if (!Number.isInteger(lags) || lags < 0) return `${lags} lags are no whole number of rows.`;
  if (!(newest > 0 && newest <= 1)) return `A weight of the newest row of ${newest} is not above 0 and up to 1.`;
  return undefined;
}

/** The covariance of rows with those before them; a stretch that misses a value does not count. */
function laggedCovariance(columns: readonly Float64Array[], lags: number): Float64Array | undefined {
  const width = columns.length;
  const size = width * (lags + 1);
  const sums = new Float64Array(size * size);
  const vector = new Float64Array(size);
  let count = 0;
  for (let row = lags; row < columns[0].length; row++) {
    for (let i = 0; i < size; i++) vector[i] = columns[i % width][row - Math.floor(i / width)];
    if (!vector.every(Number.isFinite)) continue;
    count++;
    for (let i = 0; i < size; i++) for (let j = i; j < size; j++) sums[i * size + j] += vector[i] * vector[j];
  }
  if (count < FEWEST_ROWS) return undefined;
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) sums[j * size + i] = sums[i * size + j] /= count - 1;
  }
  return sums;
}

/**
 * The square root of P L^-1 P' / t + (I - P P') / s, where t and s are the means of T2 and SPE in normal data: the number of
 * components, and the sum of the eigenvalues left over. Its squares are the statistic, split among the signals.
 */
function componentMap(covariance: Float64Array, size: number, options: PrincipalComponentOptions): Float64Array {
  const { values, vectors } = symmetricEigen(covariance, size);
  const total = values.reduce((sum, value) => sum + Math.max(value, 0), 0);
  let kept = 0;
  let carried = 0;
  while (kept < size && carried < options.variance * total) carried += values[kept++];
  const within = options.statistic === 'spe' ? 0 : 1 / Math.sqrt(kept);
  const leftOver = total - carried;
  const beside = options.statistic === 't2' || leftOver < total * 1e-12 ? 0 : 1 / Math.sqrt(leftOver);
  const scale = Math.sqrt(size);
  const map = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    const weight = scale * (k < kept ? within / Math.sqrt(values[k]) : beside);
    if (weight === 0) continue;
    for (let i = 0; i < size; i++) {
      const left = weight * vectors[k * size + i];
      for (let j = 0; j < size; j++) map[i * size + j] += left * vectors[k * size + j];
    }
  }
  return map;
}
