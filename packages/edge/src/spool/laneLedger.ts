/** The counts of one lane as they stand now; a block's header takes a copy of them when it is sealed. */

import { EMPTY_TALLY, type Tally } from '@tidegate/core/ledger/tally.ts';
import type { ConditionedCounts } from '../conditioning/laneWriter.ts';

export class LaneLedger {
  readonly #counts: { -readonly [Count in keyof Tally]: number };
  /** Samples that were accepted and then refused after all, because their block could not be written. */
  #takenBack = 0;

  constructor(start: Tally = EMPTY_TALLY) {
    this.#counts = { ...start };
  }

  tally(): Tally {
    return { ...this.#counts };
  }

  /** So many samples of a batch have been put into the block that is being filled. */
  accept(samples: number): void {
    this.#counts.read += samples;
    this.#counts.accepted += samples;
  }

  /** The rest of a batch whose `accepted` samples have been noted; of those that were kept, `refused` found no room. */
  take(counts: ConditionedCounts, accepted: number, refused: number): void {
    this.#counts.read += counts.read - accepted;
    this.#counts.notGood += counts.notGood;
    this.#counts.suppressed += counts.suppressed;
    this.#counts.compressed += counts.compressed;
    this.#counts.refused += counts.refused + refused;
    this.#counts.forbidden += counts.forbidden;
  }

  /** A block of so many samples could not be written. */
  takeBack(samples: number): void {
    this.#counts.accepted -= samples;
    this.#counts.refused += samples;
    this.#takenBack += samples;
  }

  expire(samples: number): void {
    this.#counts.expired += samples;
  }

  damage(samples: number): void {
    this.#counts.damaged += samples;
  }

  /**
   * The tally as it is now, as a function that gives it again later, corrected by what has been taken back, has expired
   * or was found damaged in between: what came before a block must be told right when the block is written at last.
   */
  snapshot(): () => Tally {
    const then = this.tally();
    const takenBackThen = this.#takenBack;
    return () => {
      const takenBack = this.#takenBack - takenBackThen;
      const { expired, damaged } = this.#counts;
      return {
        ...then,
        accepted: then.accepted - takenBack,
        refused: then.refused + takenBack,
        expired,
        damaged,
      };
    };
  }
}
