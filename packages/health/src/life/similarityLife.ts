/** Life left as it was for past failures whose last stretch looked like this one. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { weightedQuantile } from '../boost/weightedQuantile.ts';

/** Fewer past failures are anecdotes, not a fleet. */
const FEWEST_FAILURES = 3;

export interface PastFailure {
  readonly unit: number;
  /** The health index at every cycle until the failure. */
  readonly index: Float64Array;
}

export interface SimilarLife {
  /** Weighted quantiles of the life that the similar failures had left, in cycles. */
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
  /** The failures that matched best, best first: which unit, how far the two stretches are apart (root mean square of
   * the index), and how many cycles that unit had left. */
  readonly matches: readonly { readonly unit: number; readonly distance: number; readonly cyclesLeft: number }[];
}

export interface SimilarityOptions {
  /** Cycles of the stretch that is compared. */
  readonly window: number;
  /** Root mean square noise of the index: matches closer than this count as alike. */
  readonly noise: number;
  /** The chance that the life left lies between `lower` and `upper`, were it drawn from the matches. */
  readonly coverage: number;
}

/**
 * Slides the last stretch of an index along every past failure; each failure counts with its best place, by a Gaussian
 * of the distance (Wang, Yu, Siegel and Lee 2008). `health.too-little` below three failures, for a stretch shorter than
 * the window, or where nothing in the past comes near.
 */
export function similarLife(
  index: Float64Array,
  past: readonly PastFailure[],
  { window, noise, coverage }: SimilarityOptions,
): Result<SimilarLife> {
  const stretch = index.subarray(-window).filter(Number.isFinite);
  if (past.length < FEWEST_FAILURES)
    return failure('health.too-little', `${past.length} past failures; similarity needs ${FEWEST_FAILURES}.`);
  if (stretch.length < window)
    return failure('health.too-little', `The index has ${stretch.length} of the ${window} cycles that are compared.`);
  const matches = past.flatMap((failed) => bestPlace(stretch, failed)).sort((a, b) => a.distance - b.distance);
  const near = matches.filter(({ distance }) => distance <= 3 * noise);
  if (near.length < FEWEST_FAILURES)
    return failure(
      'health.too-little',
      `${near.length} past failures ever looked like this; ${FEWEST_FAILURES} are needed.`,
    );
  const lives = Float64Array.from(near, (match) => match.cyclesLeft);
  const weights = Float64Array.from(near, ({ distance }) => Math.exp(-0.5 * (distance / noise) ** 2));
  return success({
    median: weightedQuantile(lives, weights, 0.5),
    lower: weightedQuantile(lives, weights, (1 - coverage) / 2),
    upper: weightedQuantile(lives, weights, (1 + coverage) / 2),
    matches: near,
  });
}

/** Nothing for a failure that is shorter than the stretch. */
function bestPlace(stretch: Float64Array, { unit, index }: PastFailure) {
  let distance = Number.POSITIVE_INFINITY;
  let cyclesLeft = 0;
  for (let end = stretch.length; end <= index.length; end++) {
    let squares = 0;
    for (let i = 0; i < stretch.length; i++) squares += (stretch[i] - index[end - stretch.length + i]) ** 2;
    const apart = Math.sqrt(squares / stretch.length);
    if (apart < distance) {
      distance = apart;
      cyclesLeft = index.length - end;
    }
  }
  return Number.isFinite(distance) ? [{ unit, distance, cyclesLeft }] : [];
}
