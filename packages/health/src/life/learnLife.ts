/** Learns the life left of units from the histories of units like them that were run until they failed. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type BinnedColumns, binColumns } from '../boost/binnedColumns.ts';
import type { BoostedTrees } from '../boost/boostedTrees.ts';
import type { BoostOptions } from '../boost/boostOptions.ts';
import { boostBinned } from '../boost/learnBoostedTrees.ts';
import { drawFirst, seededRandom } from '../boost/seededRandom.ts';
import { conformalMarginByUnit, outsideInterval } from './conformal.ts';
import { cyclesLeft, type Fleet, type UnitSpan, unitSpans } from './fleet.ts';
import { LifeEstimator } from './lifeEstimator.ts';
import { featuresAt, learnFeatures } from './lifeFeatures.ts';
import { LIFE_DEFAULTS, type LifeOptions } from './lifeOptions.ts';

/** Below this many failures trees tell units apart, not wear; a Weibull law says what can be said. */
const FEWEST_UNITS = 10;
/** Cycles next to one another say almost the same; so many rows of a fleet are enough. */
const MOST_ROWS = 12_000;
/** Rows much further from failure than the cap all have one target and would drown the question. */
const NEAR_CAPS = 1.2;
const FAR_WEIGHT = 0.2;
/** Trees of the quantile boosters, which are grown twice for each fold. */
const QUANTILE_TREES = 120;

/** The rows that are learned from, one entry a row. */
interface LifeTable {
  readonly binned: BinnedColumns;
  readonly columns: readonly Float64Array[];
  readonly names: readonly string[];
  readonly target: Float64Array;
  readonly weights: Float64Array;
  readonly units: Int32Array;
}

/**
 * Every unit of `fleet` has failed after its last row. Intervals are conformalised quantile regression across folds of
 * units (Romano, Patterson and Candes 2019). `health.too-little` for fewer than ten failures, fewer than the coverage
 * needs, or signals that are all constant.
 */
export function learnLife(fleet: Fleet, given: Partial<LifeOptions> = {}): Result<LifeEstimator> {
  const options = { ...LIFE_DEFAULTS, ...given, boost: { ...LIFE_DEFAULTS.boost, ...given.boost } };
  const spans = unitSpans(fleet);
  if (!spans.ok) return spans;
  if (spans.value.length < FEWEST_UNITS) {
    const detail = `${spans.value.length} units that failed; life left is learned from ${FEWEST_UNITS} or more.`;
    return failure('health.too-little', `${detail} A Weibull law of the ages at failure needs only 3.`);
  }
  const left = cyclesLeft(spans.value);
  const target = left.map((cycles) => Math.min(options.cap, cycles));
  const weights = left.map((cycles) => (cycles <= NEAR_CAPS * options.cap ? 1 : FAR_WEIGHT));
  const features = learnFeatures(fleet, target, weights, options.windows);
  if (!features.ok) return features;
  const rows = learningRows(fleet.units.length, spans.value);
  const { columns, names } = featuresAt(features.value, fleet, spans.value, rows);
  const binned = binColumns(columns, options.boost.bins ?? 64);
  if (!binned.ok) return binned;
  const table: LifeTable = {
    binned: binned.value,
    columns,
    names,
    target: Float64Array.from(rows, (row) => target[row]),
    weights: Float64Array.from(rows, (row) => weights[row]),
    units: Int32Array.from(rows, (row) => fleet.units[row]),
  };
  const boosters = learnMeans(table, options);
  if (!boosters.ok) return boosters;
  const quantiles = learnQuantiles(table, options);
  if (!quantiles.ok) return quantiles;
  return success(
    new LifeEstimator({ cap: options.cap, features: features.value, boosters: boosters.value, ...quantiles.value }),
  );
}

/** Every n-th cycle counted from the failure backwards, so that the last cycles of each unit are always among them. */
function learningRows(rowCount: number, spans: readonly UnitSpan[]): Int32Array {
  const stride = Math.max(1, Math.ceil(rowCount / MOST_ROWS));
  const rows: number[] = [];
  for (const { begin, end } of spans)
    for (let row = begin; row < end; row++) if ((end - 1 - row) % stride === 0) rows.push(row);
  return Int32Array.from(rows);
}

function learnMeans(table: LifeTable, options: LifeOptions): Result<BoostedTrees[]> {
  const boosters: BoostedTrees[] = [];
  for (let i = 0; i < options.boosters; i++) {
    const learned = boost(table, undefined, { ...options.boost, seed: options.seed + 1000 * i });
    if (!learned.ok) return learned;
    boosters.push(learned.value);
  }
  return success(boosters);
}

interface LearnedQuantiles {
  readonly lower: readonly BoostedTrees[];
  readonly upper: readonly BoostedTrees[];
  readonly margin: number;
}

/** Two quantile boosters a fold, and the margin by which the units they had not seen lay outside of them. */
function learnQuantiles(table: LifeTable, options: LifeOptions): Result<LearnedQuantiles> {
  const { coverage, cap } = options;
  const foldOf = partUnits(table.units, options);
  const lower: BoostedTrees[] = [];
  const upper: BoostedTrees[] = [];
  const scores = new Float64Array(table.target.length);
  for (let fold = 0; fold < options.folds; fold++) {
    const isHeldOut = (row: number) => foldOf.get(table.units[row]) === fold;
    const all = Int32Array.from(table.target, (_, row) => row);
    const heldOut = all.filter(isHeldOut);
    const seen = all.filter((row) => !isHeldOut(row));
    const ends: Float64Array[] = [];
    for (const [level, kept] of [[(1 - coverage) / 2, lower] as const, [(1 + coverage) / 2, upper] as const]) {
      const seed = options.seed + 1000 * fold + 1;
      const loss = { kind: 'quantile', level } as const;
      const learned = boost(table, seen, { ...options.boost, loss, seed, trees: QUANTILE_TREES, learningRate: 0.1 });
      if (!learned.ok) return learned;
      kept.push(learned.value);
      const columns = table.columns.map((column) => Float64Array.from(heldOut, (row) => column[row]));
      ends.push(learned.value.predict(columns).map((life) => Math.min(cap, Math.max(0, life))));
    }
    const truth = Float64Array.from(heldOut, (row) => table.target[row]);
    for (const [i, score] of outsideInterval(truth, ends[0], ends[1]).entries()) scores[heldOut[i]] = score;
  }
  // Only rows where life left is an open question count: far from failure every interval holds.
  const open = Int32Array.from(table.target, (_, row) => row).filter((row) => table.weights[row] === 1);
  const margin = conformalMarginByUnit(
    Float64Array.from(open, (row) => scores[row]),
    Int32Array.from(open, (row) => table.units[row]),
    coverage,
  );
  return margin.ok ? success({ lower, upper, margin: margin.value }) : margin;
}

function boost(table: LifeTable, rows: Int32Array | undefined, options: Partial<BoostOptions>): Result<BoostedTrees> {
  const run = boostBinned(table.binned, rows ? { ...table, rows } : table, options);
  return run.ok ? success(run.value.trees) : run;
}

function partUnits(units: Int32Array, { folds, seed }: LifeOptions): Map<number, number> {
  const all = Int32Array.from(new Set(units));
  return new Map(Array.from(drawFirst(all, all.length, seededRandom(seed)), (unit, i) => [unit, i % folds]));
}
