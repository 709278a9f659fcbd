/** Says when the server took something into its record: strictly ascending, so that of any two things one came first. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';

/**
 * Samples that arrive, changes of history and of definitions are stamped by one and the same recording clock: what "as known
 * at T" means, and which samples a deletion hides, hangs on the order of their stamps. A wall clock that stands still or is
 * set back moves on by a microsecond for each stamp until it has caught up.
 */
export class RecordingClock {
  readonly #clock: Clock;
  #last: number;

  /** `after`: the latest stamp of the server's life before, `-Infinity` where there was none. */
  constructor(clock: Clock, after = Number.NEGATIVE_INFINITY) {
    this.#clock = clock;
    this.#last = after;
  }

  /** A moment later than every one before. */
  readonly stamp = (): Timestamp => {
    this.#last = Math.max(this.#clock.now(), this.#last + 1);
    return this.#last as Timestamp;
  };

  /** Later stamps come after `moment`. */
  advanceTo(moment: number): void {
    this.#last = Math.max(this.#last, moment);
  }
}
