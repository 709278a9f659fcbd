/** Sums of slope and curvature over the rows of a leaf, by column and bin, and the best split they show. */

import { type BinnedColumns, MISSING_BIN } from './binnedColumns.ts';

export interface Split {
  readonly feature: number;
  /** Rows of bins up to this one, missing not counted, go left. */
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly gain: number;
  readonly leftSlope: number;
  readonly leftCurvature: number;
}

export interface SplitLimits {
  readonly leafWeight: number;
  readonly l2: number;
}

/**
 * The columns a tree may use and where each has its bins in a histogram. A histogram is one `Float64Array`: slope and
 * curvature of a bin side by side, the bins of a column one after another.
 */
export class HistogramShape {
  readonly #binned: BinnedColumns;
  readonly #features: Int32Array;
  readonly #starts: Int32Array;
  readonly #length: number;
  readonly #spare: Float64Array[] = [];
  readonly #slopes: Float64Array;
  readonly #curvatures: Float64Array;

  /** `mostRows` is the most rows any leaf has. */
  constructor(binned: BinnedColumns, features: Int32Array, mostRows: number) {
    this.#binned = binned;
    this.#features = features;
    this.#starts = new Int32Array(features.length);
    let length = 0;
    for (let slot = 0; slot < features.length; slot++) {
      this.#starts[slot] = length;
      length += 2 * (binned.edges[features[slot]].length + 2);
    }
    this.#length = length;
    this.#slopes = new Float64Array(mostRows);
    this.#curvatures = new Float64Array(mostRows);
  }

  /** The histogram of some rows. */
  sum(rows: Int32Array, slope: Float64Array, curvature: Float64Array): Float64Array {
    const histogram = this.#spare.pop()?.fill(0) ?? new Float64Array(this.#length);
    const count = rows.length;
    const slopes = this.#slopes;
    const curvatures = this.#curvatures;
    for (let i = 0; i < count; i++) {
      slopes[i] = slope[rows[i]];
      curvatures[i] = curvature[rows[i]];
    }
    for (let slot = 0; slot < this.#features.length; slot++) {
      const bins = this.#binned.bins[this.#features[slot]];
      const start = this.#starts[slot];
      for (let i = 0; i < count; i++) {
        const at = start + 2 * bins[rows[i]];
        histogram[at] += slopes[i];
        histogram[at + 1] += curvatures[i];
      }
    }
    return histogram;
  }

  /** Turns the histogram of a parent into that of the child that is not `child`. */
  subtract(parent: Float64Array, child: Float64Array): Float64Array {
    for (let at = 0; at < parent.length; at++) parent[at] -= child[at];
    return parent;
  }

  /** Gives a histogram back that is needed no more. */
  release(histogram: Float64Array): void {
    this.#spare.push(histogram);
  }

  /** The split that lowers the loss most, tried with missing values on either side; undefined where none lowers it. */
  bestSplit(histogram: Float64Array, slope: number, curvature: number, limits: SplitLimits): Split | undefined {
    let best: Split | undefined;
    for (let slot = 0; slot < this.#features.length; slot++) {
      const feature = this.#features[slot];
      const start = this.#starts[slot];
      const cuts = this.#binned.edges[feature].length;
      const missingSlope = histogram[start + 2 * MISSING_BIN];
      const missingCurvature = histogram[start + 2 * MISSING_BIN + 1];
      const hasMissing = missingCurvature > 1e-9;
      // With all values on the left and only missing ones on the right, the cut above the last bin counts too.
      const lastCut = hasMissing ? cuts + 1 : cuts;
      for (let side = 0; side < (hasMissing ? 2 : 1); side++) {
        let leftSlope = side === 1 ? missingSlope : 0;
        let leftCurvature = side === 1 ? missingCurvature : 0;
        for (let bin = 1; bin <= lastCut; bin++) {
          leftSlope += histogram[start + 2 * bin];
          leftCurvature += histogram[start + 2 * bin + 1];
          const rightCurvature = curvature - leftCurvature;
          if (leftCurvature < limits.leafWeight || leftCurvature <= 0) continue;
          if (rightCurvature < limits.leafWeight || rightCurvature <= 1e-9) break;
          const gain =
            score(leftSlope, leftCurvature, limits.l2) +
            score(slope - leftSlope, rightCurvature, limits.l2) -
            score(slope, curvature, limits.l2);
          if (gain > (best?.gain ?? 1e-9)) {
            const missingLeft = hasMissing ? side === 1 : leftCurvature >= rightCurvature;
            best = { feature, bin, missingLeft, gain, leftSlope, leftCurvature };
          }
        }
      }
    }
    return best;
  }
}

/** Half of what the best value of a leaf takes off the loss (Chen and Guestrin 2016, equation 6). */
function score(slope: number, curvature: number, l2: number): number {
  return (0.5 * slope * slope) / (curvature + l2);
}
