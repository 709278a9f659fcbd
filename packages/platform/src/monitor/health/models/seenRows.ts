/** What the rows were like that a model was learned from, in short: so that it is noticed when rows become others. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { z } from 'zod';

/** Of one feature. */
export interface SeenFeature {
  readonly name: string;
  /** Least and largest value learned from, in the unit of the feature. */
  readonly least: number;
  readonly most: number;
  /** Values that part what was learned from into bins that hold about as many rows each, ascending; fewer where values repeat. */
  readonly edges: readonly number[];
  /** Share of the values in each bin, one more than there are edges. */
  readonly shares: readonly number[];
  /** Stability index of the least like window of the learned rows against all of them: so much is normal. */
  readonly usualShift: number;
}

export interface SeenRows {
  /** Those that have a value in the rows, in the order of the watch. */
  readonly features: readonly SeenFeature[];
}

const BINS = 10;
/** An empty bin counts as so large a share, so that the index stays finite. */
const LEAST_SHARE = 0.001;

/** `windowRows`: so many rows are compared with the rest at a time, as they will be when the model scores. */
export function seenRows(names: readonly string[], columns: readonly Float64Array[], windowRows: number): SeenRows {
  const features: SeenFeature[] = [];
  for (const [at, name] of names.entries()) {
    const feature = seenFeature(name, columns[at], windowRows);
    if (feature) features.push(feature);
  }
  return { features };
}

function seenFeature(name: string, column: Float64Array, windowRows: number): SeenFeature | undefined {
  const sorted = column.filter(Number.isFinite).sort();
  if (sorted.length === 0) return undefined;
  const cuts = Array.from({ length: BINS - 1 }, (_, bin) => sorted[Math.floor(((bin + 1) * sorted.length) / BINS)]);
  const edges = [...new Set(cuts)].filter((edge) => edge > sorted[0]);
  const shares = sharesOf(countBins(edges, sorted));
  let usualShift = 0;
  for (let from = 0; from + windowRows <= column.length; from += windowRows) {
    const window = countBins(edges, column.subarray(from, from + windowRows));
    usualShift = Math.max(usualShift, stabilityIndex(shares, window));
  }
  return { name, least: sorted[0], most: sorted[sorted.length - 1], edges, shares, usualShift };
}

/** The bin of a value: the number of edges at or below it. */
export function binOf(edges: readonly number[], value: number): number {
  let bin = 0;
  while (bin < edges.length && value >= edges[bin]) bin++;
  return bin;
}

function countBins(edges: readonly number[], values: Float64Array): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) if (Number.isFinite(value)) counts[binOf(edges, value)]++;
  return counts;
}

function sharesOf(counts: readonly number[]): number[] {
  const sum = counts.reduce((all, count) => all + count, 0);
  return counts.map((count) => (sum > 0 ? count / sum : 0));
}

/**
 * Population stability index of counts against learned shares: below 0.1 they are alike, above 0.25 they are others (N. Siddiqi,
 * Credit Risk Scorecards (2006), chapter 9). 0 where nothing was counted.
 */
export function stabilityIndex(shares: readonly number[], counts: readonly number[]): number {
  const now = sharesOf(counts);
  if (now.every((share) => share === 0)) return 0;
  let index = 0;
  for (const [bin, share] of now.entries()) {
    const [q, p] = [Math.max(share, LEAST_SHARE), Math.max(shares[bin], LEAST_SHARE)];
    index += (q - p) * Math.log(q / p);
  }
  return index;
}

const FEATURE = z.object({
  name: z.string(),
  least: z.number(),
  most: z.number(),
  edges: z.array(z.number()),
  shares: z.array(z.number()),
  usualShift: z.number(),
});
const ROWS = z.object({ features: z.array(FEATURE) });

/** Fault: `health.bad-data`. */
export function seenRowsFromJson(json: unknown): Result<SeenRows> {
  const read = ROWS.safeParse(json);
  return read.success
    ? success(read.data)
    : failure('health.bad-data', 'the account of the rows it was learned from cannot be read');
}
