/** How fast a device may be asked: its budget of requests, whichever scan classes they come from. */

import type { Clock } from '@tidegate/core/clock/clock.ts';

export interface RequestBudget {
  /** Silence between an answer and the next request, for devices that need to breathe. */
  readonly minRequestPauseMs?: number;
  /** Requests are spread evenly: no second holds more, and no burst comes at its beginning. */
  readonly maxRequestsPerSecond?: number;
}

export class RequestPace {
  readonly #clock: Clock;
  readonly #pauseMs: number;
  readonly #spacingMs: number;
  #startedMs = Number.NEGATIVE_INFINITY;
  #finishedMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, { minRequestPauseMs = 0, maxRequestsPerSecond }: RequestBudget) {
    this.#clock = clock;
    this.#pauseMs = minRequestPauseMs;
    this.#spacingMs = maxRequestsPerSecond ? 1000 / maxRequestsPerSecond : 0;
  }

  /** Milliseconds until the next request may start; 0 or less where it may start now. */
  waitMs(): number {
    return Math.max(this.#finishedMs + this.#pauseMs, this.#startedMs + this.#spacingMs) - this.#clock.elapsedMs();
  }

  started(): void {
    this.#startedMs = this.#clock.elapsedMs();
  }

  finished(): void {
    this.#finishedMs = this.#clock.elapsedMs();
  }
}
