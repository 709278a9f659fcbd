/** Sums the rows of a slot, and gives their means when the next slot begins. */

import { type LevelClock, slotOf } from './levelClock.ts';

export class SlotMeans {
  readonly #clock: LevelClock;
  readonly #sums: Float64Array;
  /** Slot, and rows in it. */
  readonly #place = new Float64Array(2);
  /** Of the slot that was closed last. */
  readonly means: Float64Array;
  closedSlot = -1;

  constructor(clock: LevelClock, width: number) {
    this.#clock = clock;
    this.#sums = new Float64Array(width);
    this.means = new Float64Array(width);
    this.#place[0] = -1;
  }

  /** Whether this row began another slot, so that `means` and `closedSlot` are of the one before. Every value is finite. */
  push(time: number, row: Float64Array): boolean {
    const slot = slotOf(this.#clock, time);
    const closes = slot !== this.#place[0] && this.#place[1] > 0;
    if (closes) this.close();
    this.#place[0] = slot;
    this.#place[1]++;
    for (let i = 0; i < row.length; i++) this.#sums[i] += row[i];
    return closes;
  }

  /** Ends the slot with what it has. */
  close(): void {
    this.closedSlot = this.#place[0];
    for (let i = 0; i < this.means.length; i++) this.means[i] = this.#sums[i] / this.#place[1];
    this.#sums.fill(0);
    this.#place[1] = 0;
  }

  /** All that it remembers of the open slot; writing to it restores. */
  memory(): readonly Float64Array[] {
    return [this.#sums, this.#place];
  }
}
