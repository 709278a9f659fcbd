/** From the columns of a fleet to what life left is learned from: signals by regime, freed of noise, a health index, windows of both. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Fleet, UnitSpan } from './fleet.ts';
import {
  learnRegimes,
  learnScale,
  type OperatingRegimes,
  type RegimeScale,
  regimeOfRows,
  regimeScores,
} from './operatingRegimes.ts';
import { learnRidge, predictRidge, type Ridge } from './ridge.ts';
import { learnSteady, learnTrust, type SteadyMixes, steadyScores } from './steadySignals.ts';
import { windowMeasures } from './windowFeatures.ts';

/** Holds the coefficients of the health index back; signals are in spreads, so it suits every fleet alike. */
const INDEX_PENALTY = 1e-3;
/** Less of a signal than this share moves slower than from row to row: it is noise, and trees would read meaning into it. */
const LEAST_SLOW_SHARE = 0.05;

/** What was learned from the training units; plain data, ready for JSON. */
export interface LearnedFeatures {
  readonly windows: readonly number[];
  readonly regimes: OperatingRegimes;
  /** Signals that move, and not only at random: where they stand, what they are called, what is usual, how far they ever went. */
  readonly signals: readonly {
    readonly at: number;
    readonly name: string;
    readonly scale: RegimeScale;
    readonly farthest: number;
  }[];
  readonly mixes: SteadyMixes;
  /** The health index: the linear mix of the steady signals that tells life left best, in cycles. */
  readonly index: Ridge;
  /** Of every steady signal, then of the index: how much a value counts in each regime. */
  readonly trust: readonly Float64Array[];
  readonly usesAge: boolean;
}

/** One column a feature, one entry a row. */
export interface LifeColumns {
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
}

/**
 * Learns regimes, scales, steady signals and the health index. `target` is the life left at every row; `weights` says how
 * much each counts. `health.too-little` where every signal is constant or noise.
 */
export function learnFeatures(
  fleet: Fleet,
  spans: readonly UnitSpan[],
  target: Float64Array,
  weights: Float64Array,
  windows: readonly number[],
): Result<LearnedFeatures> {
  const regimes = learnRegimes(fleet.settings);
  const regime = regimeOfRows(regimes, fleet.settings, fleet.units.length);
  const signals: LearnedFeatures['signals'][number][] = [];
  const scores: Float64Array[] = [];
  for (const [at, signal] of fleet.signals.entries()) {
    const scale = learnScale(signal, regime, regimes.centres.length);
    if (!scale) continue;
    const scored = regimeScores(signal, regime, scale);
    if (slowShare(scored, spans) < LEAST_SLOW_SHARE) continue;
    const farthest = scored.reduce((most, score) => (Number.isNaN(score) ? most : Math.max(most, Math.abs(score))), 0);
    signals.push({ at, name: fleet.signalNames[at], scale, farthest });
    scores.push(scored);
  }
  if (signals.length === 0)
    return failure('health.too-little', 'Every signal is constant or noise in every regime: nothing tells of wear.');
  const mixes = learnSteady(scores, regime, regimes.centres.length, spans);
  const steady = steadyScores(mixes, scores, regime);
  const index = learnRidge(steady, target, weights, INDEX_PENALTY);
  const trust = [...steady, predictRidge(index, steady, regime.length)].map((signal) =>
    learnTrust(signal, regime, regimes.centres.length, spans),
  );
  return success({ windows, regimes, signals, mixes, index, trust, usesAge: fleet.ages !== undefined });
}

/** The share of a signal's variance that the next row of the unit still has. */
function slowShare(score: Float64Array, spans: readonly UnitSpan[]): number {
  let products = 0;
  let squares = 0;
  for (const { begin, end } of spans) {
    for (let row = begin + 1; row < end; row++) {
      const product = score[row - 1] * score[row];
      if (Number.isNaN(product)) continue;
      products += product;
      squares += 0.5 * (score[row - 1] ** 2 + score[row] ** 2);
    }
  }
  return squares > 0 ? products / squares : 0;
}

/** At every row the signals in spreads of their regime, the same freed of noise, and the health index made of these. */
export function scoreSignals(learned: LearnedFeatures, fleet: Fleet) {
  const regime = regimeOfRows(learned.regimes, fleet.settings, fleet.units.length);
  const scores = learned.signals.map(({ at, scale }) => regimeScores(fleet.signals[at], regime, scale));
  const steady = steadyScores(learned.mixes, scores, regime);
  return { regime, scores, steady, index: predictRidge(learned.index, steady, fleet.units.length) };
}

/** All features at the given rows, which ascend; none looks ahead of its row. */
export function featuresAt(
  learned: LearnedFeatures,
  fleet: Fleet,
  spans: readonly UnitSpan[],
  rows: Int32Array,
): LifeColumns {
  const { regime, steady, index } = scoreSignals(learned, fleet);
  const names: string[] = [];
  const columns: Float64Array[] = [];
  const sources = [...learned.signals.map(({ name }, i) => ({ name, signal: steady[i] }))];
  sources.push({ name: 'health index', signal: index });
  for (const [i, { name, signal }] of sources.entries()) {
    const weights = Float64Array.from(regime, (r) => learned.trust[i][r]);
    for (const window of learned.windows) {
      const { mean, rise } = windowMeasures(signal, spans, rows, window, weights);
      names.push(`${name} mean ${window}`, `${name} rise ${window}`);
      columns.push(mean, rise);
    }
  }
  if (learned.usesAge) {
    names.push('age');
    columns.push(Float64Array.from(rows, (row) => fleet.ages?.[row] ?? Number.NaN));
  }
  return { names, columns };
}
