/** The blocks that have been sent and not acknowledged, oldest first. */

import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { SpooledBlock } from '@tidegate/core/port/blockSource.ts';

/** Slots before the oldest block are given back once there are this many of them and they are half of all. */
const COMPACT_FROM = 1024;

export class SendWindow {
  #blocks: { readonly position: BlockPosition; readonly bytes: number }[] = [];
  #oldest = 0;
  #bytes = 0;

  /** Bytes of all blocks under way. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of the oldest block under way, 0 where there is none. */
  get oldestBytes(): number {
    return this.#blocks[this.#oldest]?.bytes ?? 0;
  }

  /** Keeps the position alone: the bytes stay in the spool until they are acknowledged. */
  add({ epoch, sequence, bytes }: SpooledBlock): void {
    this.#blocks.push({ position: { epoch, sequence }, bytes: bytes.length });
    this.#bytes += bytes.length;
  }

  /** Takes out everything up to `position`; false, and nothing changes, where that block is not under way. */
  acknowledge(position: BlockPosition): boolean {
    let at = this.#oldest;
    let bytes = 0;
    for (; at < this.#blocks.length; at++) {
      const order = comparePositions(this.#blocks[at].position, position);
      if (order > 0) return false;
      bytes += this.#blocks[at].bytes;
      if (order === 0) break;
    }
    if (at === this.#blocks.length) return false;
    this.#oldest = at + 1;
    this.#bytes -= bytes;
    if (this.#oldest >= COMPACT_FROM && this.#oldest * 2 >= this.#blocks.length) {
      this.#blocks = this.#blocks.slice(this.#oldest);
      this.#oldest = 0;
    }
    return true;
  }
}
