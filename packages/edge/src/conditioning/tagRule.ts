/** What is to be done to the readings of one tag before they are kept. */

import type { Lane } from '@tidegate/core/sample/lane.ts';

export interface TagRule {
  /** `TagDefinition.number`. */
  readonly number: number;
  readonly lane: Lane;
  /** A number becomes `value * scale + offset`; 1 and 0 where they are left out. */
  readonly scale?: number | undefined;
  readonly offset?: number | undefined;
  /** Range of plausible values after scaling, both ends included. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** True where a value holds until the next one, so that nothing is interpolated; texts always do. */
  readonly stepped?: boolean | undefined;
  /** Without it every reading is kept. */
  readonly exception?: ExceptionRule | undefined;
  /**
   * Without it every sample that report by exception passes on is kept. It does nothing where the tag is stepped. Where
   * there is no rule for exceptions beside it, one with a deviation of 0 holds.
   */
  readonly compression?: CompressionRule | undefined;
  /** The conduit policy does not let the tag cross: nothing of it is kept. */
  readonly forbidden?: boolean | undefined;
  /** Index of the rate that it shares with the other tags of its flow; `undefined` where there is no limit. */
  readonly rate?: number | undefined;
  /** Somebody looks at every reading of it: an alarm. */
  readonly watched?: boolean | undefined;
}

/** Report by exception: which readings say something new. */
export interface ExceptionRule {
  /** A number is new when it differs from the last one kept by more than this, in engineering units after scaling. */
  readonly deviation: number;
  /** For this long after a kept sample, a number that differs is not kept; other changes are. 0 where it is left out. */
  readonly minIntervalMs?: number | undefined;
  /** A sample is kept when this much time has passed since the last, whatever its value; never, where it is left out. */
  readonly maxIntervalMs?: number | undefined;
}

/** Compression: which samples lie on a line between two others. */
export interface CompressionRule {
  /** A number is left out where the line between those kept passes it at no more than this, in engineering units. */
  readonly deviation: number;
  /** For this long after a kept sample, numbers are left out wherever they lie; other changes are kept. 0 where it is left out. */
  readonly minIntervalMs?: number | undefined;
  /**
   * A sample is kept when this much time has passed since the last, and is held back no longer than that, whether or not
   * another comes; without limit, where it is left out.
   */
  readonly maxIntervalMs?: number | undefined;
}
