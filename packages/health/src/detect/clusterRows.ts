/** Groups of rows that are alike, as many as the rows themselves speak for. */

import type { Scaling } from './scaling.ts';
import type { UsableRows } from './signalTable.ts';

const STEPS = 100;
const STARTS = 4;

export interface ClusterLimits {
  readonly mostModes: number;
  readonly fewestRows: number;
}

interface Clusters {
  readonly centres: Float64Array;
  readonly sizes: Int32Array;
  readonly squares: number;
}

/**
 * The centres, scaled, of the k-means clusters with the highest Bayesian information (Pelleg and Moore 2000, X-means, with
 * one spread for all), none of them smaller than `fewestRows`.
 */
export function clusterRows(
  rows: UsableRows,
  scaling: Scaling,
  limits: ClusterLimits,
  random: () => number,
): Float64Array {
  const { width, count } = rows;
  const values = rows.values.map((value, at) => (value - scaling.centre[at % width]) / scaling.spread[at % width]);
  let best: { readonly information: number; readonly centres: Float64Array } | undefined;
  for (let clusterCount = 1; clusterCount <= limits.mostModes; clusterCount++) {
    for (let start = 0; start < (clusterCount === 1 ? 1 : STARTS); start++) {
      const clusters = kMeans(values, width, count, clusterCount, random);
      if (clusters.sizes.some((size) => size < limits.fewestRows) && clusterCount > 1) continue;
      const information = bayesianInformation(clusters, width, count);
      if (best === undefined || information > best.information) best = { information, centres: clusters.centres };
    }
  }
  return best === undefined ? new Float64Array(width) : best.centres;
}

/** Which centre is nearest to the row that starts at `start`. */
export function nearestCentre(values: Float64Array, start: number, centres: Float64Array, width: number): number {
  let nearest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let centre = 0; centre * width < centres.length; centre++) {
    const square = squareTo(values, start, centres, centre, width);
    if (square < least) {
      least = square;
      nearest = centre;
    }
  }
  return nearest;
}

/** Lloyd's steps from centres drawn far apart (k-means++; Arthur and Vassilvitskii 2007). */
function kMeans(values: Float64Array, width: number, count: number, k: number, random: () => number): Clusters {
  const centres = drawCentres(values, width, count, k, random);
  const sizes = new Int32Array(k);
  const sums = new Float64Array(k * width);
  let squares = Number.POSITIVE_INFINITY;
  for (let step = 0; step < STEPS; step++) {
    sizes.fill(0);
    sums.fill(0);
    let total = 0;
    for (let row = 0; row < count; row++) {
      const cluster = nearestCentre(values, row * width, centres, width);
      total += squareTo(values, row * width, centres, cluster, width);
      sizes[cluster]++;
      for (let i = 0; i < width; i++) sums[cluster * width + i] += values[row * width + i];
    }
    for (let at = 0; at < sums.length; at++) {
      const size = sizes[Math.floor(at / width)];
      if (size > 0) centres[at] = sums[at] / size;
    }
    if (total >= squares) break;
    squares = total;
  }
  return { centres, sizes, squares };
}

function drawCentres(
  values: Float64Array,
  width: number,
  count: number,
  k: number,
  random: () => number,
): Float64Array {
  const centres = new Float64Array(k * width);
  const least = new Float64Array(count).fill(1);
  for (let centre = 0; centre < k; centre++) {
    let left = random() * least.reduce((sum, square) => sum + square, 0);
    let chosen = 0;
    while (chosen < count - 1 && left >= least[chosen]) left -= least[chosen++];
    centres.set(values.subarray(chosen * width, (chosen + 1) * width), centre * width);
    for (let row = 0; row < count; row++) {
      const square = squareTo(values, row * width, centres, centre, width);
      least[row] = centre === 0 ? square : Math.min(least[row], square);
    }
  }
  return centres;
}

function squareTo(values: Float64Array, start: number, centres: Float64Array, centre: number, width: number): number {
  let square = 0;
  for (let i = 0; i < width; i++) square += (values[start + i] - centres[centre * width + i]) ** 2;
  return square;
}

/** Log-likelihood of round clusters of one spread, less half the logarithm of the rows for each number that was fitted. */
function bayesianInformation({ sizes, squares }: Clusters, width: number, count: number): number {
  const k = sizes.length;
  const variance = Math.max(squares / (width * Math.max(1, count - k)), Number.MIN_VALUE);
  let likelihood = -(count * width * Math.log(2 * Math.PI * variance)) / 2 - ((count - k) * width) / 2;
  for (const size of sizes) if (size > 0) likelihood += size * Math.log(size / count);
  return likelihood - (k * (width + 1) * Math.log(count)) / 2;
}
