/** Where the receiving end of the boundary hands blocks over: the ingest of the historian, or the spool of a relay. */

import type { BlockHeader, BlockPosition } from '../block/sampleBlock.ts';
import type { Timestamp } from '../clock/timestamp.ts';
import type { Result } from '../fault/fault.ts';
import type { Tally } from '../ledger/tally.ts';
import type { Lane } from '../sample/lane.ts';
import type { TagDefinition } from '../sample/tag.ts';
import type { SpoolDepth } from './blockSource.ts';

/** One lane of one gateway: within it blocks have an order. */
export interface StreamName {
  readonly gateway: string;
  readonly lane: Lane;
}

/** What a gateway says of a lane every second, whether or not there are blocks. */
export interface Heartbeat {
  readonly at: Timestamp;
  /** The newest block in the spool; `undefined` in a spool that has never held one. */
  readonly head: BlockPosition | undefined;
  readonly depth: SpoolDepth;
  readonly tally: Tally;
}

export interface BlockSink {
  /** The last block of the stream that is held durably; `undefined` where there is none. */
  position(stream: StreamName): BlockPosition | undefined;
  /**
   * Takes one block whose checksum has been verified; resolves with success when it is durable. A block at or before
   * `position` is a repetition: it is counted and resolves at once. A fault refuses the block: the receiver must then
   * not acknowledge it, and the sender will offer it again.
   *
   * Calls of one stream overlap, so that a group of blocks shares one sync, and take effect in the order of the calls.
   * Where one fails, those of its stream that were already under way behind it fail too: had they been stored, the failed
   * one would count as a repetition when it comes again, and be lost.
   */
  append(header: BlockHeader, bytes: Uint8Array): Promise<Result<void>>;
  /** The complete tag list of a gateway; resolves with success when it is durable. */
  defineTags(gateway: string, tags: readonly TagDefinition[]): Promise<Result<void>>;
  heartbeat(stream: StreamName, heartbeat: Heartbeat): void;
}
