/** Rows of features: what a watch sees of its asset, interval by interval. */

export interface FeatureTable {
  readonly names: readonly string[];
  /** Ends of the intervals, µs since 1970 UTC, ascending; an interval in which the condition never held has no row. */
  readonly times: Float64Array;
  /** By feature; NaN where there is no value. */
  readonly columns: readonly Float64Array[];
  /** Share of each interval, within the condition, in which all that the features come from was good, 0 to 1. */
  readonly quality: Float64Array;
  /** By feature: why a value is missing though there are samples, as a sentence; where nothing is known of it, `undefined`. */
  readonly lacks?: readonly (string | undefined)[];
}

/** Where rows come from: the archive with every edit, or as it was known at a time. */
export interface FeatureQuestion {
  /** Intervals that lie in `start <= time < end` (µs); both are moved out to whole intervals of the watch. */
  readonly start: number;
  readonly end: number;
  /** Only what was known then counts (µs); what is known now where it is left out. */
  readonly knownAt?: number;
  /** Measures of vibration take long over a long time: they are left out then, and have no values. */
  readonly withoutVibration?: boolean;
}
