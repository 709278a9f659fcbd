/** When an equipment has run in: before that, what it does is no measure of what is normal. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** Means of two blocks this many standard errors apart differ, but for one chance in some thousand (Student, 30 rows or more). */
const TELLING = 3.5;

/**
 * The first row, in steps of half a block, from which two blocks on end have the same level in every column (Welch's t). A value
 * that is missing is left out. `health.too-little` where no two blocks on end ever agree; blocks of at least 10 rows.
 */
export function settledRow(columns: readonly Float64Array[], blockRows: number): Result<number> {
  if (!(Number.isInteger(blockRows) && blockRows >= 10)) {
    return failure('health.bad-data', `Blocks of ${blockRows} rows have no level; 10 are needed.`);
  }
  const rows = columns[0]?.length ?? 0;
  for (let row = 0; row + 2 * blockRows <= rows; row += blockRows >> 1) {
    if (columns.every((column) => isLevel(column, row, blockRows))) return success(row);
  }
  return failure('health.too-little', `In ${rows} rows, no two blocks of ${blockRows} on end have the same level.`);
}

function isLevel(column: Float64Array, row: number, blockRows: number): boolean {
  const before = levelOf(column.subarray(row, row + blockRows));
  const after = levelOf(column.subarray(row + blockRows, row + 2 * blockRows));
  const apart = Math.abs(before.mean - after.mean);
  return apart === 0 || apart < TELLING * Math.sqrt(before.error + after.error);
}

/** The mean, and the variance of the mean; NaN, which agrees with nothing, of fewer than two values. */
function levelOf(block: Float64Array): { readonly mean: number; readonly error: number } {
  const values = block.filter(Number.isFinite);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: values.length < 2 ? Number.NaN : squares / (values.length - 1) / values.length };
}
