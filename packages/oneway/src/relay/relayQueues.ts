/**
 * In which order the blocks of a stream leave a relay: what comes live goes on live, and all the rest goes beside it.
 *
 * Runs of a stream come side by side, and a block that was refused comes again behind others, while a connection carries
 * blocks in the order of their positions only. So there are three queues: `live` takes each block that is newer than all
 * before it, `backlog` what is older, and `late` what has come too late for the connection that drains the backlog, until
 * that one has ended and another begins.
 *
 * Invariant: a block is in one queue. What is in `live` or `backlog` and before a block that its connection has been given
 * has been given to it, too: so whoever acknowledges a block there acknowledges all before it.
 */

import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { Role } from '@tidegate/core/port/blockSink.ts';
import type { SpoolDepth } from '@tidegate/core/port/blockSource.ts';
import { type WaitingBlock, WaitingBlocks } from './waitingBlocks.ts';

/** Where this many blocks wait when a connection begins, live data would be late behind them. */
export const BACKLOG_BLOCKS = 64;

export class RelayQueues {
  readonly live = new WaitingBlocks();
  readonly backlog = new WaitingBlocks();
  readonly #late = new WaitingBlocks();
  #newest: BlockPosition | undefined;
  /** What is not behind this place is too late for the connection of the backlog: it has gone past it. */
  #drainedTo: BlockPosition | undefined;

  /** The newest block there ever was. */
  get newest(): BlockPosition | undefined {
    return this.#newest;
  }

  get oldest(): BlockPosition | undefined {
    return this.#queues()
      .flatMap(({ oldest }) => oldest ?? [])
      .reduce<BlockPosition | undefined>((a, b) => (a && comparePositions(a, b) < 0 ? a : b), undefined);
  }

  get oldestRecord(): number | undefined {
    const records = this.#queues().flatMap(({ oldestRecord }) => oldestRecord ?? []);
    return records.length > 0 ? Math.min(...records) : undefined;
  }

  get depth(): SpoolDepth {
    const sum = { blocks: 0, samples: 0, bytes: 0 };
    for (const { depth } of this.#queues()) {
      sum.blocks += depth.blocks;
      sum.samples += depth.samples;
      sum.bytes += depth.bytes;
    }
    return sum;
  }

  get hasBacklog(): boolean {
    return this.backlog.oldest !== undefined || this.hasLate;
  }

  /** There is something that only the next connection of the backlog can carry. */
  get hasLate(): boolean {
    return this.#late.oldest !== undefined;
  }

  has(position: BlockPosition): boolean {
    return this.#queues().some((queue) => queue.has(position));
  }

  /** Takes in a block that is not here; `isOld`: it was there before this life, and no connection has been given it. */
  add(block: WaitingBlock, isOld = false): void {
    const { epoch, sequence } = block;
    const isNewest = this.#newest === undefined || comparePositions(block, this.#newest) > 0;
    if (isNewest) this.#newest = { epoch, sequence };
    const queue = isNewest && !isOld ? this.live : this.#queueBehind(block);
    queue.insert(block);
  }

  /** A block that was delivered before this life: what is older than it is not live. */
  knowDelivered({ epoch, sequence }: BlockPosition): void {
    if (this.#newest === undefined || comparePositions({ epoch, sequence }, this.#newest) > 0) {
      this.#newest = { epoch, sequence };
    }
  }

  /** A connection begins: gives the place from which on it carries what comes. */
  begin(role: Role): BlockPosition {
    if (role === 'backlog') {
      this.backlog.takeAll(this.#late);
      const first = this.backlog.oldest ?? placeBehind(this.#newest);
      this.#drainedTo = { epoch: first.epoch, sequence: first.sequence - 1 };
      return first;
    }
    const { oldest, depth } = this.live;
    if (oldest && depth.blocks >= BACKLOG_BLOCKS) this.#queueBehind(oldest).takeAll(this.live);
    return this.live.oldest ?? placeBehind(this.#newest);
  }

  /** The connection of the backlog has been given everything up to `position`. */
  drainedTo({ epoch, sequence }: BlockPosition): void {
    this.#drainedTo = { epoch, sequence };
  }

  removeRecords(first: number, end: number, tell: (block: WaitingBlock) => void): void {
    for (const queue of this.#queues()) queue.removeRecords(first, end, tell);
  }

  /** Where blocks from `position` on can wait, which are not live. */
  #queueBehind(position: BlockPosition): WaitingBlocks {
    return this.#drainedTo && comparePositions(position, this.#drainedTo) < 0 ? this.#late : this.backlog;
  }

  #queues(): readonly WaitingBlocks[] {
    return [this.live, this.backlog, this.#late];
  }
}

function placeBehind(position: BlockPosition | undefined): BlockPosition {
  return position ? { epoch: position.epoch, sequence: position.sequence + 1 } : { epoch: 0, sequence: 0 };
}
