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

/** What a connection carries: the newest run of a stream, or what waits in those before it. */
export type Role = 'live' | 'backlog';

/** What a connection says of the spool that its blocks come from. */
export interface SpoolClaim {
  /** Of the spool, see `BlockSource.instance`. */
  readonly instance: string;
  readonly role: Role;
  /** No block before this one is going to come from the spool, by any connection. */
  readonly oldest: BlockPosition;
}

/** What a gateway says of a lane every second, whether or not there are blocks. */
export interface Heartbeat {
  readonly at: Timestamp;
  /** The newest block in the spool; `undefined` in a spool that has never held one. */
  readonly head: BlockPosition | undefined;
  /** The oldest block that still waits; `undefined` where none does. Nothing before it will ever come. */
  readonly oldest: BlockPosition | undefined;
  readonly depth: SpoolDepth;
  readonly tally: Tally;
  /** The first 16 bytes of the digest of the conduit policy by which the gateway goes, in hexadecimal; `undefined`: none. */
  readonly policy: string | undefined;
  /** It came over a diode: what is missing, and has not expired or been damaged at the gateway, was lost there. */
  readonly diode?: boolean;
}

/**
 * Takes the blocks of each stream in any order. Within a run they mostly come in order (`BlockSource`), but runs come side
 * by side, and a block that was refused comes again behind those that were not.
 */
export interface BlockSink {
  /**
   * Whether the blocks of a spool may be taken as those of the stream, asked before anything else of a connection, while
   * none is open that brings blocks of the gateway from another spool. Resolves when what follows from it is durable.
   * Faults: `boundary.twin` as `judgeSpool` says, and what keeps the sink from noting it.
   */
  admit(stream: StreamName, claim: SpoolClaim): Promise<Result<void>>;
  /**
   * The last block up to which everything of the stream from `first` on is held durably, or is known never to come;
   * `undefined` where that is not so for `first` itself. What lies before the oldest block held was never asked for as
   * long as only live blocks came: for `live`, it does not count as missing.
   */
  position(stream: StreamName, first: BlockPosition, role: Role): BlockPosition | undefined;
  /**
   * Takes one block whose checksum has been verified; resolves with success when it is durable. A block that is held
   * already is a repetition: it is counted and resolves at once. A fault refuses the block: the receiver must then not
   * acknowledge it, and the sender will offer it again. Calls overlap, so that a group of blocks shares one sync.
   */
  append(header: BlockHeader, bytes: Uint8Array): Promise<Result<void>>;
  /** The complete tag list of a gateway; resolves with success when it is durable. */
  defineTags(gateway: string, tags: readonly TagDefinition[]): Promise<Result<void>>;
  heartbeat(stream: StreamName, heartbeat: Heartbeat): void;
}
