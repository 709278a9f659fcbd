/** How life left is learned, with the values that cross-validation by unit over run-to-failure fleets settled on. */

import type { BoostOptions } from '../boost/boostOptions.ts';

export interface LifeOptions {
  /** Life left is told up to this many cycles; above it a unit counts as far from failure. */
  readonly cap: number;
  /** Cycles of the windows over which features are made, shortest first. */
  readonly windows: readonly number[];
  /** So many boosters, alike but for their seed, are averaged. */
  readonly boosters: number;
  /** The chance with which intervals hold the life left of a unit never seen. */
  readonly coverage: number;
  /** Units are parted into so many folds for the intervals. */
  readonly folds: number;
  readonly seed: number;
  readonly boost: Partial<BoostOptions>;
}

export const LIFE_DEFAULTS: LifeOptions = {
  cap: 125,
  windows: [15, 30, 60, 120, 360],
  boosters: 4,
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
