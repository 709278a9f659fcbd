/** What a booster makes small: a loss with its slope and curvature at every row. */

import { weightedQuantile } from './weightedQuantile.ts';

export type LossChoice =
  | { readonly kind: 'squared' }
  | { readonly kind: 'absolute' }
  /** Squared within `delta` of the target (in units of the target), straight beyond. */
  | { readonly kind: 'huber'; readonly delta: number }
  /** The pinball loss, smallest at the quantile `level` (0 to 1, both excluded). */
  | { readonly kind: 'quantile'; readonly level: number }
  /** Targets are 0 or 1; predictions are probabilities. */
  | { readonly kind: 'logistic' };

export interface Loss {
  /** The one margin that suits all rows best. */
  start(target: Float64Array, weights: Float64Array): number;
  /** The derivative of the loss by the margin. */
  slope(target: number, margin: number): number;
  /** The second derivative, or the bound on it by which a Newton step stays safe. */
  curvature(target: number, margin: number): number;
  loss(target: number, margin: number): number;
  /** From a margin, a sum of trees, to what is predicted. */
  response(margin: number): number;
  /** Where the slope does not tell how far to go: leaves take this quantile of their residuals (Friedman 2001, LAD). */
  readonly leafLevel?: number;
}

const ONE = () => 1;
const SAME = (margin: number) => margin;

const SQUARED: Loss = {
  start: weightedMean,
  slope: (target, margin) => margin - target,
  curvature: ONE,
  loss: (target, margin) => 0.5 * (margin - target) ** 2,
  response: SAME,
};

const LOGISTIC: Loss = {
  start: (target, weights) => {
    const share = Math.min(1 - 1e-6, Math.max(1e-6, weightedMean(target, weights)));
    return Math.log(share / (1 - share));
  },
  slope: (target, margin) => sigmoid(margin) - target,
  curvature: (_target, margin) => Math.max(1e-9, sigmoid(margin) * (1 - sigmoid(margin))),
  loss: (target, margin) => Math.max(0, margin) - margin * target + Math.log1p(Math.exp(-Math.abs(margin))),
  response: sigmoid,
};

export function lossOf(choice: LossChoice): Loss {
  switch (choice.kind) {
    case 'squared':
      return SQUARED;
    case 'logistic':
      return LOGISTIC;
    case 'absolute':
      return pinball(0.5);
    case 'quantile':
      return pinball(choice.level);
    case 'huber':
      return huber(choice.delta);
  }
}

function pinball(level: number): Loss {
  return {
    start: (target, weights) => weightedQuantile(target, weights, level),
    slope: (target, margin) => (target > margin ? -level : 1 - level),
    curvature: ONE,
    loss: (target, margin) => (target > margin ? level * (target - margin) : (1 - level) * (margin - target)),
    response: SAME,
    leafLevel: level,
  };
}

function huber(delta: number): Loss {
  return {
    start: (target, weights) => weightedQuantile(target, weights, 0.5),
    slope: (target, margin) => Math.max(-delta, Math.min(delta, margin - target)),
    curvature: ONE,
    loss: (target, margin) => {
      const apart = Math.abs(margin - target);
      return apart <= delta ? 0.5 * apart * apart : delta * (apart - 0.5 * delta);
    },
    response: SAME,
  };
}

function weightedMean(target: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let weight = 0;
  for (let row = 0; row < target.length; row++) {
    sum += weights[row] * target[row];
    weight += weights[row];
  }
  return sum / weight;
}

function sigmoid(margin: number): number {
  return 1 / (1 + Math.exp(-margin));
}
