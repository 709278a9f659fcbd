/** What one row of features says of an equipment. */

/**
 * Why a row has no score: a feature has no value, its data are doubtful, or too few rows came before. The first two raise
 * nothing and move no level.
 */
export type Unscored = 'missing' | 'doubtful' | 'warming-up';

/** What is left until a feature is at its limit, in days; infinite where it does not go there. */
export interface LifeLeft {
  readonly medianDays: number;
  /** So many days are left with a probability of 95 and of 5 %. */
  readonly lowDays: number;
  readonly highDays: number;
}

/** A feature that jumped to another level and stayed: a part, a range or a unit was changed, or something broke; not wear. */
export interface FeatureStep {
  /** Begin of the first interval on the new level, µs since 1970 UTC. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
  /** The conversion of units that would explain it, in words; `undefined` where none does. */
  readonly conversion: string | undefined;
}

/** Where a feature stands against what was normal, apart from the noise of single rows. */
export interface FeatureDrift {
  /** Now, smoothed, and as it would be with the features it depends on as learned; in the unit of the feature. NaN where nothing is known yet. */
  readonly level: number;
  /** As learned: its level, and the deviation of the smoothed level about it. */
  readonly normal: number;
  readonly spread: number;
  /** How far the drift is proven: at 1 it is an alarm by the budget. */
  readonly evidence: number;
  /** When it began, µs since 1970 UTC; NaN where it has not. */
  readonly since: number;
  /** Of late; NaN where there is no drift, or it is a step. */
  readonly perDay: number;
  readonly step: FeatureStep | undefined;
  /** `undefined` where there is no limit, no drift, or the trend carries no estimate; `noLife` says why. */
  readonly life: LifeLeft | undefined;
  readonly noLife: string | undefined;
}

export interface Assessment {
  /** End of the interval of the row, µs since 1970 UTC. */
  readonly time: number;
  /** Share of the data behind the row that are good, 0 to 1. */
  readonly quality: number;
  /** -log10 of the probability of such a row in normal data; NaN where there is none. */
  readonly score: number;
  readonly unscored: Unscored | undefined;
  /** Of the score, by feature, 0 or more; the largest is to be looked at first. */
  readonly contributions: Float64Array;
  /** The operating mode that was learned from the rows, from 0; -1 where none is like it. */
  readonly mode: number;
  /** By feature. */
  readonly drifts: readonly FeatureDrift[];
  /** What is an alarm by the budget: strange rows for long enough, and features that drift. */
  readonly strange: boolean;
  readonly drifting: boolean;
}
