/** The least or the greatest of numbers, when it was first met and how often. */

export class Extreme {
  /** 1 for the least, -1 for the greatest. */
  readonly #sign: 1 | -1;
  /** `value` with the sign: the less the better. */
  #rank = Number.POSITIVE_INFINITY;
  value = Number.NaN;
  time = Number.NaN;
  /** How many have this value; 0 before there is any. */
  count = 0;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  clear(): void {
    this.#rank = Number.POSITIVE_INFINITY;
    this.count = 0;
  }

  add(value: number, time: number, count = 1): void {
    const rank = this.#sign * value;
    if (rank < this.#rank) {
      this.#rank = rank;
      this.value = value;
      this.time = time;
      this.count = count;
    } else if (rank === this.#rank) this.count += count;
  }

  addRows(values: Float64Array, times: Float64Array, from: number, to: number): void {
    const sign = this.#sign;
    let best = this.#rank;
    let bestRow = -1;
    let { count } = this;
    for (let row = from; row < to; row++) {
      const rank = sign * values[row];
      if (rank < best) {
        best = rank;
        bestRow = row;
        count = 1;
      } else if (rank === best) count++;
    }
    this.count = count;
    if (bestRow < 0) return;
    this.#rank = best;
    this.value = values[bestRow];
    this.time = times[bestRow];
  }

  /** Whether this one goes further than `other`. */
  isBeyond(other: Extreme): boolean {
    return this.#rank < other.#rank;
  }
}
