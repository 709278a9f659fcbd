/** What is normal for one equipment, learned from its own rows: judges the rows that follow. */

import type { Assessment } from './assessment.ts';
import type { ProfileSpec } from './profileSpec.ts';

/** What was learned from, and how sure it is. */
export interface ProfileReport {
  /** Rows with all values, and the first and last time, µs since 1970 UTC. */
  readonly rows: number;
  readonly start: number;
  readonly end: number;
  /** Features that never changed or had no values, and so are watched no further. */
  readonly leftOut: readonly string[];
  readonly modes: number;
  /** Of the score; nine bootstrap thresholds of ten are within the interval. */
  readonly threshold: number;
  readonly thresholdInterval: readonly [number, number];
  /** By feature: the least lasting shift that is told, in its unit; infinite where none can be. */
  readonly leastDrifts: readonly number[];
  /** What a person must know: too short a time for the budget, a season that was not seen. */
  readonly notes: readonly string[];
}

export interface LearnedProfile {
  readonly spec: ProfileSpec;
  readonly report: ProfileReport;
  /** Whether it judges by what a model from elsewhere says of each row, and cannot without. */
  readonly needsOutside: boolean;
  /** Judges rows from then on, or goes on where a stream of this profile stood; begins afresh with a state that is of none. */
  stream(state?: unknown): ProfileStream;
  /** All that was learned, as JSON; `profileFromJson` reads it back. */
  toJson(): unknown;
}

export interface ProfileStream {
  /**
   * The next row, in the order of `spec.features`, NaN where there is no value. `time` is the end of its interval (µs), `quality` the
   * share of good data behind it. Times ascend; what a gap leaves out is no row. Throws a RangeError for a row of another width
   * and a time that does not ascend. `outside` is what a model from elsewhere says of the row, higher is stranger: a profile that was
   * learned with such scores judges by it in place of its own, and one that was not does not look at it.
   */
  push(time: number, row: Float64Array, quality: number, outside?: number): Assessment;
  /** As JSON, for `LearnedProfile.stream`. */
  state(): unknown;
}
