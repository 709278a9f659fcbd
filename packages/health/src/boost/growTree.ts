/** Growth of one tree: always the leaf that gains most is split next, until no leaf gains or there are enough. */

import { type BinnedColumns, MISSING_BIN } from './binnedColumns.ts';
import type { BoostOptions } from './boostOptions.ts';
import { HistogramShape, type Split } from './histogram.ts';
import type { Tree } from './tree.ts';

export interface GrownTree {
  readonly tree: Tree;
  /** The bin of each node's threshold: the tree can be walked over binned columns. */
  readonly thresholdBin: Uint8Array;
}

export interface TreeSample {
  readonly binned: BinnedColumns;
  /** The rows the tree is grown from; they are reordered. */
  readonly rows: Int32Array;
  readonly features: Int32Array;
  /** Derivatives of the loss at every row of the table, weights included. */
  readonly slope: Float64Array;
  readonly curvature: Float64Array;
}

/** A leaf while the tree grows: rows `begin` to `end` of the sample. */
interface Leaf {
  readonly node: number;
  readonly begin: number;
  readonly end: number;
  readonly depth: number;
  readonly slope: number;
  readonly curvature: number;
  readonly histogram: Float64Array | undefined;
  readonly split: Split | undefined;
}

/** `leafValue`, where given, replaces the Newton step of a leaf by what it makes of the leaf's rows. */
export function growTree(
  sample: TreeSample,
  options: BoostOptions,
  leafValue: ((rows: Int32Array) => number) | undefined,
): GrownTree {
  const growth = new Growth(sample, options);
  growth.run();
  return growth.finish(leafValue);
}

class Growth {
  readonly #sample: TreeSample;
  readonly #options: BoostOptions;
  readonly #shape: HistogramShape;
  readonly #aside: Int32Array;
  readonly #leaves: Leaf[] = [];
  readonly #feature: Int32Array;
  readonly #threshold: Float64Array;
  readonly #thresholdBin: Uint8Array;
  readonly #missingLeft: Uint8Array;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #gain: Float64Array;
  #nodes = 1;

  constructor(sample: TreeSample, options: BoostOptions) {
    this.#sample = sample;
    this.#options = options;
    this.#shape = new HistogramShape(sample.binned, sample.features, sample.rows.length);
    this.#aside = new Int32Array(sample.rows.length);
    const most = 2 * options.leaves - 1;
    this.#feature = new Int32Array(most).fill(-1);
    this.#threshold = new Float64Array(most);
    this.#thresholdBin = new Uint8Array(most);
    this.#missingLeft = new Uint8Array(most);
    this.#left = new Int32Array(most).fill(-1);
    this.#right = new Int32Array(most).fill(-1);
    this.#gain = new Float64Array(most);
  }

