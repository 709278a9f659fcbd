/** Tells which deletions cover a time, for times that are asked in ascending order. */

import { lowerBound } from '../sampleRun.ts';
import type { Deletion, TagEdits } from './tagEdits.ts';

/**
 * Holds the deletions that cover the last time asked, and takes each in and out once: what lies between the times that
 * matter costs nothing, however many deletions there are.
 */
export class DeletionSweep {
  readonly #deletions: readonly Deletion[];
  readonly #known: number;
  #next = 0;
  #active: Deletion[] = [];
  #earliestEnd = Number.POSITIVE_INFINITY;
  #edits: Uint32Array = new Uint32Array(0);

  /** Of the edits only the first `known` count. */
  constructor({ deletions }: TagEdits, known: number) {
    this.#deletions = deletions;
    this.#known = known;
  }

  /** Positions of the edits that deleted what was at `time`, ascending. */
  covering(time: number): Uint32Array {
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
    const active = this.#active.filter(({ end }) => end > time);
    for (; this.#next < this.#deletions.length && this.#deletions[this.#next].start <= time; this.#next++) {
      const deletion = this.#deletions[this.#next];
      if (deletion.edit < this.#known && deletion.end > time) active.push(deletion);
    }
    this.#active = active;
    this.#earliestEnd = active.reduce((earliest, { end }) => Math.min(earliest, end), Number.POSITIVE_INFINITY);
    this.#edits = Uint32Array.from(active, ({ edit }) => edit).sort();
  }
}

/** The first of ascending `positions` that is not less than `position`; -1 where there is none. */
export function firstFrom(positions: Uint32Array, position: number): number {
  const row = lowerBound(positions, position);
  return row < positions.length ? positions[row] : -1;
}
