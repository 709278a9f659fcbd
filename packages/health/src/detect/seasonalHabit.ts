/** What is strange at the same time of every period is no news: a score is weighed against what it usually is then. */

import { type Season, slotBeside, slotCount } from './season.ts';

/** A visit of the slot weighs a seventh or so: a week of days. */
const NEWEST = 0.15;

/** Of each slot the running mean of the highest score in each of its visits. */
export class SeasonalHabit {
  readonly #usual: Float64Array;
  #slot = -1;
  #highest = 0;

  constructor(season: Season) {
    this.#usual = new Float64Array(slotCount(season));
  }

  /** The score over 1 and what is usual in the slot or beside it; a score at its own rarity is about 1. */
  push(slot: number, score: number): number {
    if (slot !== this.#slot) {
      if (this.#slot >= 0) this.#usual[this.#slot] += NEWEST * (this.#highest - this.#usual[this.#slot]);
      this.#slot = slot;
      this.#highest = 0;
    }
    if (score > this.#highest) this.#highest = score;
    const beside = Math.max(this.#usual[slotBeside(slot, -1)], this.#usual[slotBeside(slot, 1)]);
    return score / (1 + Math.max(beside, this.#usual[slot]));
  }
}
