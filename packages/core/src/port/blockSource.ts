/** Where the sending end of the boundary takes blocks from: a lane of the spool, or of a relay. */

import type { BlockPosition } from '../block/sampleBlock.ts';
import type { Tally } from '../ledger/tally.ts';
import type { Lane } from '../sample/lane.ts';

/** A block as it lies in the spool: durable, its checksum verified when it was read. */
export interface SpooledBlock extends BlockPosition {
  readonly bytes: Uint8Array;
}

/** How much waits to be delivered. */
export interface SpoolDepth {
  readonly blocks: number;
  readonly samples: number;
  readonly bytes: number;
}

export interface BlockSource {
  readonly gateway: string;
  readonly lane: Lane;
  /**
   * The durable blocks behind `after` (from the oldest held, where it is `undefined`), in order: at least one where there
   * is one, then as many as fit into `maxBytes`. Blocks that were damaged or have expired are absent, which shows as a
   * gap in the sequence.
   */
  read(after: BlockPosition | undefined, maxBytes: number): Promise<readonly SpooledBlock[]>;
  /** Resolves as soon as `read(after)` would give a block, or when `signal` aborts. */
  wait(after: BlockPosition | undefined, signal: AbortSignal): Promise<void>;
  /** The other side holds everything up to and including `position` durably: it need not be kept here. */
  acknowledge(position: BlockPosition): void;
  /** The newest durable block, delivered or not; `undefined` in a spool that has never held one. */
  head(): BlockPosition | undefined;
  depth(): SpoolDepth;
  tally(): Tally;
}
