/**
 * Decides when a read is done at once and not by another thread. Little that the system has in memory is read in a few
 * microseconds; to hand it over and back takes tens of them, and a query of many tags consists of hundreds of such reads.
 *
 * Two bounds keep this from holding up whoever else uses the thread: so many in one turn of the loop, those beyond wait for
 * the next, and none for a while after one that had to wait for a disk.
 */

import { readvSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

const SMALL_BYTES = 64 * 1024;
const READS_PER_TURN = 64;
/** Where as many wait, other threads are faster. */
const MOST_WAITING = 2 * READS_PER_TURN;
/** A read that takes this long came from a disk. */
const SLOW_MS = 2;
const COLD_MS = 250;

export class WarmReads {
  /** Reads for which there is room in this turn. */
  #left = READS_PER_TURN;
  /** Resolves in the next turn, once something has been read in this one. */
  #turn: Promise<void> | undefined;
  #waiting = 0;
  #coldUntilMs = 0;

  /**
   * Reads into `buffers`, which have `length` bytes together, what stands from `offset` on; resolves with how much, 0 where
   * another thread is to do it.
   */
  async read(file: number, buffers: readonly Uint8Array[], offset: number, length: number): Promise<number> {
    if (length > SMALL_BYTES || this.#isCold || !(await this.#findRoom()) || this.#isCold) return 0;
    const beginMs = performance.now();
    const filled = readvSync(file, buffers, offset);
    const endMs = performance.now();
    if (endMs - beginMs > SLOW_MS) this.#coldUntilMs = endMs + COLD_MS;
    return filled;
  }

  get #isCold(): boolean {
    return performance.now() < this.#coldUntilMs;
  }

  /** Whether there is room in this turn, or in one that is worth waiting for. */
  async #findRoom(): Promise<boolean> {
    while (this.#left === 0) {
      if (this.#waiting === MOST_WAITING) return false;
      this.#waiting++;
      await this.#turn;
      this.#waiting--;
    }
    this.#turn ??= this.#endTurn();
    this.#left--;
    return true;
  }

  async #endTurn(): Promise<void> {
    await nextTurn();
    this.#left = READS_PER_TURN;
    this.#turn = undefined;
  }
}
