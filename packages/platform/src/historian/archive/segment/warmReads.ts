/**
 * Decides when a read is done at once and not by another thread. Little that the system has in memory is read in a few
 * microseconds; to hand it over and back takes tens of them, and a query of many tags consists of hundreds of such reads.
 *
 * Two bounds keep this from holding up whoever else uses the thread: so many in one turn of the loop, and none for a while
 * after one that had to wait for a disk.
 */

import { readvSync } from 'node:fs';

const SMALL_BYTES = 64 * 1024;
const READS_PER_TURN = 32;
/** A read that takes this long came from a disk. */
const SLOW_MS = 2;
const COLD_MS = 250;

export class WarmReads {
  #left = READS_PER_TURN;
  #coldUntilMs = 0;

  /**
   * Reads into `buffers`, which have `length` bytes together, what stands from `offset` on, and returns how much; 0 where it
   * is not to be done at once.
   */
  read(file: number, buffers: readonly Uint8Array[], offset: number, length: number): number {
    const beginMs = performance.now();
    if (length > SMALL_BYTES || this.#left === 0 || beginMs < this.#coldUntilMs) return 0;
    if (this.#left === READS_PER_TURN) setImmediate(() => this.#beginTurn());
    this.#left--;
    const filled = readvSync(file, buffers, offset);
    const endMs = performance.now();
    if (endMs - beginMs > SLOW_MS) this.#coldUntilMs = endMs + COLD_MS;
    return filled;
  }

  #beginTurn(): void {
    this.#left = READS_PER_TURN;
  }
}
