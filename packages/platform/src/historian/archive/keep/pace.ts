/** Shares the processor: work that may wait is done in slices, with pauses between them. */

import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

const SLICE_MS = 10;

export class Pace {
  readonly #pauseMs: number;
  #sliceEnd = performance.now() + SLICE_MS;

  /** `share` is the part of one processor that the work may take, from above 0 to 1. */
  constructor(share: number) {
    this.#pauseMs = Math.round(SLICE_MS * (1 / share - 1));
  }

  /** Called often: mostly it is not time to pause yet, and there is nothing to wait for. */
  get isDue(): boolean {
    return performance.now() >= this.#sliceEnd;
  }

  async pause(): Promise<void> {
    await (this.#pauseMs > 0 ? sleep(this.#pauseMs) : nextTurn());
    this.#sliceEnd = performance.now() + SLICE_MS;
  }
}
