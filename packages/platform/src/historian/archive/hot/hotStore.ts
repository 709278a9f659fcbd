/**
 * The newest samples, in memory: every tag's samples as a chain of small blocks of rows cut from large slabs.
 *
 *     tag 7:  block 3 --> block 9 --> block 12        rows 96..127, 288..319, 384..390
 *
 *     slab 0: | block 0 | block 1 | ... | block 2047 |     a row: time, value, status, receipt, kind
 *     slab 1: | block 2048 | ...
 *
 * Invariants: a chain holds its tag's samples in the order of their arrival; every block of a chain but the last is full;
 * nothing is allocated per sample or per tag but 12 bytes of counters. The slabs are shared with the keeper's thread, which
 * reads a store when nothing is added to it any more.
 */

import { type SampleBlock, ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { Receipt } from '../../ingest/sampleStore.ts';
import { ReceiptBook, type Receipts } from '../receipts.ts';
import type { SampleRun } from '../sampleRun.ts';
import { DayCounter, type DayCounts } from '../segment/dayCounts.ts';
import { HotColumns } from './hotColumns.ts';
import {
  RECEIPT_SHIFT,
  RECEIPT_WORD,
  ROW_NUMBERS,
  ROW_WORDS,
  SLAB_BYTES,
  SLAB_ROWS,
  type Slab,
  type SlabPool,
  STATUS_WORD,
} from './slabPool.ts';

/** Blocks have 2 ** n rows: many, so that a tag is read in few pieces, unless there are very many tags. */
const MAX_BLOCK_SHIFT = 5;
/** The last block of a tag is half empty on average; that must not be much beside the others. */
const BLOCKS_PER_TAG = 4;
const SLAB_SHIFT = 16;
const ROW_IN_SLAB = SLAB_ROWS - 1;
/** What an interned string costs beyond its characters: the object, the map entry and the table entry. */
const STRING_OVERHEAD_BYTES = 80;

/** All of a store that can be handed to another thread; the slabs are the same memory there. */
export interface HotSnapshot {
  readonly slabs: readonly Slab[];
  readonly strings: readonly string[];
  readonly receipts: Receipts;
  readonly samples: number;
  /** A block has 2 ** blockShift rows. */
  readonly blockShift: number;
  /** For each block, the next one of the same tag. */
  readonly next: Uint32Array;
  /** For each tag: its first block, and how many samples it has. */
  readonly first: Uint32Array;
  readonly counts: Uint32Array;
}

export interface HotStoreOptions {
  readonly pool: SlabPool;
  /** As in `ArchiveOptions`. */
  readonly editedBetween: (from: number, to: number) => boolean;
  /** How large the store will become, and of how many tags. */
  readonly hotBytes: number;
  readonly tags: number;
}

export class HotStore {
  readonly #pool: SlabPool;
  readonly #blockShift: number;
  readonly #slabs: Slab[] = [];
  readonly #strings: string[] = [];
  readonly #stringIndex = new Map<string, number>();
  readonly #receipts: ReceiptBook;
  #stringBytes = 0;
  #blocks = 0;
  #samples = 0;
  readonly #days = new DayCounter();
  #next = new Uint32Array(0);
  #first = new Uint32Array(0);
  /** For each tag the row behind its last sample. */
  #tail = new Uint32Array(0);
  #counts = new Uint32Array(0);

  constructor({ pool, editedBetween, hotBytes, tags }: HotStoreOptions) {
    const rowsOfTag = (hotBytes / SLAB_BYTES) * (SLAB_ROWS / Math.max(tags, 1));
    this.#blockShift = Math.min(Math.max(Math.floor(Math.log2(rowsOfTag / BLOCKS_PER_TAG)), 0), MAX_BLOCK_SHIFT);
    this.#pool = pool;
    this.#receipts = new ReceiptBook(editedBetween);
  }

  get samples(): number {
    return this.#samples;
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    const slabs = this.#slabs.length * (SLAB_BYTES + (SLAB_ROWS >>> this.#blockShift) * 4);
    return slabs + this.#counts.length * 12 + this.#stringBytes + this.#receipts.bytes;
  }

  /** Adds the first `block.count` samples; row `i` belongs to tag `tags[i]` of this server. */
  insert(receipt: Receipt, tags: Uint32Array, block: SampleBlock): void {
    const { count, times, values, kinds, statuses } = block;
    const receiptWord = this.#receipts.add(receipt) << RECEIPT_SHIFT;
    const rowInBlock = (1 << this.#blockShift) - 1;
    this.#growTags(tags, count);
    const [tails, counts, slabs] = [this.#tail, this.#counts, this.#slabs];
    for (let index = 0; index < count; index++) {
      const tag = tags[index];
      let row = tails[tag];
      if ((row & rowInBlock) === 0) row = this.#extend(tag, row);
      const { numbers, words } = slabs[row >>> SLAB_SHIFT];
      const at = row & ROW_IN_SLAB;
      const kind = kinds[index];
      numbers[at * ROW_NUMBERS] = times[index];
      numbers[at * ROW_NUMBERS + 1] =
        kind === ValueKind.string ? this.#intern(block.strings[values[index]]) : values[index];
      words[at * ROW_WORDS + STATUS_WORD] = statuses[index];
      words[at * ROW_WORDS + RECEIPT_WORD] = receiptWord | kind;
      tails[tag] = row + 1;
      counts[tag]++;
    }
    this.#samples += count;
    this.#days.add(times, count);
  }

  /** Samples by the day of their time. */
  get days(): DayCounts {
    return this.#days.days;
  }

  /** The samples of `tag` with `start <= time < end`, in order of time; `undefined` where there are none. */
  read(tag: number, start: number, end: number, withReceived: boolean): SampleRun | undefined {
    if (tag >= this.#counts.length || this.#counts[tag] === 0) return undefined;
    const snapshot = this.snapshot();
    const count = countWithin(snapshot, tag, start, end);
    if (count === 0) return undefined;
    const columns = new HotColumns();
    if (count === this.#counts[tag]) gather(snapshot, tag, columns);
    else gatherWithin(snapshot, tag, start, end, count, columns);
    columns.sort();
    return columns.run(withReceived ? snapshot.receipts : undefined);
  }

  snapshot(): HotSnapshot {
    return {
      slabs: this.#slabs,
      strings: this.#strings,
      receipts: this.#receipts.receipts,
      samples: this.#samples,
      blockShift: this.#blockShift,
      next: this.#next.subarray(0, this.#blocks),
      first: this.#first,
      counts: this.#counts,
    };
  }

  /** Gives the slabs back; the store is empty and must not be used any more. */
  release(): void {
    for (const slab of this.#slabs) this.#pool.give(slab);
    this.#slabs.length = 0;
    this.#counts = new Uint32Array(0);
    this.#samples = 0;
  }

  /** Appends a fresh block to the chain of `tag`, whose last block is full or absent; returns its first row. */
  #extend(tag: number, tailRow: number): number {
    const block = this.#blocks++;
    const row = block << this.#blockShift;
    if (row >>> SLAB_SHIFT === this.#slabs.length) this.#addSlab();
    if (this.#counts[tag] === 0) this.#first[tag] = block;
    else this.#next[(tailRow - 1) >>> this.#blockShift] = block;
    return row;
  }

  #addSlab(): void {
    this.#slabs.push(this.#pool.take());
    const blocks = (this.#slabs.length * SLAB_ROWS) >>> this.#blockShift;
    if (blocks > this.#next.length) this.#next = grown(this.#next, blocks * 2);
  }

  #growTags(tags: Uint32Array, count: number): void {
    let last = 0;
    for (let index = 0; index < count; index++) if (tags[index] > last) last = tags[index];
    if (last < this.#counts.length) return;
    const capacity = Math.max(256, last + 1 + (last >>> 1));
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

/** Fills `columns` with all samples of `tag`, in the order of their arrival. */
export function gather(store: HotSnapshot, tag: number, columns: HotColumns): void {
  columns.clear(store.counts[tag], store.strings);
  forEachBlock(store, tag, (slab, from, to) => columns.append(slab, from, to - from));
}

/** How many samples of `tag` there are with `start <= time < end`. */
function countWithin(store: HotSnapshot, tag: number, start: number, end: number): number {
  let count = 0;
  forEachBlock(store, tag, (slab, from, to) => {
    for (let row = from; row < to; row++) if (isWithin(slab, row, start, end)) count++;
  });
  return count;
}

/** As `gather`, for those of the `count` samples with `start <= time < end`. */
function gatherWithin(
  store: HotSnapshot,
  tag: number,
  start: number,
  end: number,
  count: number,
  columns: HotColumns,
): void {
  columns.clear(count, store.strings);
  forEachBlock(store, tag, (slab, from, to) => {
    for (let row = from; row < to; row++) {
      const first = row;
      while (row < to && isWithin(slab, row, start, end)) row++;
      if (row > first) columns.append(slab, first, row - first);
    }
  });
}

function isWithin({ numbers }: Slab, row: number, start: number, end: number): boolean {
  const time = numbers[row * ROW_NUMBERS];
  return time >= start && time < end;
}

/** Calls `onBlock` with the rows of each block of `tag`, in the order of their arrival. */
function forEachBlock(
  { slabs, blockShift, next, first, counts }: HotSnapshot,
  tag: number,
  onBlock: (slab: Slab, from: number, to: number) => void,
): void {
  const blockRows = 1 << blockShift;
  let block = first[tag];
  for (let remaining = counts[tag]; remaining > 0; remaining -= blockRows) {
    const row = block << blockShift;
    const from = row & ROW_IN_SLAB;
    onBlock(slabs[row >>> SLAB_SHIFT], from, from + Math.min(remaining, blockRows));
    block = next[block];
  }
}

function grown(from: Uint32Array<ArrayBuffer>, capacity: number): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(capacity);
  to.set(from);
  return to;
}
