/** A quantile of the last numbers, kept in order as they come and go. */

export class SlidingQuantile {
  readonly #share: number;
  readonly #inTime: Float64Array;
  readonly #sorted: Float64Array;
  #pushed = 0;

  constructor(capacity: number, share: number) {
    this.#share = share;
    this.#inTime = new Float64Array(capacity);
    this.#sorted = new Float64Array(capacity);
  }

  get count(): number {
    return Math.min(this.#pushed, this.#inTime.length);
  }

  push(value: number): void {
    const slot = this.#pushed % this.#inTime.length;
    let count = this.count;
    if (count === this.#inTime.length) {
      const gone = this.#place(this.#inTime[slot], count);
      this.#sorted.copyWithin(gone, gone + 1, count);
      count--;
    }
    const place = this.#place(value, count);
    this.#sorted.copyWithin(place + 1, place, count);
    this.#sorted[place] = value;
    this.#inTime[slot] = value;
    this.#pushed++;
  }

  /** NaN before the first number. */
  value(): number {
    return this.count === 0 ? Number.NaN : this.#sorted[Math.floor(this.count * this.#share)];
  }

  /** The first of `count` sorted numbers that is not below this one. */
  #place(value: number, count: number): number {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
