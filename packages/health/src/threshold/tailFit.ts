/** How rare a score is: the share of normal scores above it, counted within them and extrapolated beyond them. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** Fewer scores than this have no tail to speak of. */
const FEWEST_SCORES = 20;
/** The tail starts where a tenth of the scores are above, with at least ten of them. */
const TAIL_SHARE = 0.1;
const FEWEST_IN_TAIL = 10;

/** Sorted normal scores and a generalised Pareto tail (peaks over threshold; Pickands 1975) above `tailStart`. */
export class TailFit {
  readonly sorted: Float64Array;
  readonly tailStart: number;
  /** Share of the scores above `tailStart`. */
  readonly tailShare: number;
  readonly tailScale: number;
  /** 0 is an exponential tail, above 0 a heavier one; never below, as a bounded tail would call any new maximum impossible. */
  readonly tailShape: number;

  constructor(sorted: Float64Array) {
    const inTail = Math.max(FEWEST_IN_TAIL, Math.floor(sorted.length * TAIL_SHARE));
    this.sorted = sorted;
    this.tailStart = sorted[sorted.length - inTail - 1];
    this.tailShare = inTail / sorted.length;
    const { scale, shape } = paretoTail(sorted.subarray(sorted.length - inTail), this.tailStart);
    this.tailScale = scale;
    this.tailShape = shape;
  }

  /** The probability that a normal score is above this one, in (0, 1]; NaN for a score that is none. */
  exceedance(score: number): number {
    if (Number.isNaN(score)) return Number.NaN;
    if (score <= this.tailStart) {
      return Math.max(this.tailShare, 1 - rank(this.sorted, score) / this.sorted.length);
    }
    if (this.tailScale === 0) return Number.MIN_VALUE;
    const excess = (score - this.tailStart) / this.tailScale;
    const beyond = this.tailShape < 1e-9 ? Math.exp(-excess) : (1 + this.tailShape * excess) ** (-1 / this.tailShape);
    return Math.max(Number.MIN_VALUE, this.tailShare * beyond);
  }

  /** The score that normal ones are above with this probability, in (0, 1). */
  scoreExceededWith(probability: number): number {
    if (probability >= this.tailShare) {
      return this.sorted[Math.max(0, Math.ceil(this.sorted.length * (1 - probability)) - 1)];
    }
    const times = this.tailShare / probability;
    const excess = this.tailShape < 1e-9 ? Math.log(times) : (times ** this.tailShape - 1) / this.tailShape;
    return this.tailStart + this.tailScale * excess;
  }
}

/** Leaves out what is no score; `health.too-little` names how few there are. */
export function fitTail(scores: Float64Array): Result<TailFit> {
  const sorted = scores.filter(Number.isFinite).sort();
  if (sorted.length < FEWEST_SCORES) {
    return failure('health.too-little', `${sorted.length} normal scores; ${FEWEST_SCORES} are needed for a threshold.`);
  }
  return success(new TailFit(sorted));
}

/** Probability-weighted moments (Hosking and Wallis 1987, Technometrics 29), steady in small samples. */
function paretoTail(sorted: Float64Array, start: number): { readonly scale: number; readonly shape: number } {
  let mean = 0;
  let weighted = 0;
  for (const [i, score] of sorted.entries()) {
    mean += (score - start) / sorted.length;
    weighted += ((1 - (i + 0.65) / sorted.length) * (score - start)) / sorted.length;
  }
  if (mean <= 0) return { scale: 0, shape: 0 };
  const shape = 2 - mean / (mean - 2 * weighted);
  if (!(shape > 0)) return { scale: mean, shape: 0 };
  const bounded = Math.min(shape, 0.5);
  return { scale: mean * (1 - bounded), shape: bounded };
}

/** How many sorted scores are below this one. */
function rank(sorted: Float64Array, score: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < score) low = middle + 1;
    else high = middle;
  }
  return low;
}