  run(): void {
    const { rows, slope, curvature } = this.#sample;
    let rootSlope = 0;
    let rootCurvature = 0;
    for (const row of rows) {
      rootSlope += slope[row];
      rootCurvature += curvature[row];
    }
    const histogram = this.#shape.sum(rows, slope, curvature);
    this.#addLeaf(0, 0, rows.length, 0, rootSlope, rootCurvature, histogram);
    while (this.#leaves.length < this.#options.leaves) {
      let best = -1;
      for (let i = 0; i < this.#leaves.length; i++) {
        const gain = this.#leaves[i].split?.gain ?? 0;
        if (gain > 0 && (best < 0 || gain > this.#leaves[best].split!.gain)) best = i;
      }
      if (best < 0) return;
      const [leaf] = this.#leaves.splice(best, 1);
      this.#divide(leaf, leaf.split!, leaf.histogram!);
    }
  }

  finish(leafValue: ((rows: Int32Array) => number) | undefined): GrownTree {
    const nodes = this.#nodes;
    const value = new Float64Array(nodes);
    const weight = new Float64Array(nodes);
    for (const leaf of this.#leaves) {
      const step = leafValue
        ? leafValue(this.#sample.rows.subarray(leaf.begin, leaf.end))
        : -leaf.slope / (leaf.curvature + this.#options.l2);
      value[leaf.node] = this.#options.learningRate * step;
      weight[leaf.node] = leaf.curvature;
    }
    const left = this.#left.slice(0, nodes);
    const right = this.#right.slice(0, nodes);
    // Children stand after their parents, so from the end every node finds the means of its children ready.
    for (let node = nodes - 1; node >= 0; node--) {
      if (left[node] < 0) continue;
      const [a, b] = [left[node], right[node]];
      weight[node] = weight[a] + weight[b];
      value[node] = (value[a] * weight[a] + value[b] * weight[b]) / weight[node];
    }
    const feature = this.#feature.slice(0, nodes);
    const threshold = this.#threshold.slice(0, nodes);
    const missingLeft = this.#missingLeft.slice(0, nodes);
    const gain = this.#gain.slice(0, nodes);
    return { tree: { feature, threshold, missingLeft, left, right, value, gain }, thresholdBin: this.#thresholdBin };
  }

  #addLeaf(
    node: number,
    begin: number,
    end: number,
    depth: number,
    slope: number,
    curvature: number,
    histogram: Float64Array | undefined,
  ): void {
    const split = histogram && this.#shape.bestSplit(histogram, slope, curvature, this.#options);
    if (histogram && !split) this.#shape.release(histogram);
    this.#leaves.push({ node, begin, end, depth, slope, curvature, histogram: split && histogram, split });
  }

  #divide(leaf: Leaf, split: Split, histogram: Float64Array): void {
    const { binned, rows, slope, curvature } = this.#sample;
    const left = this.#nodes++;
    const right = this.#nodes++;
    this.#feature[leaf.node] = split.feature;
    this.#thresholdBin[leaf.node] = split.bin;
    // The cut above the last bin parts values from missing ones only: every value goes left.
    this.#threshold[leaf.node] = binned.edges[split.feature][split.bin - 1] ?? Number.MAX_VALUE;
    this.#missingLeft[leaf.node] = split.missingLeft ? 1 : 0;
    this.#left[leaf.node] = left;
    this.#right[leaf.node] = right;
    this.#gain[leaf.node] = split.gain;
    const middle = this.#partition(leaf.begin, leaf.end, split);
    const depth = leaf.depth + 1;
    const leftRows = rows.subarray(leaf.begin, middle);
    const rightRows = rows.subarray(middle, leaf.end);
    const leftIsSmaller = leftRows.length <= rightRows.length;
    let leftHistogram: Float64Array | undefined;
    let rightHistogram: Float64Array | undefined;
    if (depth < this.#options.depth) {
      const smaller = this.#shape.sum(leftIsSmaller ? leftRows : rightRows, slope, curvature);
      const larger = this.#shape.subtract(histogram, smaller);
      leftHistogram = leftIsSmaller ? smaller : larger;
      rightHistogram = leftIsSmaller ? larger : smaller;
    } else this.#shape.release(histogram);
    const { leftSlope, leftCurvature } = split;
    this.#addLeaf(left, leaf.begin, middle, depth, leftSlope, leftCurvature, leftHistogram);
    const rightSlope = leaf.slope - leftSlope;
    this.#addLeaf(right, middle, leaf.end, depth, rightSlope, leaf.curvature - leftCurvature, rightHistogram);
  }

  /** Moves the rows that go left before those that go right, both in their order; answers where the right ones begin. */
  #partition(begin: number, end: number, split: Split): number {
    const { binned, rows } = this.#sample;
    const bins = binned.bins[split.feature];
    let middle = begin;
    let aside = 0;
    for (let i = begin; i < end; i++) {
      const bin = bins[rows[i]];
      const isLeft = bin === MISSING_BIN ? split.missingLeft : bin <= split.bin;
      if (isLeft) rows[middle++] = rows[i];
      else this.#aside[aside++] = rows[i];
    }
    rows.set(this.#aside.subarray(0, aside), middle);
    return middle;
  }
}
