/** When history was edited: between two edits the archive need not tell apart what arrived first. */

import { upperBound } from '../archive/sampleRun.ts';

export class EditMoments {
  /** Ascending. */
  readonly #moments: number[] = [];

  /** Returns `moment` (µs), which is later than every one before. */
  add<T extends number>(moment: T): T {
    this.#moments.push(moment);
    return moment;
  }

  /** Whether something was edited in `(from, to]`. */
  readonly between = (from: number, to: number): boolean => {
    const moments = this.#moments;
    // Mostly asked of the present, and nothing was edited since `from`.
    if (moments.length === 0 || moments[moments.length - 1] <= from) return false;
    return moments[upperBound(moments, from)] <= to;
  };
}
