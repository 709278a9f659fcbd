/** Gradient boosting over binned columns: every tree takes a step down the loss that the trees before it left. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type BinnedColumns, binColumns, MISSING_BIN } from './binnedColumns.ts';
import { BoostedTrees } from './boostedTrees.ts';
import { type BoostOptions, boostOptions } from './boostOptions.ts';
import { type GrownTree, growTree } from './growTree.ts';
import { type Loss, lossOf } from './loss.ts';
import { drawFirst, seededRandom } from './seededRandom.ts';
import type { Tree } from './tree.ts';
import { weightedQuantile } from './weightedQuantile.ts';

export interface BoostLabels {
  readonly names: readonly string[];
  /** What is to be predicted, finite in every row that is used. */
  readonly target: Float64Array;
  /** How much each row counts, 0 or more; all alike where absent. */
  readonly weights?: Float64Array;
  /** Rows of one unit are held out together or not at all; without it every row is its own unit. */
  readonly units?: Int32Array;
  /** The rows to learn from; all where absent. */
  readonly rows?: Int32Array;
}

export interface BoostRun {
  readonly trees: BoostedTrees;
  /** The mean training loss before the first tree and after each one, and the same of the rows held out. */
  readonly trainingLoss: Float64Array;
  readonly heldOutLoss: Float64Array;
}

/** Fewer rows than this carry no tree that says more than a mean. */
const FEWEST_ROWS = 10;

/** Bins the columns and learns from them; see `boostBinned`. */
export function learnBoostedTrees(
  columns: readonly Float64Array[],
  labels: BoostLabels,
  given: Partial<BoostOptions> = {},
): Result<BoostRun> {
  const options = boostOptions(given);
  if (!options.ok) return options;
  const binned = binColumns(columns, options.value.bins);
  return binned.ok ? boostBinned(binned.value, labels, given) : binned;
}

/**
 * Learns from columns binned before, so that folds and seeds share the bins (Friedman 2001; histograms after Ke et al.
 * 2017, LightGBM). `health.too-little` for fewer than ten rows; `health.bad-data` names rows and options that are wrong.
 */
export function boostBinned(
  binned: BinnedColumns,
  labels: BoostLabels,
  given: Partial<BoostOptions> = {},
): Result<BoostRun> {
  const options = boostOptions(given);
  if (!options.ok) return options;
  const rows = labels.rows ?? Int32Array.from({ length: binned.rowCount }, (_, row) => row);
  const wrong = judgeLabels(binned, labels, rows, options.value);
  if (wrong) return wrong;
  const parted = holdOut(rows, labels.units, options.value);
  if (parted.training.length < FEWEST_ROWS)
    return failure('health.too-little', `${parted.training.length} rows to learn from; ${FEWEST_ROWS} are the least.`);
  return success(new Boosting(binned, labels, options.value, parted).run());
}

interface PartedRows {
  readonly training: Int32Array;
  readonly heldOut: Int32Array;
}

class Boosting {
  readonly #binned: BinnedColumns;
  readonly #labels: BoostLabels;
  readonly #options: BoostOptions;
  readonly #rows: PartedRows;
  readonly #loss: Loss;
  readonly #weights: Float64Array;
  readonly #margins: Float64Array;
  readonly #slope: Float64Array;
  readonly #curvature: Float64Array;

  constructor(binned: BinnedColumns, labels: BoostLabels, options: BoostOptions, rows: PartedRows) {
    this.#binned = binned;
    this.#labels = labels;
    this.#options = options;
    this.#rows = rows;
    this.#loss = lossOf(options.loss);
    this.#weights = labels.weights ?? new Float64Array(binned.rowCount).fill(1);
    this.#margins = new Float64Array(binned.rowCount);
    this.#slope = new Float64Array(binned.rowCount);
    this.#curvature = new Float64Array(binned.rowCount);
  }

