/** Tells which deletions cover a time, for times that are asked in ascending order. */

import type { Deletion, TagEdits } from './tagEdits.ts';

/**
 * Holds the deletions that cover the last time asked, and takes each in and out once: what lies between the times that
 * matter costs nothing, however many deletions there are.
 */
export class DeletionSweep {
  readonly #deletions: readonly Deletion[];
  readonly #known: number;
  #next = 0;
  readonly #active: Deletion[] = [];
  readonly #edits: number[] = [];
  #earliestEnd = Number.POSITIVE_INFINITY;

  /** Of the edits only the first `known` count. */
  constructor({ deletions }: TagEdits, known: number) {
    this.#deletions = deletions;
    this.#known = known;
  }

  /** Positions of the edits that deleted what was at `time`, ascending; the array is good until the next call. */
  covering(time: number): readonly number[] {
    const isStarting = this.#next < this.#deletions.length && this.#deletions[this.#next].start <= time;
    if (isStarting || time >= this.#earliestEnd) this.#advance(time);
    return this.#edits;
  }

  /** Position of the last of them; -1 where there is none. */
  last(time: number): number {
    const edits = this.covering(time);
    return edits.length === 0 ? -1 : edits[edits.length - 1];
  }

  #advance(time: number): void {
    const [active, edits] = [this.#active, this.#edits];
    let kept = 0;
    for (const deletion of active) if (deletion.end > time) active[kept++] = deletion;
    active.length = kept;
    for (; this.#next < this.#deletions.length && this.#deletions[this.#next].start <= time; this.#next++) {
      const deletion = this.#deletions[this.#next];
      if (deletion.edit < this.#known && deletion.end > time) active.push(deletion);
    }
    edits.length = 0;
    this.#earliestEnd = Number.POSITIVE_INFINITY;
    for (const { edit, end } of active) {
      edits.push(edit);
      this.#earliestEnd = Math.min(this.#earliestEnd, end);
    }
    if (edits.length > 1) edits.sort((a, b) => a - b);
  }
}

/** The first of ascending `positions` that is not less than `position`; -1 where there is none. */
export function firstFrom(positions: readonly number[], position: number): number {
  for (const candidate of positions) if (candidate >= position) return candidate;
  return -1;
}
