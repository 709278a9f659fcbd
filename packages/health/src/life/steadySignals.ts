/** Signals freed of their noise: each told from all signals of the row, as its neighbours in time have it. */

import type { UnitSpan } from './fleet.ts';
import { learnRidge, predictRidge, type Ridge } from './ridge.ts';

/** Rows on either side whose mean a signal is learned to tell; wear hardly moves over so few. */
const NEIGHBOURS = 8;
const PENALTY = 1e-3;
/** No regime counts more than this many times as much as what is usual. */
const MOST_TRUST = 20;

/** Of every regime, for every signal, the mix of all signals that tells it best. */
export type SteadyMixes = readonly (readonly Ridge[])[];

/**
 * Noise differs from row to row, wear does not: a mix of a row's signals that tells the mean of a signal's neighbours,
 * without the row itself, has kept the wear and lost the noise (a Wiener filter across signals, learned as denoising from
 * noise alone is; Lehtinen et al. 2018). As neighbours are of all regimes, the mixes also make regimes alike.
 */
export function learnSteady(
  scores: readonly Float64Array[],
  regime: Uint8Array,
  regimes: number,
  spans: readonly UnitSpan[],
): SteadyMixes {
  const neighbours = scores.map((score) => neighbourMeans(score, spans));
  return Array.from({ length: regimes }, (_, r) =>
    neighbours.map((mean) => {
      const weights = mean.map((value, row) => (regime[row] === r && Number.isFinite(value) ? 1 : 0));
      return learnRidge(scores, mean, weights, PENALTY);
    }),
  );
}

/** Every signal as its mix tells it; NaN in rows without any value. */
export function steadyScores(
  mixes: SteadyMixes,
  scores: readonly Float64Array[],
  regime: Uint8Array,
): readonly Float64Array[] {
  return scores.map((_, signal) => {
    const told = mixes.map((ofRegime) => predictRidge(ofRegime[signal], scores, regime.length));
    return told[0].map((_value, row) => told[regime[row]][row]);
  });
}

/**
 * How much a value of a steady signal counts in each regime: one over the variance about its neighbours, which is what noise
 * is left (weighted least squares, Aitken 1935), as a share of what is usual; never so much that a few rows say all.
 */
export function learnTrust(
  steady: Float64Array,
  regime: Uint8Array,
  regimes: number,
  spans: readonly UnitSpan[],
): Float64Array {
  const apart = neighbourMeans(steady, spans).map((mean, row) => (steady[row] - mean) ** 2);
  const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const usual = meanOf(apart.filter(Number.isFinite));
  return Float64Array.from({ length: regimes }, (_, r) => {
    const noise = meanOf(apart.filter((square, row) => regime[row] === r && Number.isFinite(square)));
    // A regime without neighbours, or a signal without noise, is like any other.
    return usual / Math.max(noise, usual / MOST_TRUST) || 1;
  });
}

function neighbourMeans(score: Float64Array, spans: readonly UnitSpan[]): Float64Array {
  const means = new Float64Array(score.length).fill(Number.NaN);
  for (const { begin, end } of spans) {
    for (let row = begin; row < end; row++) {
      let sum = 0;
      let count = 0;
      for (let at = Math.max(begin, row - NEIGHBOURS); at < Math.min(end, row + NEIGHBOURS + 1); at++) {
        if (at === row || Number.isNaN(score[at])) continue;
        sum += score[at];
        count++;
      }
      if (count > 0) means[row] = sum / count;
    }
  }
  return means;
}
