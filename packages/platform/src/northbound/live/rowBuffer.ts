/** Samples that wait to be sent, in bounded memory: beyond a limit only the latest of each tag is kept. */

import { type SampleBlock, ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { LiveBatch } from '../../historian/query/historianReader.ts';

/** More rows than this are not kept one by one. */
export const MAX_ROWS = 20_000;
const FIRST_CAPACITY = 1_024;

/** Rows as columns whose first `count` rows count; the columns are used again and must not be kept. */
export interface LiveRows {
  readonly count: number;
  readonly tags: Uint32Array;
  readonly times: Float64Array;
  readonly values: readonly (number | string | null)[];
  readonly statuses: Uint32Array;
  /** Samples that gave way to a later one of their tag. */
  readonly skipped: number;
}

/** Which tags are wanted: 1 at the index of each. `undefined` wants all. */
export type TagFilter = Uint8Array | undefined;

/**
 * Invariants: while the buffer is not full every row is kept in order of arrival; once full, it holds one row per tag, the
 * one with the latest time, until it is emptied. `count + skipped` is the number of samples that came in.
 */
export class RowBuffer {
  readonly #maxRows: number;
  #tags = new Uint32Array(FIRST_CAPACITY);
  #times = new Float64Array(FIRST_CAPACITY);
  #statuses = new Uint32Array(FIRST_CAPACITY);
  readonly #values: (number | string | null)[] = [];
  #count = 0;
  #skipped = 0;
  /** For each tag the row that holds it, counted from 1; `undefined` while every row is kept. */
  #rowOfTag: Uint32Array | undefined;

  /** With `maxRows` 0 only the latest row of each tag is ever kept. */
  constructor(maxRows = MAX_ROWS) {
    this.#maxRows = maxRows;
  }

  get count(): number {
    return this.#count;
  }

  append(batch: LiveBatch, wanted?: TagFilter): void {
    const { tags, block } = batch;
    for (let row = 0; row < block.count; row++) {
      if (wanted && wanted[tags[row]] !== 1) continue;
      this.#add(tags[row], block.times[row], sampledValue(block, row), block.statuses[row]);
    }
  }

  appendRows(rows: LiveRows): void {
    this.#skipped += rows.skipped;
    for (let row = 0; row < rows.count; row++) {
      this.#add(rows.tags[row], rows.times[row], rows.values[row], rows.statuses[row]);
    }
  }

  /** Hands the rows to `use` and is empty afterwards. */
  drain(use: (rows: LiveRows) => void): void {
    use({
      count: this.#count,
      tags: this.#tags,
      times: this.#times,
      values: this.#values,
      statuses: this.#statuses,
      skipped: this.#skipped,
    });
    this.#count = 0;
    this.#skipped = 0;
    this.#values.length = 0;
    this.#rowOfTag = undefined;
  }

  #add(tag: number, time: number, value: number | string | null, status: number): void {
    if (this.#rowOfTag === undefined && this.#count >= this.#maxRows) this.#coalesce();
    this.#put(tag, time, value, status);
  }

  /** Puts the rows that are here in again, one per tag from now on. */
  #coalesce(): void {
    const count = this.#count;
    this.#count = 0;
    this.#rowOfTag = new Uint32Array(FIRST_CAPACITY);
    // A row never moves up, so that each is read before it is overwritten.
    for (let row = 0; row < count; row++) {
      this.#put(this.#tags[row], this.#times[row], this.#values[row], this.#statuses[row]);
    }
    this.#values.length = this.#count;
  }

  #put(tag: number, time: number, value: number | string | null, status: number): void {
    let row = this.#rowOfTag ? this.#rowFor(tag) : this.#count;
    if (row < this.#count) {
      this.#skipped++;
      // Late data is not news: it must not push out the sample that is later in time.
      if (time < this.#times[row]) return;
    } else {
      row = this.#count++;
      if (row === this.#tags.length) this.#grow();
    }
    this.#tags[row] = tag;
    this.#times[row] = time;
    this.#values[row] = value;
    this.#statuses[row] = status;
  }

  /** The row that holds the tag, or the next free one, which is then the row of the tag. */
  #rowFor(tag: number): number {
    let rowOfTag = this.#rowOfTag!;
    if (tag >= rowOfTag.length) {
      rowOfTag = new Uint32Array(Math.max(tag + 1, rowOfTag.length * 2));
      rowOfTag.set(this.#rowOfTag!);
      this.#rowOfTag = rowOfTag;
    }
    const held = rowOfTag[tag];
    if (held !== 0) return held - 1;
    rowOfTag[tag] = this.#count + 1;
    return this.#count;
  }

  #grow(): void {
    const capacity = this.#tags.length * 2;
    const tags = new Uint32Array(capacity);
    const times = new Float64Array(capacity);
    const statuses = new Uint32Array(capacity);
    tags.set(this.#tags);
    times.set(this.#times);
    statuses.set(this.#statuses);
    this.#tags = tags;
    this.#times = times;
    this.#statuses = statuses;
  }
}

function sampledValue({ kinds, values, strings }: SampleBlock, row: number): number | string | null {
  if (kinds[row] === ValueKind.none) return null;
  return kinds[row] === ValueKind.string ? strings[values[row]] : values[row];
}
