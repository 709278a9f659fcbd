/** The blocks of one connection that have been handed to the sink and are not durable yet, in their order. */

import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';

interface PendingAppend {
  readonly position: BlockPosition;
  readonly bytes: number;
  durable: boolean;
}

/** What a block takes in memory beside its own bytes while it waits; it keeps a flood of empty blocks bounded too. */
const OVERHEAD_BYTES = 512;
/** Slots of settled appends are given back once there are this many of them and they are half of all. */
const COMPACT_FROM = 1024;

/** Invariant: a position is given out only when every block before it is durable too, whatever order the sink answers in. */
export class AppendQueue {
  #appends: PendingAppend[] = [];
  #oldest = 0;
  #bytes = 0;

  /** Bytes held in memory by blocks that are not durable yet. */
  get bytes(): number {
    return this.#bytes;
  }

  get empty(): boolean {
    return this.#oldest === this.#appends.length;
  }

  add({ epoch, sequence }: BlockPosition, blockBytes: number): PendingAppend {
    const append = { position: { epoch, sequence }, bytes: blockBytes + OVERHEAD_BYTES, durable: false };
    this.#appends.push(append);
    this.#bytes += append.bytes;
    return append;
  }

  /** The newest position up to which all is durable now; `undefined` where `append` waits for one before it. */
  settle(append: PendingAppend): BlockPosition | undefined {
    append.durable = true;
    return this.#advance();
  }

  /** Forgets an append that failed; it comes again on another connection. */
  drop(append: PendingAppend): void {
    this.#appends.splice(this.#appends.indexOf(append, this.#oldest), 1);
    this.#bytes -= append.bytes;
    this.#advance();
  }

  #advance(): BlockPosition | undefined {
    let position: BlockPosition | undefined;
    for (; this.#appends[this.#oldest]?.durable; this.#oldest++) {
      position = this.#appends[this.#oldest].position;
      this.#bytes -= this.#appends[this.#oldest].bytes;
    }
    if (this.#oldest >= COMPACT_FROM && this.#oldest * 2 >= this.#appends.length) {
      this.#appends = this.#appends.slice(this.#oldest);
      this.#oldest = 0;
    }
    return position;
  }
}
