/** Learns the life left of units from the histories of units like them that were run until they failed. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { binColumns } from '../boost/binnedColumns.ts';
import { drawFirst, seededRandom } from '../boost/seededRandom.ts';
import { conformalMarginByUnit, outsideInterval } from './conformal.ts';
import { cyclesLeft, type Fleet, type UnitSpan, unitSpans } from './fleet.ts';
import { LifeEstimator } from './lifeEstimator.ts';
import { featuresAt, learnFeatures } from './lifeFeatures.ts';
import { type LifeMember, type LifeTable, learnMember, tellLife } from './lifeMember.ts';
import { type LifeOptions, type LifeOptionsGiven, lifeOptions } from './lifeOptions.ts';
import { bandAbout, bandWidths, learnBand, type ResidualBand } from './residualBand.ts';

/** Below this many failures trees tell units apart, not wear; a Weibull law says what can be said. */
export const FEWEST_UNITS = 10;
/** Cycles next to one another say almost the same; so many rows of a fleet are enough. */
const MOST_ROWS = 12_000;
/** Rows much further from failure than the cap all have one target and would drown the question. */
const NEAR_CAPS = 1.2;
const FAR_WEIGHT = 0.1;

/**
 * Every unit of `fleet` has failed after its last row. The estimate is the mean over folds of units of trees and nets that
 * have not seen the fold. Intervals are conformalised stretches of the residuals of units held out (Romano, Patterson and
 * Candes 2019), as they differ with what is told. `health.too-little` for fewer than ten failures, fewer than the coverage
 * needs, or signals that are all constant or noise.
 */
export function learnLife(fleet: Fleet, given: LifeOptionsGiven = {}): Result<LifeEstimator> {
  const checked = lifeOptions(given);
  if (!checked.ok) return checked;
  const options = checked.value;
  const spans = unitSpans(fleet);
  if (!spans.ok) return spans;
  if (spans.value.length < FEWEST_UNITS) {
    const detail = `${spans.value.length} units that failed; life left is learned from ${FEWEST_UNITS} or more.`;
    return failure('health.too-little', `${detail} A Weibull law of the ages at failure needs only 3.`);
  }
  const left = cyclesLeft(spans.value);
  const target = left.map((cycles) => Math.min(options.cap, cycles));
  const weights = left.map((cycles) => (cycles <= NEAR_CAPS * options.cap ? 1 : FAR_WEIGHT));
  const features = learnFeatures(fleet, spans.value, target, weights, options.windows);
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
  const learned = learnFolds(table, options);
  if (!learned.ok) return learned;
  return success(new LifeEstimator({ cap: options.cap, features: features.value, ...learned.value }));
}

/** Every n-th cycle counted from the failure backwards, so that the last cycles of each unit are always among them. */
function learningRows(rowCount: number, spans: readonly UnitSpan[]): Int32Array {
  const stride = Math.max(1, Math.ceil(rowCount / MOST_ROWS));
  const rows: number[] = [];
  for (const { begin, end } of spans)
    for (let row = begin; row < end; row++) if ((end - 1 - row) % stride === 0) rows.push(row);
  return Int32Array.from(rows);
}

interface LearnedFolds {
  readonly members: readonly LifeMember[];
  readonly band: ResidualBand;
  readonly margin: number;
}

/** One member a fold, learned from all other folds, and how far the truth of the fold it had not seen lay from what it told. */
function learnFolds(table: LifeTable, options: LifeOptions): Result<LearnedFolds> {
  const foldOf = partUnits(table.units, options);
  const fold = table.units.map((unit) => foldOf.get(unit)!);
  const all = fold.map((_, row) => row);
  const members: LifeMember[] = [];
  const told = new Float64Array(fold.length);
  for (let held = 0; held < options.folds; held++) {
    const seen = all.filter((row) => fold[row] !== held);
    const member = learnMember(table, seen, options, options.seed + held);
    if (!member.ok) return member;
    members.push(member.value);
    const unseen = all.filter((row) => fold[row] === held);
    const columns = table.columns.map((column) => pick(column, unseen));
    for (const [i, life] of tellLife([member.value], columns, options.cap).entries()) told[unseen[i]] = life;
  }
  return calibrate({ units: table.units, fold, told, truth: table.target }, members, options);
}

/** Every row of every unit, as a unit is asked at any time of its life: rows chosen by their truth would be others than those. */
interface Calibration {
  readonly units: Int32Array;
  readonly fold: Int32Array;
  readonly told: Float64Array;
  readonly truth: Float64Array;
}

/** The margin is in widths of the band, so that it is as fair near failure as far from it, and is measured with bands learned of the other folds: no row judges a band that it helped to shape. */
function calibrate(rows: Calibration, members: LifeMember[], options: LifeOptions): Result<LearnedFolds> {
  const { coverage, cap, folds } = options;
  const all = Int32Array.from(rows.told, (_, row) => row);
  const scores = new Float64Array(all.length);
  for (let held = 0; held < folds; held++) {
    const seen = all.filter((row) => rows.fold[row] !== held);
    const unseen = all.filter((row) => rows.fold[row] === held);
    const band = learnBand(pick(rows.told, seen), pick(rows.truth, seen), coverage);
    const told = pick(rows.told, unseen);
    const { lower, upper } = bandAbout(band, told, 0, cap);
    const widths = bandWidths(band, told);
    for (const [i, outside] of outsideInterval(pick(rows.truth, unseen), lower, upper).entries())
      scores[unseen[i]] = outside / widths[i];
  }
  const margin = conformalMarginByUnit(scores, rows.units, coverage);
  if (!margin.ok) return margin;
  return success({ members, band: learnBand(rows.told, rows.truth, coverage), margin: margin.value });
}

function pick(column: Float64Array | Int32Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => column[row]);
}

function partUnits(units: Int32Array, { folds, seed }: LifeOptions): Map<number, number> {
  const all = Int32Array.from(new Set(units));
  return new Map(Array.from(drawFirst(all, all.length, seededRandom(seed)), (unit, i) => [unit, i % folds]));
}
