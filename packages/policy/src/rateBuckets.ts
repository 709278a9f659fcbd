/**
 * Token buckets by the number of samples: so many per second over time, and what ten seconds allow at once. They are filled
 * when `refill` is called, about once a second, so that taking one costs no look at a clock.
 */

/** A flow may use up what it has not used for this long. */
const BURST_S = 10;

const MS_PER_S = 1_000;

export class RateBuckets {
  readonly #rates: Float64Array;
  readonly #tokens: Float64Array;
  #filledMs = 0;

  /** `rates` are in samples per second; every bucket begins full, and holds at least one sample. */
  constructor(rates: readonly number[]) {
    this.#rates = Float64Array.from(rates);
    this.#tokens = this.#rates.map(capacityOf);
  }

  /** Whether `bucket` has room for one more sample, which is then taken. */
  take(bucket: number): boolean {
    if (this.#tokens[bucket] < 1) return false;
    this.#tokens[bucket]--;
    return true;
  }

  /** `elapsedMs` is by a clock that never goes back. */
  refill(elapsedMs: number): void {
    const seconds = (elapsedMs - this.#filledMs) / MS_PER_S;
    this.#filledMs = elapsedMs;
    for (let bucket = 0; bucket < this.#rates.length; bucket++) {
      const rate = this.#rates[bucket];
      this.#tokens[bucket] = Math.min(capacityOf(rate), this.#tokens[bucket] + rate * seconds);
    }
  }
}

function capacityOf(rate: number): number {
  return Math.max(1, rate * BURST_S);
}
