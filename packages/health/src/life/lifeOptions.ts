/** How life left is learned, with defaults chosen on training units alone. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { BoostOptions } from '../boost/boostOptions.ts';

export interface LifeOptions {
  /** Life left is told up to this many cycles; above it a unit counts as far from failure. */
  readonly cap: number;
  /** Cycles of the windows over which features are made, shortest first. */
  readonly windows: readonly number[];
  /** The chance with which intervals hold the life left of a unit never seen. */
  readonly coverage: number;
  /** Units are parted into so many folds; each has a booster that has not seen it, and all are averaged. */
  readonly folds: number;
  readonly seed: number;
  readonly boost: Partial<BoostOptions>;
}

/**
 * Chosen by five-fold cross-validation by unit on the training parts of C-MAPSS FD001 and FD002, as the least error over
 * the cycles with 5 to 145 left. Error hardly depends on loss, depth and shares; it depends on the index being a feature,
 * on long windows together with the age, and on rows far from failure weighing little.
 */
export const LIFE_DEFAULTS: LifeOptions = {
  cap: 125,
  windows: [15, 30, 60, 120, 360],
  coverage: 0.9,
  folds: 5,
  seed: 1,
  boost: {
    trees: 250,
    learningRate: 0.05,
    leaves: 24,
    depth: 6,
    leafWeight: 15,
    l2: 5,
    rowShare: 0.6,
    featureShare: 0.2,
    bins: 64,
  },
};

/** Fills in the defaults; `health.bad-data` names the option that cannot be. */
export function lifeOptions(given: Partial<LifeOptions>): Result<LifeOptions> {
  const options = { ...LIFE_DEFAULTS, ...given, boost: { ...LIFE_DEFAULTS.boost, ...given.boost } };
  const { cap, windows, coverage, folds } = options;
  if (!(cap > 0 && cap < Infinity)) return failure('health.bad-data', `The cap is ${cap}; it must be above 0.`);
  if (windows.length === 0 || !windows.every((window) => Number.isInteger(window) && window >= 2))
    return failure('health.bad-data', `The windows are [${windows.join(', ')}]; each must be 2 or more whole cycles.`);
  if (!(coverage > 0 && coverage < 1))
    return failure('health.bad-data', `The coverage is ${coverage}; it must lie between 0 and 1.`);
  if (!(Number.isInteger(folds) && folds >= 2))
    return failure('health.bad-data', `There are ${folds} folds; 2 are the least.`);
  return success(options);
}
