/**
 * The newest samples, in memory: every tag's samples as a chain of small blocks of rows cut from large slabs.
 *
 *     tag 7:  block 3 --> block 9 --> block 12        rows 96..127, 288..319, 384..390
 *
 *     slab 0: | block 0 | block 1 | ... | block 2047 |     columns: times, values, kinds, statuses
 *     slab 1: | block 2048 | ...
 *
 * Invariants: a chain holds its tag's samples in the order of their arrival; every block of a chain but the last is full;
 * nothing is allocated per sample or per tag but 12 bytes of counters.
 */

import { type SampleBlock, ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { type ChunkColumns, MAX_CHUNK_SAMPLES } from './chunkColumns.ts';
import type { SampleRun } from './sampleRun.ts';
import { SLAB_BYTES, SLAB_ROWS, type Slab, type SlabPool } from './slabPool.ts';

/** Small, because the last block of a tag is half empty on average: 16 rows x 21 bytes x 10,000 tags are 3.4 MB. */
const BLOCK_ROWS = 32;
const BLOCK_SHIFT = 5;
const ROW_IN_BLOCK = BLOCK_ROWS - 1;
const SLAB_SHIFT = 16;
const ROW_IN_SLAB = SLAB_ROWS - 1;
/** What an interned string costs beyond its characters: the object, the map entry and the table entry. */
const STRING_OVERHEAD_BYTES = 80;

export class HotStore {
  readonly #pool: SlabPool;
  readonly #slabs: Slab[] = [];
  readonly #strings: string[] = [];
  readonly #stringIndex = new Map<string, number>();
  #stringBytes = 0;
  #blocks = 0;
  #samples = 0;
  /** For each block, the next one of the same tag. */
  #next = new Uint32Array(0);
  /** For each tag: its first block, the row behind its last sample, and how many samples it has. */
  #first = new Uint32Array(0);
  #tail = new Uint32Array(0);
  #counts = new Uint32Array(0);

  constructor(pool: SlabPool) {
    this.#pool = pool;
  }

  get samples(): number {
    return this.#samples;
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    return (
      this.#slabs.length * (SLAB_BYTES + (SLAB_ROWS / BLOCK_ROWS) * 4) + this.#counts.length * 12 + this.#stringBytes
    );
  }

  /** Adds the first `block.count` samples; row `i` belongs to tag `tags[i]` of this server. */
  insert(tags: Uint32Array, block: SampleBlock): void {
    const { count, times, values, kinds, statuses } = block;
    for (let index = 0; index < count; index++) {
      const tag = tags[index];
      if (tag >= this.#counts.length) this.#growTags(tag);
      let row = this.#tail[tag];
      if ((row & ROW_IN_BLOCK) === 0) row = this.#extend(tag, row);
      const slab = this.#slabs[row >>> SLAB_SHIFT];
      const at = row & ROW_IN_SLAB;
      const kind = kinds[index];
      slab.times[at] = times[index];
      slab.values[at] = kind === ValueKind.string ? this.#intern(block.strings[values[index]]) : values[index];
      slab.kinds[at] = kind;
      slab.statuses[at] = statuses[index];
      this.#tail[tag] = row + 1;
      this.#counts[tag]++;
    }
    this.#samples += count;
  }

  countOf(tag: number): number {
    return tag < this.#counts.length ? this.#counts[tag] : 0;
  }

  /** One more than the greatest tag that may have samples here. */
  get tagEnd(): number {
    return this.#counts.length;
  }

  /** Fills `columns` with the next samples of `tag` behind `cursor`, at most `MAX_CHUNK_SAMPLES`, and moves it on. */
  gather(tag: number, cursor: HotCursor, columns: ChunkColumns): void {
    let remaining = Math.min(this.#counts[tag] - cursor.taken, MAX_CHUNK_SAMPLES);
    if (cursor.taken === 0) cursor.block = this.#first[tag];
    columns.count = 0;
    columns.strings = this.#strings;
    while (remaining > 0) {
      const rows = Math.min(remaining, BLOCK_ROWS);
      this.#copyBlock(cursor.block, rows, columns);
      cursor.taken += rows;
      remaining -= rows;
      cursor.block = this.#next[cursor.block];
    }
  }

  /** The samples of `tag` with `start <= time < end`, in order of time. */
  read(tag: number, start: number, end: number, rank: number): SampleRun | undefined {
    const rows: number[] = [];
    let sorted = true;
    let previous = Number.NEGATIVE_INFINITY;
    this.#eachRow(tag, (slab, at, row) => {
      const time = slab.times[at];
      if (time < start || time >= end) return;
      if (time < previous) sorted = false;
      previous = time;
      rows.push(row);
    });
    if (rows.length === 0) return undefined;
    const times = Float64Array.from(rows, (row) => this.#slabs[row >>> SLAB_SHIFT].times[row & ROW_IN_SLAB]);
    if (sorted) return this.#runOf(rows, rank);
    const order = rows.map((_, index) => index).sort((a, b) => times[a] - times[b] || a - b);
    return this.#runOf(
      order.map((index) => rows[index]),
      rank,
    );
  }

  /** Gives the slabs back; the store is empty and must not be used any more. */
  release(): void {
    for (const slab of this.#slabs) this.#pool.give(slab);
    this.#slabs.length = 0;
    this.#counts = new Uint32Array(0);
    this.#samples = 0;
  }

  #runOf(rows: readonly number[], rank: number): SampleRun {
    const values: SampleValue[] = [];
    const times = new Float64Array(rows.length);
    const statuses = new Uint32Array(rows.length);
    for (let index = 0; index < rows.length; index++) {
      const slab = this.#slabs[rows[index] >>> SLAB_SHIFT];
      const at = rows[index] & ROW_IN_SLAB;
      const kind = slab.kinds[at];
      times[index] = slab.times[at];
      statuses[index] = slab.statuses[at];
      if (kind === ValueKind.none) values.push(null);
      else values.push(kind === ValueKind.string ? this.#strings[slab.values[at]] : slab.values[at]);
    }
    return { times, values, statuses, ranks: new Float64Array(rows.length).fill(rank) };
  }

  #eachRow(tag: number, visit: (slab: Slab, at: number, row: number) => void): void {
    let block = this.#first[tag];
    for (let remaining = this.countOf(tag); remaining > 0; remaining -= BLOCK_ROWS) {
      const start = block << BLOCK_SHIFT;
      const slab = this.#slabs[start >>> SLAB_SHIFT];
      const end = start + Math.min(remaining, BLOCK_ROWS);
      for (let row = start; row < end; row++) visit(slab, row & ROW_IN_SLAB, row);
      block = this.#next[block];
    }
  }

  #copyBlock(block: number, rows: number, columns: ChunkColumns): void {
    const start = block << BLOCK_SHIFT;
    const slab = this.#slabs[start >>> SLAB_SHIFT];
    let to = columns.count;
    for (let at = start & ROW_IN_SLAB, end = at + rows; at < end; at++, to++) {
      columns.times[to] = slab.times[at];
      columns.values[to] = slab.values[at];
      columns.kinds[to] = slab.kinds[at];
      columns.statuses[to] = slab.statuses[at];
    }
    columns.count = to;
  }

  /** Appends a fresh block to the chain of `tag`, whose last block is full or absent; returns its first row. */
  #extend(tag: number, tailRow: number): number {
    const block = this.#blocks++;
    if ((block << BLOCK_SHIFT) >>> SLAB_SHIFT === this.#slabs.length) this.#addSlab();
    if (this.#counts[tag] === 0) this.#first[tag] = block;
    else this.#next[(tailRow - 1) >>> BLOCK_SHIFT] = block;
    return block << BLOCK_SHIFT;
  }

  #addSlab(): void {
    this.#slabs.push(this.#pool.take());
    const blocks = (this.#slabs.length * SLAB_ROWS) / BLOCK_ROWS;
    if (blocks > this.#next.length) this.#next = grown(this.#next, blocks * 2);
  }

  #growTags(tag: number): void {
    const capacity = Math.max(256, tag + 1 + (tag >>> 1));
    this.#first = grown(this.#first, capacity);
    this.#tail = grown(this.#tail, capacity);
    this.#counts = grown(this.#counts, capacity);
  }

  #intern(text: string): number {
    let index = this.#stringIndex.get(text);
    if (index === undefined) {
      index = this.#strings.push(text) - 1;
      this.#stringIndex.set(text, index);
      this.#stringBytes += text.length * 2 + STRING_OVERHEAD_BYTES;
    }
    return index;
  }
}

/** How far `gather` has come with one tag. */
export class HotCursor {
  taken = 0;
  block = 0;

  reset(): void {
    this.taken = 0;
    this.block = 0;
  }
}

function grown(from: Uint32Array<ArrayBuffer>, capacity: number): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(capacity);
  to.set(from);
  return to;
}
