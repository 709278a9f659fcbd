/** Columns of numbers as one byte a value: the number of the bin the value falls in, as histograms need it. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** The bin of NaN, which is "no usable value": it has a place of its own in every column. */
export const MISSING_BIN = 0;
const MOST_BINS = 255;
/** Edges are learned from at most this many values of a column; quantiles of more are the same to within a bin. */
const SAMPLED_VALUES = 50_000;

export interface BinnedColumns {
  readonly rowCount: number;
  /** One column of bin numbers each: 0 is missing, 1 is at most `edges[0]`, ..., `edges.length + 1` is above the last. */
  readonly bins: readonly Uint8Array[];
  /** The upper edge, included, of every bin but the last; ascending. A constant column has none. */
  readonly edges: readonly Float64Array[];
}

/**
 * Learns bins that hold about equal numbers of values, at most `binCount` (2 to 255, missing not counted) a column, and
 * sorts every value into them. `health.bad-data` where columns differ in length or a value is infinite.
 */
export function binColumns(columns: readonly Float64Array[], binCount: number): Result<BinnedColumns> {
  const rowCount = columns[0]?.length ?? 0;
  const most = Math.max(2, Math.min(MOST_BINS, Math.floor(binCount)));
  const bins: Uint8Array[] = [];
  const edges: Float64Array[] = [];
  for (const [index, column] of columns.entries()) {
    if (column.length !== rowCount)
      return failure('health.bad-data', `Column ${index} has ${column.length} rows, column 0 has ${rowCount}.`);
    const infinite = column.findIndex((value) => value === Infinity || value === -Infinity);
    if (infinite >= 0) return failure('health.bad-data', `Column ${index} is infinite at row ${infinite}.`);
    const columnEdges = learnEdges(column, most);
    edges.push(columnEdges);
    bins.push(Uint8Array.from(column, (value) => binOf(columnEdges, value)));
  }
  return success({ rowCount, bins, edges });
}

function learnEdges(column: Float64Array, binCount: number): Float64Array {
  const stride = Math.max(1, Math.floor(column.length / SAMPLED_VALUES));
  const values = column.filter((value, row) => row % stride === 0 && !Number.isNaN(value)).sort();
  const edges: number[] = [];
  const distinct = countDistinct(values, binCount);
  for (let i = 1; i < values.length; i++) {
    if (values[i] === values[i - 1]) continue;
    const isCut = distinct <= binCount || Math.floor((i * binCount) / values.length) > edges.length;
    if (isCut) edges.push(between(values[i - 1], values[i]));
  }
  return Float64Array.from(edges);
}

/** Stops counting above `enough`. */
function countDistinct(sorted: Float64Array, enough: number): number {
  let distinct = Math.min(1, sorted.length);
  for (let i = 1; i < sorted.length && distinct <= enough; i++) if (sorted[i] !== sorted[i - 1]) distinct++;
  return distinct;
}

/** An edge that the lower value does not pass and the upper one does, also where no double lies between them. */
function between(lower: number, upper: number): number {
  const middle = lower + (upper - lower) / 2;
  return middle < upper ? middle : lower;
}

function binOf(edges: Float64Array, value: number): number {
  if (Number.isNaN(value)) return MISSING_BIN;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}
