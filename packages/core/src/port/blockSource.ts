/** Where the sending end of the boundary takes blocks from: a lane of the spool, or of a relay. */

import type { BlockPosition } from '../block/sampleBlock.ts';
import type { Timestamp } from '../clock/timestamp.ts';
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

/**
 * Blocks wait in *runs*: stretches of positions, one behind the other, within each of which blocks are sent in order. The
 * newest run carries live data; what waits in those before it is a backlog, which is sent beside the live data and not
 * before it. A spool gives each run an epoch of its own. A source that knows no runs answers `beginRun` with its oldest block, or
 * the place behind its newest one where none waits: then all is one run, sent in order.
 */
export interface BlockSource {
  readonly gateway: string;
  readonly lane: Lane;
  /**
   * 16 bytes as hexadecimal digits, drawn at random when the data directory of the gateway was made: they tell its spools
   * from those of another gateway that goes by the same name.
   */
  readonly instance: string;
  /**
   * The durable blocks that wait behind `after` (from the oldest, where it is `undefined`) and before `before`, in order of
   * their positions: at least one where there is one, then as many as fit into `maxBytes`. Blocks that were damaged, have
   * expired or have been acknowledged are absent, which shows as a gap in the sequence.
   */
  read(after: BlockPosition | undefined, maxBytes: number, before?: BlockPosition): Promise<readonly SpooledBlock[]>;
  /** Resolves as soon as `read(after)` would give a block, or when `signal` aborts. */
  wait(after: BlockPosition | undefined, signal: AbortSignal): Promise<void>;
  /**
   * The other side holds everything from `first` up to and including `last` durably: it need not be kept here. Stretches
   * may be acknowledged in any order, and again.
   */
  acknowledge(first: BlockPosition, last: BlockPosition): void;
  /**
   * Begins a new run where so much waits in the newest one that live data would be late behind it; the first position of
   * the newest run, begun now or before. Blocks sealed from now on lie at or behind it. Called when a connection has been
   * made.
   */
  beginRun(): BlockPosition;
  /**
   * The oldest block that waits; `undefined` where none does. Nothing before it will ever be sent: what the other side
   * misses there is lost. A relay must not name a block newer than the oldest that still waits at the gateway.
   */
  oldest(): BlockPosition | undefined;
  /** The newest durable block, delivered or not; `undefined` in a spool that has never held one. */
  head(): BlockPosition | undefined;
  depth(): SpoolDepth;
  tally(): Tally;
  /** When the gateway said so, by its clock, where the source is not the gateway itself; absent where that is now. */
  toldAt?(): Timestamp;
}
