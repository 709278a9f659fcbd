/** How fast a device or a line may be asked, whichever scan classes the requests come from. */

import type { Clock } from '@tidegate/core/clock/clock.ts';

export interface RequestLimits {
  /** Silence between an answer and the next request, for devices that need to breathe. */
  readonly minRequestPauseMs?: number;
  /** Requests are spread evenly: no second holds more, and no burst comes at its beginning. */
  readonly maxRequestsPerSecond?: number;
}

const MS_PER_SECOND = 1_000;

export class RequestBudget {
  readonly #clock: Clock;
  readonly #pauseMs: number;
  readonly #spacingMs: number;
  #startedMs = Number.NEGATIVE_INFINITY;
  #finishedMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, { minRequestPauseMs = 0, maxRequestsPerSecond }: RequestLimits) {
    this.#clock = clock;
    this.#pauseMs = minRequestPauseMs;
    this.#spacingMs = maxRequestsPerSecond ? MS_PER_SECOND / maxRequestsPerSecond : 0;
  }

  /** Milliseconds until the next request may start; 0 or less where it may start now. */
  waitMs(): number {
    return Math.max(this.#finishedMs + this.#pauseMs, this.#startedMs + this.#spacingMs) - this.#clock.elapsedMs();
  }

  /** How many requests may start at once, when one may. */
  get atOnce(): number {
    return this.#pauseMs > 0 || this.#spacingMs > 0 ? 1 : Number.POSITIVE_INFINITY;
  }

  started(): void {
    this.#startedMs = this.#clock.elapsedMs();
  }

  finished(): void {
    this.#finishedMs = this.#clock.elapsedMs();
  }
}
