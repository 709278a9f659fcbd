/** Counts of lags in milliseconds by size: exact below 16 ms, and to an eighth of the size above. */

const EXACT = 16;
const STEPS_PER_OCTAVE = 8;
const BUCKETS = 232;

export class LagHistogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #samples = 0;
  #maxMs = 0;

  get samples(): number {
    return this.#samples;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  /** A lag below 0, where two clocks differ, counts as 0. */
  add(lagMs: number): void {
    const whole = lagMs < 0 ? 0 : lagMs > 0x7fffffff ? 0x7fffffff : Math.ceil(lagMs);
    this.#counts[bucketOf(whole)]++;
    this.#samples++;
    if (whole > this.#maxMs) this.#maxMs = whole;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#samples = 0;
    this.#maxMs = 0;
  }

  /** The lag (ms) that the share `fraction` of the samples of both does not exceed; `undefined` without samples. */
  percentile(fraction: number, other: LagHistogram): number | undefined {
    const samples = this.#samples + other.#samples;
    if (samples === 0) return undefined;
    const rank = Math.max(1, Math.ceil(fraction * samples));
    let passed = 0;
    let bucket = 0;
    for (; bucket < BUCKETS; bucket++) {
      passed += this.#counts[bucket] + other.#counts[bucket];
      if (passed >= rank) break;
    }
    return Math.min(upperEnd(bucket), Math.max(this.#maxMs, other.#maxMs));
  }
}

function bucketOf(lagMs: number): number {
  if (lagMs < EXACT) return lagMs;
  const shift = 28 - Math.clz32(lagMs);
  return (shift << 3) + (lagMs >>> shift);
}

/** The greatest lag that falls into a bucket. */
function upperEnd(bucket: number): number {
  if (bucket < EXACT) return bucket;
  const shift = (bucket >>> 3) - 1;
  return (STEPS_PER_OCTAVE + (bucket & 7) + 1) * 2 ** shift - 1;
}
