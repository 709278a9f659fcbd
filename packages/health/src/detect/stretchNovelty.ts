/** How far the newest stretch of a signal is from the nearest that was seen before (left discord; Yeh et al. 2016). */

/** Not normalised, as the level matters; over the last `pastRows` values. */
export class StretchNovelty {
  readonly #length: number;
  readonly #pastRows: number;
  /** Values in the order of time, moved down once in a while. */
  readonly #values: Float64Array;
  #count = 0;

  constructor(length: number, pastRows: number) {
    this.#length = length;
    this.#pastRows = pastRows;
    this.#values = new Float64Array(2 * pastRows);
  }

  /** The distance, root mean square per value; NaN for the first values. */
  push(value: number): number {
    if (this.#count === this.#values.length) {
      this.#values.copyWithin(0, this.#pastRows);
      this.#count = this.#pastRows;
    }
    this.#values[this.#count++] = value;
    return this.#count < 3 * this.#length ? Number.NaN : this.#toNearest();
  }

  /** Stretches that overlap the newest one are no past. */
  #toNearest(): number {
    const length = this.#length;
    const values = this.#values;
    const newest = this.#count - 1;
    const oldest = Math.max(length - 1, newest - this.#pastRows);
    let least = Number.POSITIVE_INFINITY;
    for (let end = newest - length; end >= oldest; end--) {
      let square = 0;
      for (let back = 0; back < length && square < least; back++) {
        square += (values[newest - back] - values[end - back]) ** 2;
      }
      if (square < least) least = square;
    }
    return Math.sqrt(least / length);
  }
}
