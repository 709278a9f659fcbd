/**
 * The signed account of one lane: follows the chain over its blocks, and makes a checkpoint of it.
 *
 * Invariants:
 * - Checkpoints of a lane are numbered without a gap, and each names the digest of the one before, also over a restart.
 * - A checkpoint leaves only when it is durably noted: no other one is ever signed under its number.
 * - Each block of the lane is in one checkpoint, or lies in a break that the next one states.
 */

import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { BlockChain, type ChainSpan, type Hash } from '@tidegate/core/ledger/blockChain.ts';
import {
  type ChainBreak,
  type Checkpoint,
  checkpointDigest,
  MAX_CHECKPOINT_BLOCKS,
  MAX_CHECKPOINT_RUNS,
  type Sign,
  signCheckpoint,
} from '@tidegate/core/ledger/checkpoint.ts';
import { EMPTY_TALLY, TALLY_FIELDS, type Tally } from '@tidegate/core/ledger/tally.ts';
import type { SpoolDepth } from '@tidegate/core/port/blockSource.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import type { DurableBlock } from '../spool/durableBlock.ts';
import { type KnownNote, readCheckpointNote, writeCheckpointNote } from './checkpointNote.ts';

/** Signs with the key of the gateway's certificate, Ed25519. */
export interface CheckpointSigner {
  /** PEM text. */
  readonly certificate: string;
  /** SHA-256 of its DER form, in hexadecimal. */
  readonly fingerprint: string;
  readonly sign: Sign;
}

/** What is asked of the lane's spool. */
export interface AccountedSpool {
  tally(): Tally;
  depth(): SpoolDepth;
  head(): BlockPosition | undefined;
  /** The oldest block that waits, where the spool can say. */
  oldest?(): BlockPosition | undefined;
}

export interface LaneCheckpointOptions {
  readonly gateway: string;
  readonly lane: Lane;
  /** Where the notes of all lanes are. */
  readonly directory: string;
  readonly clock: Clock;
  /** SHA-256. */
  readonly hash: Hash;
}

/** What stands in every checkpoint. */
export type SignedDigests = Pick<Checkpoint, 'policy' | 'configuration'>;

interface Portion {
  readonly span: ChainSpan;
  readonly samples: number;
  readonly tally: Tally | undefined;
}

interface Made {
  readonly text: string;
  readonly to: Timestamp;
  readonly last: BlockPosition | null;
}

export class LaneCheckpoints {
  readonly #options: LaneCheckpointOptions;
  readonly #chain: BlockChain;
  readonly #cut: Portion[] = [];
  #samples = 0;
  #tally: Tally | undefined;
  /** The last block that was taken in, and the last that was signed for. */
  #last: BlockPosition | null;
  #lastSigned: BlockPosition | null;
  #number: number;
  #previous: Uint8Array | null;
  #from: Timestamp;
  #total: Tally;
  #break: ChainBreak | null;
  /** A checkpoint of the life before that may not have reached the spool. */
  #unspooled: Made | undefined;
  /** Made, and not noted yet. */
  #made: Made | undefined;

  private constructor(options: LaneCheckpointOptions, note: KnownNote | 'damaged' | undefined) {
    this.#options = options;
    const known = note === 'damaged' ? undefined : note;
    const { chain, number = -1, to = options.clock.now(), total = EMPTY_TALLY } = known?.checkpoint ?? {};
    this.#chain = new BlockChain(options.hash, chain?.after);
    this.#last = known?.last ?? null;
    this.#lastSigned = this.#last;
    this.#number = number + 1;
    this.#previous = known?.digest ?? null;
    this.#from = to;
    this.#total = total;
    this.#break = known ? null : { reason: note === 'damaged' ? 'note-lost' : 'first', after: null };
    if (known && !known.isSpooled) this.#unspooled = { text: known.text, to: known.checkpoint.to, last: known.last };
  }

  /** Opened before the spool, whose blocks it is told of. */
  static async open(options: LaneCheckpointOptions): Promise<LaneCheckpoints> {
    return new LaneCheckpoints(options, await readCheckpointNote(options.directory, options.lane, options.hash));
  }

