/** The columnar batch of samples: the unit that is conditioned, spooled, sent, logged and archived. */

import type { Timestamp } from '../clock/timestamp.ts';
import type { Tally } from '../ledger/tally.ts';
import type { Lane } from '../sample/lane.ts';

/** What stands in the value column of a sample. A bad sample has mostly `none`. */
export const ValueKind = { none: 0, number: 1, string: 2 } as const;
export type ValueKind = (typeof ValueKind)[keyof typeof ValueKind];

/** More samples than this do not go into one block. */
export const MAX_BLOCK_SAMPLES = 65_536;

/**
 * Samples as columns of equal length, in the order in which they were read; times may repeat and may go back. The arrays
 * may be longer than `count`: what lies beyond it is scratch space.
 */
export interface SampleBlock {
  readonly count: number;
  /** Tag number within the gateway, `TagDefinition.number`. */
  readonly tags: Uint32Array;
  /** `Timestamp`: microseconds since 1970 UTC. */
  readonly times: Float64Array;
  /** A number, a boolean as 0 or 1, or an index into `strings`; 0 where there is no value. */
  readonly values: Float64Array;
  /** One `ValueKind` for each sample. */
  readonly kinds: Uint8Array;
  /** One `StatusCode` for each sample. */
  readonly statuses: Uint32Array;
  readonly strings: readonly string[];
}

/** Place of a block in the stream of its lane: epochs ascend, and sequences ascend by one within an epoch. */
export interface BlockPosition {
  /** Names one life of the spool; greater than every epoch before it. */
  readonly epoch: number;
  /** From 0. */
  readonly sequence: number;
}

/** What a block says of itself before its columns. */
export interface BlockHeader extends BlockPosition {
  readonly gateway: string;
  readonly lane: Lane;
  readonly sealedAt: Timestamp;
  readonly count: number;
  /** The lane's ledger when the block was sealed, its own samples included. */
  readonly tally: Tally;
}

/** Negative where `a` comes before `b` in their stream, 0 where they are the same place. */
export function comparePositions(a: BlockPosition, b: BlockPosition): number {
  return a.epoch - b.epoch || a.sequence - b.sequence;
}
