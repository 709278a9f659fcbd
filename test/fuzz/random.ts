/** Chance that can be repeated: the same seed gives the same numbers (xorshift32, Marsaglia 2003). */

export class Random {
  #state: number;

  constructor(seed: number) {
    // The state 0 would stay 0.
    this.#state = seed | 0 || 1;
  }

  /** A whole number from 0 up to `below`. */
  below(below: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % below;
  }

  /** True once in so many times. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)];
  }
}
