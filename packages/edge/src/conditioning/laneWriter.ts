/** Where conditioning hands over what is left of the readings: one lane of whatever keeps them. */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';

/** What became of the samples of a batch that are not among those kept. */
export interface ConditionedCounts {
  readonly read: number;
  /** Of these, with a status that is not good once their range has been checked. */
  readonly notGood: number;
  /** Left out by exception reporting; negative where more that had been left out before are now among those kept. */
  readonly suppressed: number;
  /** Left out by compression, or held back by it; negative likewise. */
  readonly compressed: number;
  /** Not of any configured tag, or forbidden. */
  readonly refused: number;
  /** Of these, of a tag that the conduit policy does not let cross. */
  readonly forbidden: number;
}

export interface LaneWriter {
  /**
   * Takes over `kept` together with the counts of the batch it comes from, so that a ledger balances before and after:
   * `read = suppressed + compressed + refused + kept.count`. Both are used again by the caller when the call has returned.
   */
  write(kept: SampleBlock, counts: ConditionedCounts): void;
}
