/** From the columns of a fleet to what a booster learns life left from: signals by regime, a health index, windows of both. */

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
import { fadingMean, type WindowFeatures, windowMeasures } from './windowFeatures.ts';

/** Holds the coefficients of the health index back; signals are in spreads, so it suits every fleet alike. */
const INDEX_PENALTY = 1e-3;
/** Cycles over which a fading mean forgets. */
const MEMORY_CYCLES = 8;
/** Level and spread of single signals add nothing that cross-validation notices; those of the index do. */
const SIGNAL_MEASURES = ['mean', 'slope'] as const;
const INDEX_MEASURES = ['mean', 'slope', 'level', 'spread', 'least', 'most'] as const;

/** What was learned from the training units; plain data, ready for JSON. */
export interface LearnedFeatures {
  readonly windows: readonly number[];
  readonly regimes: OperatingRegimes;
  /** Signals that say something: where they stand, what they are called, what is usual, how far they ever went. */
  readonly signals: readonly {
    readonly at: number;
    readonly name: string;
    readonly scale: RegimeScale;
    readonly farthest: number;
  }[];
  /** The health index: the linear mix of the signals that tells life left best, in cycles. */
  readonly index: Ridge;
  readonly usesAge: boolean;
}

/**
 * Learns regimes, scales and the health index. `target` is the life left at every row; `weights` says how much each
 * counts. `health.too-little` where every signal is constant.
 */
export function learnFeatures(
  fleet: Fleet,
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
    const farthest = scored.reduce((most, score) => (Number.isNaN(score) ? most : Math.max(most, Math.abs(score))), 0);
    signals.push({ at, name: fleet.signalNames[at], scale, farthest });
    scores.push(scored);
  }
  if (signals.length === 0)
    return failure('health.too-little', 'Every signal is constant in every operating regime: nothing tells of wear.');
  const index = learnRidge(scores, target, weights, INDEX_PENALTY);
  return success({ windows, regimes, signals, index, usesAge: fleet.ages !== undefined });
}

/** The signals in spreads of their regime, and the health index made of them, at every row. */
export function scoreSignals(learned: LearnedFeatures, fleet: Fleet) {
  const regime = regimeOfRows(learned.regimes, fleet.settings, fleet.units.length);
  const scores = learned.signals.map(({ at, scale }) => regimeScores(fleet.signals[at], regime, scale));
  return { scores, index: predictRidge(learned.index, scores, fleet.units.length) };
}

/** All features at the given rows, none of which looks ahead of its row. */
export function featuresAt(
  learned: LearnedFeatures,
  fleet: Fleet,
  spans: readonly UnitSpan[],
  rows: Int32Array,
): WindowFeatures {
  const { scores, index } = scoreSignals(learned, fleet);
  const names: string[] = [];
  const columns: Float64Array[] = [];
  const add = (name: string, column: Float64Array) => {
    names.push(name);
    columns.push(Float64Array.from(rows, (row) => column[row]));
  };
  const sources = [...learned.signals.map(({ name }, i) => ({ name, column: scores[i], isIndex: false }))];
  sources.push({ name: 'health index', column: index, isIndex: true });
  for (const { name, column, isIndex } of sources) {
    for (const window of learned.windows) {
      const measures = windowMeasures(column, spans, window);
      const said = isIndex ? INDEX_MEASURES : SIGNAL_MEASURES;
      for (const measure of said) add(`${name} ${measure} ${window}`, measures[measure]);
    }
    add(`${name} fading`, fadingMean(column, spans, learned.windows[0], MEMORY_CYCLES));
  }
  if (learned.usesAge) add('age', fleet.ages ?? new Float64Array(fleet.units.length).fill(Number.NaN));
  return { names, columns };
}
