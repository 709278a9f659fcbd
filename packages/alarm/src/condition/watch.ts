/** What follows one condition: it is fed with samples and with time, and tells when the condition begins and ceases to hold. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Reading } from './reading.ts';

/** Told when a condition begins to hold, and when it ends, with the time by the clock of the source. */
export type ChangeListener = (active: boolean, time: Timestamp) => void;

export interface Watch {
  readonly active: boolean;
  sample(reading: Reading): void;
  /** What was read last before the watch began: it says how things stand, and not that anything is read. */
  prime(reading: Reading): void;
  /** A sample of the other tag that the condition compares with. */
  reference(reading: Reading): void;
  /** Time goes by without a sample; to be called about as often as delays are to be exact. `nowUs` is what `start.now` gives. */
  tick(nowUs: number): void;
}

export interface WatchDelays {
  readonly onDelayUs: number;
  readonly offDelayUs: number;
}

/** Where a watch begins: after a restart with what was known, `active`. */
export interface WatchStart {
  readonly active: boolean;
  readonly time: Timestamp;
  /** Microseconds of a clock that never goes back; only differences count. It is asked where a delay begins. */
  readonly now: () => number;
}
