/** A sum of trees that predicts one number from a row of columns, and can say what each column added to it. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type LossChoice, lossOf } from './loss.ts';
import { addTree, childOf, type Tree } from './tree.ts';

export interface Contributions {
  /** What is predicted before anything is known of the row. */
  readonly base: number;
  /** What each column adds; with the base they sum to the margin. */
  readonly parts: Float64Array;
}

export interface BoostedTreesParts {
  readonly names: readonly string[];
  readonly loss: LossChoice;
  readonly start: number;
  readonly trees: readonly Tree[];
}

export class BoostedTrees {
  readonly names: readonly string[];
  readonly loss: LossChoice;
  readonly start: number;
  readonly trees: readonly Tree[];

  constructor(parts: BoostedTreesParts) {
    this.names = parts.names;
    this.loss = parts.loss;
    this.start = parts.start;
    this.trees = parts.trees;
  }

  /** One prediction a row, in units of the target; a probability under the logistic loss. NaN cells are missing values. */
  predict(columns: readonly Float64Array[]): Float64Array {
    if (columns.length !== this.names.length)
      throw new RangeError(`${columns.length} columns given, the trees know ${this.names.length}`);
    const margins = new Float64Array(columns[0].length).fill(this.start);
    for (const tree of this.trees) addTree(tree, columns, margins);
    const { response } = lossOf(this.loss);
    return margins.map(response);
  }

  /** What `predict` says of one row. */
  predictRow(row: Float64Array): number {
    let margin = this.start;
    for (const tree of this.trees) {
      let node = 0;
      while (tree.feature[node] >= 0) node = childOf(tree, node, row[tree.feature[node]]);
      margin += tree.value[node];
    }
    return lossOf(this.loss).response(margin);
  }

  /**
   * What each column adds to the margin of a row: along the row's way through every tree, the change of the mean at each
   * step belongs to the column that was asked (Saabas 2014).
   */
  contributions(row: Float64Array): Contributions {
    let base = this.start;
    const parts = new Float64Array(this.names.length);
    for (const tree of this.trees) {
      let node = 0;
      base += tree.value[0];
      while (tree.feature[node] >= 0) {
        const feature = tree.feature[node];
        const child = childOf(tree, node, row[feature]);
        parts[feature] += tree.value[child] - tree.value[node];
        node = child;
      }
    }
    return { base, parts };
  }

  /** The share of each column in all that the splits took off the training loss; sums to 1, or is 0 without any split. */
  importance(): Float64Array {
    const gains = new Float64Array(this.names.length);
    let total = 0;
    for (const tree of this.trees) {
      for (let node = 0; node < tree.feature.length; node++) {
        if (tree.feature[node] < 0) continue;
        gains[tree.feature[node]] += tree.gain[node];
        total += tree.gain[node];
      }
    }
    return total > 0 ? gains.map((gain) => gain / total) : gains;
  }

  toJson(): BoostedTreesJson {
    const trees = this.trees.map((tree) => ({
      feature: Array.from(tree.feature),
      threshold: Array.from(tree.threshold),
      missingLeft: Array.from(tree.missingLeft),
      left: Array.from(tree.left),
      right: Array.from(tree.right),
      value: Array.from(tree.value),
      gain: Array.from(tree.gain),
    }));
    return { format: 'tidegate-boosted-trees-1', names: this.names, loss: this.loss, start: this.start, trees };
  }

  /** Reads what `toJson` wrote; `health.bad-data` where it is anything else, so that no prediction can fail or loop. */
  static fromJson(json: unknown): Result<BoostedTrees> {
    const given = json as Partial<BoostedTreesJson> | null;
    if (given?.format !== 'tidegate-boosted-trees-1' || !Array.isArray(given.names) || !Array.isArray(given.trees))
      return failure('health.bad-data', 'This is no model of boosted trees.');
    const { names, trees, loss, start } = given;
    if (!isLoss(loss) || !Number.isFinite(start))
      return failure('health.bad-data', 'The model has no loss or no start.');
    const read: Tree[] = [];
    for (const [index, tree] of trees.entries()) {
      if (!isTree(tree, names.length)) return failure('health.bad-data', `Tree ${index} of the model is broken.`);
      read.push({
        feature: Int32Array.from(tree.feature),
        threshold: Float64Array.from(tree.threshold),
        missingLeft: Uint8Array.from(tree.missingLeft),
        left: Int32Array.from(tree.left),
        right: Int32Array.from(tree.right),
        value: Float64Array.from(tree.value),
        gain: Float64Array.from(tree.gain),
      });
    }
    return success(new BoostedTrees({ names: names.map(String), loss, start: start as number, trees: read }));
  }
}

export interface BoostedTreesJson {
  readonly format: 'tidegate-boosted-trees-1';
  readonly names: readonly string[];
  readonly loss: LossChoice;
  readonly start: number;
  readonly trees: readonly { readonly [K in keyof Tree]: readonly number[] }[];
}

function isLoss(loss: LossChoice | undefined): loss is LossChoice {
  switch (loss?.kind) {
    case 'squared':
    case 'absolute':
    case 'logistic':
      return true;
    case 'huber':
      return Number.isFinite(loss.delta);
    case 'quantile':
      return Number.isFinite(loss.level);
    default:
      return false;
  }
}

const TREE_COLUMNS = ['feature', 'threshold', 'missingLeft', 'left', 'right', 'value', 'gain'] as const;

/** All columns of one length, all cells finite, and children after their parents: a walk always ends. */
function isTree(tree: BoostedTreesJson['trees'][number] | null, features: number): boolean {
  const nodes = tree?.feature?.length ?? 0;
  if (!tree || nodes === 0) return false;
  for (const name of TREE_COLUMNS) {
    const column: unknown = tree[name];
    if (!Array.isArray(column) || column.length !== nodes || !column.every(Number.isFinite)) return false;
  }
  for (let node = 0; node < nodes; node++) {
    const feature = tree.feature[node];
    if (!Number.isInteger(feature) || feature < -1 || feature >= features) return false;
    if (feature < 0) continue;
    for (const child of [tree.left[node], tree.right[node]])
      if (!Number.isInteger(child) || child <= node || child >= nodes) return false;
  }
  return true;
}
