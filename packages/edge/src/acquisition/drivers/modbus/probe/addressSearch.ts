/**
 * Which addresses of a table exist: asked for in blocks, and where one is refused in its halves, down to single addresses.
 * Pure: whoever asks says what came of it.
 */

import type { ModbusTable } from '../address.ts';
import type { ReadRange } from '../question.ts';

/** Addresses from `first` on, one behind the other. */
export interface AddressRun {
  readonly first: number;
  readonly count: number;
}

export class AddressSearch {
  readonly #table: ModbusTable;
  /** What is still to be asked for, the next at the end. */
  #open: ReadRange[] = [];
  readonly #found: AddressRun[] = [];

  /** From `first` to `last`, at most `atOnce` in one request. */
  constructor(table: ModbusTable, first: number, last: number, atOnce: number) {
    this.#table = table;
    for (let from = first; from <= last; from += atOnce) {
      this.#open.push({ table, source: 0, first: from, count: Math.min(atOnce, last - from + 1) });
    }
    this.#open.reverse();
  }

  get table(): ModbusTable {
    return this.#table;
  }

  /** How many addresses are still unknown. */
  get left(): number {
    return this.#open.reduce((sum, { count }) => sum + count, 0);
  }

  /** What to ask for next; `undefined` where everything is known. */
  next(): ReadRange | undefined {
    return this.#open.at(-1);
  }

  /** What was asked for is there. */
  exists(): void {
    const { first, count } = this.#open.pop()!;
    const before = this.#found.at(-1);
    if (before && before.first + before.count === first) {
      this.#found[this.#found.length - 1] = { first: before.first, count: before.count + count };
    } else {
      this.#found.push({ first, count });
    }
  }

  /** What was asked for is not there, or not as a whole. */
  refused(): void {
    const range = this.#open.pop()!;
    const half = range.count >> 1;
    if (half === 0) return;
    this.#open.push({ ...range, first: range.first + half, count: range.count - half }, { ...range, count: half });
  }

  /** The device does not know the table at all. */
  giveUp(): void {
    this.#open = [];
  }

  /** In the order of their addresses. */
  get found(): readonly AddressRun[] {
    return this.#found;
  }
}
