/**
 * The blocks that have been sent and not acknowledged, oldest first, and how many more may be.
 *
 * What is under way stands before the blocks of other lines in every queue on the way to the archive. So the limit follows
 * how long acknowledgements take beyond the shortest time seen: it grows while they queue for less than `queueMs`, and
 * shrinks while they queue for longer, each time by no more than was acknowledged (LEDBAT, RFC 6817, 2.4.2).
 */

import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { SpooledBlock } from '@tidegate/core/port/blockSource.ts';

export interface WindowLimits {
  /** How long blocks should queue on the way. */
  readonly queueMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
}

interface SentBlock {
  readonly position: BlockPosition;
  readonly bytes: number;
  readonly sentAtMs: number;
}

/** Slots before the oldest block are given back once there are this many of them and they are half of all. */
const COMPACT_FROM = 1024;
/** One slow acknowledgement does not halve the limit twice over: a disk that syncs slowly once is no full queue. */
const MOST_SHRINKING = -0.5;

export class SendWindow {
  readonly #limits: WindowLimits;
  #blocks: SentBlock[] = [];
  #oldest = 0;
  #bytes = 0;
  #limitBytes: number;
  #shortestMs = Number.POSITIVE_INFINITY;

  constructor(limits: WindowLimits) {
    this.#limits = limits;
    this.#limitBytes = limits.minBytes;
  }

  /** Bytes of all blocks under way. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes that may be under way at this moment. */
  get limitBytes(): number {
    return this.#limitBytes;
  }

  /** Bytes of the oldest block under way, 0 where there is none. */
  get oldestBytes(): number {
    return this.#blocks[this.#oldest]?.bytes ?? 0;
  }

  /** Whether so many bytes more may be sent now. One block may always be under way. */
  hasRoom(bytes: number): boolean {
    return this.#bytes === 0 || this.#bytes + bytes <= this.#limitBytes;
  }

  /** Keeps the position alone: the bytes stay in the spool until they are acknowledged. */
  add({ epoch, sequence, bytes }: SpooledBlock, nowMs: number): void {
    this.#blocks.push({ position: { epoch, sequence }, bytes: bytes.length, sentAtMs: nowMs });
    this.#bytes += bytes.length;
  }

  /** Takes out everything up to `position`; false, and nothing changes, where that block is not under way. */
  acknowledge(position: BlockPosition, nowMs: number): boolean {
    let at = this.#oldest;
    let bytes = 0;
    for (; at < this.#blocks.length; at++) {
      const order = comparePositions(this.#blocks[at].position, position);
      if (order > 0) return false;
      bytes += this.#blocks[at].bytes;
      if (order === 0) break;
    }
    if (at === this.#blocks.length) return false;
    this.#adapt(nowMs - this.#blocks[at].sentAtMs, bytes);
    this.#oldest = at + 1;
    this.#bytes -= bytes;
    if (this.#oldest >= COMPACT_FROM && this.#oldest * 2 >= this.#blocks.length) {
      this.#blocks = this.#blocks.slice(this.#oldest);
      this.#oldest = 0;
    }
    return true;
  }

  #adapt(tookMs: number, acknowledgedBytes: number): void {
    const { queueMs, minBytes, maxBytes } = this.#limits;
    this.#shortestMs = Math.min(this.#shortestMs, tookMs);
    const room = (queueMs - (tookMs - this.#shortestMs)) / queueMs;
    // A window that is not used says nothing of how large it could be.
    if (room > 0 && this.#bytes * 2 < this.#limitBytes) return;
    const limit = this.#limitBytes + acknowledgedBytes * Math.max(room, MOST_SHRINKING);
    this.#limitBytes = Math.min(maxBytes, Math.max(minBytes, limit));
  }
}
