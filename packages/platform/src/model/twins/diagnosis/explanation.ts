/** How well suspects explain residuals: what size they would have, since when, and how much is left over. */

import type { ResidualBins } from './residualBins.ts';

/** From the onset on the whole size at once, or growing along a line up to the end. */
export type Onset = 'step' | 'drift';

export interface Explanation {
  /** Suspects by their place; one, or two that changed together. */
  readonly suspects: readonly number[];
  readonly onset: Onset;
  /** The bin in which it begins; and the first and last in which it might as well, with 95 % confidence. */
  readonly from: number;
  readonly earliest: number;
  readonly latest: number;
  /** Of each suspect, at the end of the time, in its unit; and the standard uncertainty of it. */
  readonly sizes: readonly number[];
  readonly uncertainties: readonly number[];
  /** Sum of squares that is left over. */
  readonly squares: number;
  /** Numbers that were chosen: the sizes and the onset. */
  readonly choices: number;
  /** Bayesian information criterion (Schwarz 1978): less is better. */
  readonly criterion: number;
}

/** It takes some bins to tell a beginning. */
const LAST_BINS = 3;
const REFINEMENTS = 3;
/** Of chi-squared with one degree of freedom. */
const QUANTILE_95 = 3.841;

/** The best that these suspects can do; `undefined` where they leave no trace in any residual. */
export function bestExplanation(bins: ResidualBins, suspects: readonly number[]): Explanation | undefined {
  const last = Math.max(1, bins.times.length - LAST_BINS);
  let best: Explanation | undefined;
  for (const onset of ['step', 'drift'] as const) {
    const tries = Array.from({ length: last }, (_, from) => attempt(bins, suspects, onset, from));
    const least = Math.min(...tries.map((each) => each?.squares ?? Number.POSITIVE_INFINITY));
    const from = tries.findIndex((each) => each?.squares === least);
    const found = tries[from];
    if (!found || (best && best.squares <= least)) continue;
    const choices = suspects.length + 1;
    const within = least * (1 + QUANTILE_95 / Math.max(1, bins.count - choices));
    const isWithin = (each: Attempt | undefined) => each !== undefined && each.squares <= within;
    best = {
      ...{ suspects, onset, from, earliest: tries.findIndex(isWithin), latest: tries.findLastIndex(isWithin), choices },
      ...found,
      criterion: criterionOf(bins, found.squares, choices),
    };
  }
  return best;
}

/**
 * The same explanation with its sizes reckoned by the model itself: a signature is only the slope of what a cause does, and a
 * large change follows a curve (Gauss and Newton).
 */
export function refined(bins: ResidualBins, explanation: Explanation): Explanation {
  const { suspects, onset, from, choices } = explanation;
  const { start, end, times } = bins;
  const began = start + (from * (end - start)) / times.length;
  const partAt = (time: number) => (time < began ? 0 : onset === 'step' ? 1 : (time - began) / (end - began));
  let { sizes, squares, uncertainties } = explanation;
  for (let pass = 0; pass < REFINEMENTS; pass++) {
    const changes = suspects.map((suspect, at) => ({ suspect, sizeAt: (time: number) => sizes[at] * partAt(time) }));
    const residuals = bins.without(changes);
    const left = residuals.reduce((sum, residual) => sum + residual * residual, 0);
    const step = attempt({ ...bins, residuals, squares: left }, suspects, onset, from);
    // Beyond where the model says anything, the slope has to do.
    if (!step || !Number.isFinite(step.squares)) return explanation;
    sizes = sizes.map((size, at) => size + step.sizes[at]);
    ({ squares, uncertainties } = step);
  }
  return { ...explanation, sizes, squares, uncertainties, criterion: criterionOf(bins, squares, choices) };
}

export function criterionOf({ count }: ResidualBins, squares: number, choices: number): number {
  return count * Math.log(squares / count) + choices * Math.log(count);
}

interface Attempt {
  readonly squares: number;
  readonly sizes: readonly number[];
  readonly uncertainties: readonly number[];
}

/** Least squares of one size, or of two by their normal equations. */
function attempt(bins: ResidualBins, [a, b]: readonly number[], onset: Onset, from: number): Attempt | undefined {
  const { times, start, end, residuals, signatures, squares: all } = bins;
  const width = (end - start) / times.length;
  const began = start + from * width;
  const [first, second] = [signatures[a], b === undefined ? undefined : signatures[b]];
  let [aa, ab, bb, ar, br] = [0, 0, 0, 0, 0];
  for (let bin = from; bin < times.length; bin++) {
    const part = onset === 'step' ? 1 : (times[bin] - began) / (end - began);
    for (let cell = bin; cell < residuals.length; cell += times.length) {
      const x = part * first[cell];
      const y = second ? part * second[cell] : 0;
      aa += x * x;
      ab += x * y;
      bb += y * y;
      ar += x * residuals[cell];
      br += y * residuals[cell];
    }
  }
  const scale = (squares: number) => Math.max(1, squares / Math.max(1, bins.count - (second ? 3 : 2)));
  if (!second) {
    if (!(aa > 0)) return undefined;
    const squares = all - (ar * ar) / aa;
    return { squares, sizes: [ar / aa], uncertainties: [Math.sqrt(scale(squares) / aa)] };
  }
  const determinant = aa * bb - ab * ab;
  // Two that leave almost the same trace have no sizes of their own.
  if (!(determinant > 1e-6 * aa * bb)) return undefined;
  const sizes = [(bb * ar - ab * br) / determinant, (aa * br - ab * ar) / determinant];
  const squares = all - sizes[0] * ar - sizes[1] * br;
  const uncertainties = [bb, aa].map((other) => Math.sqrt((scale(squares) * other) / determinant));
  return { squares, sizes, uncertainties };
}