  /** Takes in a block that is durable, as `DurableListener`. */
  readonly take = (block: DurableBlock, bytes: Uint8Array): void => {
    if (this.#last && comparePositions(block, this.#last) <= 0) return;
    this.#noteGapBefore(block);
    this.#chain.add(block, this.#options.hash(bytes));
    this.#last = { epoch: block.epoch, sequence: block.sequence };
    this.#samples += block.count;
    this.#tally = block.tally;
    if (this.#chain.blocks === MAX_CHECKPOINT_BLOCKS || this.#chain.runs === MAX_CHECKPOINT_RUNS) this.#cutHere();
  };

  /** The spool is open and knows of blocks up to `head`: what it told nothing of is gone. */
  settle(head: BlockPosition | undefined): void {
    if (head && this.#last && comparePositions(head, this.#last) > 0) this.#breakAt();
  }

  /** Whether a checkpoint is due: its minute is over. */
  isDue(now: Timestamp, intervalUs: number): boolean {
    if (this.#made || this.#cut.length > 0) return true;
    return Math.floor(now / intervalUs) !== Math.floor(this.#from / intervalUs);
  }

  /** The text of a checkpoint that was made before and may not have reached the spool. */
  takeUnspooled(): Made | undefined {
    const unspooled = this.#unspooled;
    this.#unspooled = undefined;
    return unspooled;
  }

  /**
   * Makes a checkpoint of what there is, or of a part where that is too much for one, and notes it durably. Throws what the
   * file system throws; the next call tries to note the same one.
   */
  async make(spool: AccountedSpool, signer: CheckpointSigner, digests: SignedDigests): Promise<Made> {
    const { directory, lane } = this.#options;
    this.#made ??= this.#sign(spool, signer, digests);
    const made = this.#made;
    await writeCheckpointNote(directory, lane, { text: made.text, last: made.last, isSpooled: false });
    this.#made = undefined;
    return made;
  }

  /** The last checkpoint is in the spool durably. */
  async noteSpooled({ text, last }: Made): Promise<void> {
    const { directory, lane } = this.#options;
    await writeCheckpointNote(directory, lane, { text, last, isSpooled: true });
  }

  #sign(spool: AccountedSpool, signer: CheckpointSigner, digests: SignedDigests): Made {
    const { gateway, lane, clock, hash } = this.#options;
    if (this.#cut.length === 0) this.#cutHere();
    const { span, samples, tally = this.#total } = this.#cut.shift()!;
    const now = spool.tally();
    // What has expired and what was damaged is counted when it happens, be there a new block or not.
    const total = { ...tally, expired: now.expired, damaged: now.damaged };
    const sent = Math.max(0, now.accepted - spool.depth().samples - now.expired - now.damaged);
    const to = clock.now();
    const checkpoint: Checkpoint = {
      ...{ gateway, lane, number: this.#number, from: this.#from, to, chain: span, samples },
      ...{ total, change: changeOf(this.#total, total), sent },
      waiting: Math.max(0, total.accepted - sent - total.expired - total.damaged),
      ...{ oldest: spool.oldest?.() ?? null, previous: this.#previous, break: this.#break },
      ...{ ...digests, certificate: signer.fingerprint },
    };
    const text = signCheckpoint(checkpoint, signer.sign);
    this.#number++;
    this.#previous = checkpointDigest(text, hash);
    this.#from = to;
    this.#total = total;
    this.#break = null;
    const run = span.runs.at(-1);
    if (run) this.#lastSigned = { epoch: run.epoch, sequence: run.first + run.count - 1 };
    return { text, to, last: this.#lastSigned };
  }

  #cutHere(): void {
    this.#cut.push({ span: this.#chain.take(), samples: this.#samples, tally: this.#tally });
    this.#samples = 0;
  }

  /** Within an epoch every sequence is used: one that is not there has been sealed, and may have been delivered. */
  #noteGapBefore({ epoch, sequence }: BlockPosition): void {
    const last = this.#last;
    if (last && (epoch === last.epoch ? sequence !== last.sequence + 1 : sequence !== 0)) this.#breakAt();
  }

  #breakAt(): void {
    this.#break ??= { reason: 'blocks-lost', after: this.#last };
  }
}

function changeOf(before: Tally, after: Tally): Tally {
  return Object.fromEntries(TALLY_FIELDS.map((field) => [field, after[field] - before[field]])) as unknown as Tally;
}
