/** How large a number is beside those before it: over the one that one in a hundred was above. */

import { SlidingQuantile } from './slidingQuantile.ts';

/** Numbers before there is an answer. */
const FEWEST = 50;
const RARE = 0.99;

export class Rarity {
  readonly #before: SlidingQuantile;

  constructor(capacity: number) {
    this.#before = new SlidingQuantile(capacity, RARE);
  }

  /** NaN while too few came before. */
  push(value: number): number {
    const rare = this.#before.count < FEWEST ? Number.NaN : this.#before.value();
    this.#before.push(value);
    return value / (rare + 1e-9);
  }
}
