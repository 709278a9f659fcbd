/** When history was edited: between two edits the archive need not tell apart what arrived first. */

export class EditMoments {
  /** Ascending. */
  readonly #moments: number[] = [];

  /** Returns `moment` (µs), which is later than every one before. */
  add<T extends number>(moment: T): T {
    this.#moments.push(moment);
    return moment;
  }

  /** Whether something was edited in `(from, to]`. Mostly asked of the present. */
  readonly between = (from: number, to: number): boolean => {
    for (let at = this.#moments.length - 1; at >= 0 && this.#moments[at] > from; at--) {
      if (this.#moments[at] <= to) return true;
    }
    return false;
  };
}