  run(): BoostRun {
    const { trees: most, patience, seed } = this.#options;
    const { training, heldOut } = this.#rows;
    const random = seededRandom(seed);
    const start = this.#start();
    this.#margins.fill(start);
    const trees: Tree[] = [];
    const trainingLoss = [this.#meanLoss(training)];
    const heldOutLoss = [this.#meanLoss(heldOut)];
    let best = 0;
    while (trees.length < most && (heldOut.length === 0 || trees.length - best < patience)) {
      const grown = this.#grow(random);
      this.#addGrown(grown, training);
      this.#addGrown(grown, heldOut);
      trees.push(grown.tree);
      trainingLoss.push(this.#meanLoss(training));
      heldOutLoss.push(this.#meanLoss(heldOut));
      if (heldOutLoss[trees.length] < heldOutLoss[best]) best = trees.length;
    }
    const kept = heldOut.length === 0 ? trees : trees.slice(0, best);
    const { names } = this.#labels;
    return {
      trees: new BoostedTrees({ names, loss: this.#options.loss, start, trees: kept }),
      trainingLoss: Float64Array.from(trainingLoss),
      heldOutLoss: heldOut.length === 0 ? new Float64Array(0) : Float64Array.from(heldOutLoss),
    };
  }

  #start(): number {
    const { training } = this.#rows;
    const target = Float64Array.from(training, (row) => this.#labels.target[row]);
    return this.#loss.start(
      target,
      Float64Array.from(training, (row) => this.#weights[row]),
    );
  }

  #grow(random: () => number): GrownTree {
    const { training } = this.#rows;
    const { rowShare, featureShare } = this.#options;
    const { target } = this.#labels;
    const rows = drawRows(training, rowShare, random);
    const all = Int32Array.from(this.#binned.bins, (_, index) => index);
    const features = drawFirst(all, Math.max(1, Math.round(featureShare * all.length)), random).sort();
    for (const row of rows) {
      this.#slope[row] = this.#weights[row] * this.#loss.slope(target[row], this.#margins[row]);
      this.#curvature[row] = this.#weights[row] * this.#loss.curvature(target[row], this.#margins[row]);
    }
    const sample = { binned: this.#binned, rows, features, slope: this.#slope, curvature: this.#curvature };
    const level = this.#loss.leafLevel;
    return growTree(sample, this.#options, level === undefined ? undefined : (leaf) => this.#residual(leaf, level));
  }

  #residual(leaf: Int32Array, level: number): number {
    const residuals = Float64Array.from(leaf, (row) => this.#labels.target[row] - this.#margins[row]);
    return weightedQuantile(
      residuals,
      Float64Array.from(leaf, (row) => this.#weights[row]),
      level,
    );
  }

  #addGrown({ tree, thresholdBin }: GrownTree, rows: Int32Array): void {
    const { feature, missingLeft, left, right, value } = tree;
    const { bins } = this.#binned;
    for (const row of rows) {
      let node = 0;
      while (feature[node] >= 0) {
        const bin = bins[feature[node]][row];
        const isLeft = bin === MISSING_BIN ? missingLeft[node] === 1 : bin <= thresholdBin[node];
        node = isLeft ? left[node] : right[node];
      }
      this.#margins[row] += value[node];
    }
  }

  #meanLoss(rows: Int32Array): number {
    let sum = 0;
    let weight = 0;
    for (const row of rows) {
      sum += this.#weights[row] * this.#loss.loss(this.#labels.target[row], this.#margins[row]);
      weight += this.#weights[row];
    }
    return sum / weight;
  }
}

/** A share of the rows, each kept with that chance, in their order (Bernoulli); never none. */
function drawRows(rows: Int32Array, share: number, random: () => number): Int32Array {
  if (share >= 1) return rows.slice();
  const drawn = rows.filter(() => random() < share);
  return drawn.length > 0 ? drawn : rows.slice();
}

function judgeLabels(binned: BinnedColumns, labels: BoostLabels, rows: Int32Array, options: BoostOptions) {
  const { target, weights, units, names } = labels;
  if (binned.bins.length === 0) return failure('health.too-little', 'There are no columns to learn from.');
  if (names.length !== binned.bins.length)
    return failure('health.bad-data', `${names.length} names for ${binned.bins.length} columns.`);
  for (const [what, column] of Object.entries({ targets: target, weights, units }))
    if (column && column.length !== binned.rowCount)
      return failure('health.bad-data', `${column.length} ${what} for ${binned.rowCount} rows.`);
  if (rows.length < FEWEST_ROWS)
    return failure('health.too-little', `${rows.length} rows to learn from; ${FEWEST_ROWS} are the least.`);
  let total = 0;
  for (const row of rows) {
    if (!Number.isFinite(target[row])) return failure('health.bad-data', `The target of row ${row} is no number.`);
    if (options.loss.kind === 'logistic' && target[row] !== 0 && target[row] !== 1)
      return failure('health.bad-data', `The target of row ${row} is ${target[row]}; the logistic loss wants 0 or 1.`);
    const weight = weights ? weights[row] : 1;
    if (!(weight >= 0 && weight < Infinity))
      return failure('health.bad-data', `The weight of row ${row} is ${weight}; it must be 0 or more.`);
    total += weight;
  }
  if (total <= 0) return failure('health.too-little', 'All rows have no weight.');
  return undefined;
}

/** Parts rows by unit: a unit drawn for holding out takes all its rows along. */
function holdOut(rows: Int32Array, units: Int32Array | undefined, options: BoostOptions): PartedRows {
  if (options.heldOutShare === 0) return { training: rows, heldOut: new Int32Array(0) };
  const unitOf = (row: number) => (units ? units[row] : row);
  const all = Int32Array.from(new Set(Array.from(rows, unitOf))).sort();
  const count = Math.min(all.length - 1, Math.max(1, Math.round(options.heldOutShare * all.length)));
  const drawn = new Set(drawFirst(all, count, seededRandom(options.seed ^ 0x5bd1e995)));
  return {
    training: rows.filter((row) => !drawn.has(unitOf(row))),
    heldOut: rows.filter((row) => drawn.has(unitOf(row))),
  };
}
