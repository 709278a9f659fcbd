/** What is normal for the level of one feature, and how far it may go before that is a drift. */

export interface FeatureNormal {
  /** Its level. */
  readonly level: number;
  /** Deviation of the smoothed level about it, with the doubt of a short learning time and of seasons not seen. */
  readonly spread: number;
  /** A drift is proven at so many spreads: Student's quantile for the budget and the independent levels. */
  readonly reach: number;
  /** Deviation of single levels, and how many of them tell as much as independent ones. */
  readonly levelDeviation: number;
  readonly independentLevels: number;
  /** The furthest that a slot was from its level. */
  readonly slotReach: number;
  /** A level this near is no drift: until a year was seen, what is normal for hours of a day may become so for all of it. */
  readonly nearest: number;
  /** How it moves with others; `undefined` where it does not, or that did not hold up. */
  readonly dependence: Dependence | undefined;
}

/** value - sum of coefficient * (other - centre) does not move with the others. */
export interface Dependence {
  /** Columns. */
  readonly on: readonly number[];
  readonly coefficients: readonly number[];
  readonly centres: readonly number[];
  /** Inverse of the covariance of the others, row by row: how far outside of what was learned they are. */
  readonly precision: readonly number[];
}

/** The value as it would be with the others at their centres. */
export function withoutOthers(dependence: Dependence | undefined, row: Float64Array, value: number): number {
  if (dependence === undefined) return value;
  let left = value;
  for (let i = 0; i < dependence.on.length; i++) {
    left -= dependence.coefficients[i] * (row[dependence.on[i]] - dependence.centres[i]);
  }
  return left;
}

/** The squared Mahalanobis distance of the others from what was learned; 0 without a dependence. */
export function outsideOfLearned(dependence: Dependence | undefined, row: Float64Array): number {
  if (dependence === undefined) return 0;
  const { on, centres, precision } = dependence;
  let square = 0;
  for (let i = 0; i < on.length; i++) {
    for (let j = 0; j < on.length; j++) {
      square += (row[on[i]] - centres[i]) * precision[i * on.length + j] * (row[on[j]] - centres[j]);
    }
  }
  return Math.max(0, square);
}
