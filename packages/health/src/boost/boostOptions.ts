/** How a booster is grown, with defaults that suit tables of some hundreds to some hundred thousand rows. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { LossChoice } from './loss.ts';

export interface BoostOptions {
  readonly loss: LossChoice;
  /** At most this many trees. */
  readonly trees: number;
  /** What each tree is shrunk to, above 0 to 1. */
  readonly learningRate: number;
  /** At most this many leaves a tree; the leaf that gains most is split next. */
  readonly leaves: number;
  /** No leaf lies deeper than this many splits. */
  readonly depth: number;
  /** No leaf has less weight (rows times their weight; for the logistic loss times p (1 - p)). */
  readonly leafWeight: number;
  /** Added to the curvature of every leaf: pulls leaves with little weight towards zero. */
  readonly l2: number;
  /** The share of rows each tree is grown from, drawn anew for every tree; above 0 to 1. */
  readonly rowShare: number;
  /** The share of columns each tree may use, drawn anew for every tree; above 0 to 1. */
  readonly featureShare: number;
  /** At most this many bins a column, 2 to 255. */
  readonly bins: number;
  /** The share of units held out to say when to stop; 0 grows all trees. */
  readonly heldOutShare: number;
  /** Growing stops when this many trees in a row have not lowered the held-out loss. */
  readonly patience: number;
  readonly seed: number;
}

export const BOOST_DEFAULTS: BoostOptions = {
  loss: { kind: 'squared' },
  trees: 300,
  learningRate: 0.05,
  leaves: 31,
  depth: 8,
  leafWeight: 20,
  l2: 1,
  rowShare: 0.7,
  featureShare: 0.7,
  bins: 128,
  heldOutShare: 0,
  patience: 30,
  seed: 1,
};

/** Range of each numeric option, both ends included. */
const RANGES: Partial<Record<keyof BoostOptions, readonly [number, number]>> = {
  trees: [1, 100_000],
  learningRate: [1e-6, 1],
  leaves: [2, 4096],
  depth: [1, 64],
  leafWeight: [0, Number.MAX_VALUE],
  l2: [0, Number.MAX_VALUE],
  rowShare: [1e-6, 1],
  featureShare: [1e-6, 1],
  bins: [2, 255],
  heldOutShare: [0, 0.9],
  patience: [1, 100_000],
};

/** Fills in the defaults; `health.bad-data` names the option that lies outside its range. */
export function boostOptions(given: Partial<BoostOptions>): Result<BoostOptions> {
  const options = { ...BOOST_DEFAULTS, ...given };
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = options[name as keyof BoostOptions] as number;
    if (!(value >= least && value <= most))
      return failure('health.bad-data', `The option ${name} is ${value}; it must be ${least} to ${most}.`);
  }
  const { loss } = options;
  if (loss.kind === 'quantile' && !(loss.level > 0 && loss.level < 1))
    return failure('health.bad-data', `The quantile level is ${loss.level}; it must lie between 0 and 1.`);
  if (loss.kind === 'huber' && !(loss.delta > 0))
    return failure('health.bad-data', `The delta of the Huber loss is ${loss.delta}; it must be above 0.`);
  return success(options);
}
