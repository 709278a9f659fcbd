/**
 * How long things took lately, in a fixed amount of memory: counts in buckets that grow with the time they stand for.
 *
 * Two stretches of a minute take turns: what is told is of the one that runs and of the one before it.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';

const STRETCH_MS = 60_000;
/** Buckets for each doubling: a quantile is told at most 9 % too high. */
const PER_DOUBLING = 8;
/** The upper end of the first bucket. */
const LEAST_MS = 0.01;
/** The last bucket begins at some five minutes. */
const BUCKETS = 25 * PER_DOUBLING;

class Stretch {
  readonly counts = new Uint32Array(BUCKETS);
  total = 0;
  maxMs = 0;

  clear(): void {
    this.counts.fill(0);
    this.total = 0;
    this.maxMs = 0;
  }
}

export class SlidingHistogram {
  readonly #clock: Clock;
  #current = new Stretch();
  #before = new Stretch();
  #turnMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#turnMs = clock.elapsedMs() + STRETCH_MS;
  }

  add(ms: number): void {
    this.#turn();
    const stretch = this.#current;
    stretch.counts[bucketOf(ms)]++;
    stretch.total++;
    if (ms > stretch.maxMs) stretch.maxMs = ms;
  }

  get total(): number {
    this.#turn();
    return this.#current.total + this.#before.total;
  }

  /** The longest; 0 where there was none. */
  get maxMs(): number {
    this.#turn();
    return Math.max(this.#current.maxMs, this.#before.maxMs);
  }

  /** What the share `fraction` did not exceed (nearest rank), or a little more; `undefined` where there was none. */
  quantileMs(fraction: number): number | undefined {
    const { total, maxMs } = this;
    if (total === 0) return undefined;
    const rank = Math.max(1, Math.ceil(fraction * total));
    let passed = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      passed += this.#current.counts[bucket] + this.#before.counts[bucket];
      if (passed >= rank) return Math.min(LEAST_MS * 2 ** (bucket / PER_DOUBLING), maxMs);
    }
    return maxMs;
  }

  #turn(): void {
    const nowMs = this.#clock.elapsedMs();
    if (nowMs < this.#turnMs) return;
    const older = this.#before;
    this.#before = this.#current;
    this.#current = older;
    older.clear();
    this.#turnMs += STRETCH_MS;
    if (nowMs < this.#turnMs) return;
    this.#before.clear();
    this.#turnMs = nowMs + STRETCH_MS;
  }
}

function bucketOf(ms: number): number {
  if (ms <= LEAST_MS) return 0;
  return Math.min(Math.ceil(Math.log2(ms / LEAST_MS) * PER_DOUBLING), BUCKETS - 1);
}
