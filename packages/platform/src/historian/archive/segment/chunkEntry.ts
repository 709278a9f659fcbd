/**
 * What a segment says of each of its chunks outside of it, so that a query reads only the chunks that it needs.
 *
 *     0     4        8        12      14        16        18      19          20            24
 *     +-----+--------+--------+-------+---------+---------+-------+-----------+-------------+--------+
 *     | tag | offset | length | count | of min  | of max  | flags | last kind | last status | stream |
 *     +-----+--------+--------+-------+---------+---------+-------+-----------+-------------+--------+
 *     28              32             36            40         48         56
 *     +---------------+--------------+-------------+----------+----------+--------------+
 *     | first receipt | last receipt | status bits | min time | max time | last value   |
 *     +---------------+--------------+-------------+----------+----------+--------------+
 *     64      72    80    88            96            104   112              120            128
 *     +-------+-----+-----+-------------+-------------+-----+----------------+--------------+---------------+
 *     | first | min | max | time of min | time of max | sum | sum of squares | sloped area  | stepped area  |
 *     +-------+-----+-----+-------------+-------------+-----+----------------+--------------+---------------+
 *
 * Flag 1: the chunk has a summary, and the fields from 64 on, the status bits, and how many samples have the min and the max
 * are in use (`RunSummary`).
 */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { ReceiptSpan } from '../receipts.ts';
import type { RunSummary } from '../runSummary.ts';

export const ENTRY_BYTES = 136;
const HAS_SUMMARY = 1;
const INITIAL_ENTRIES = 1024;

export interface ChunkEntry extends ReceiptSpan {
  readonly tag: number;
  readonly offset: number;
  readonly length: number;
  readonly count: number;
  readonly minTime: number;
  readonly maxTime: number;
  /** Of the last sample; 0 where it is a string. */
  readonly lastValue: number;
  readonly lastStatus: number;
  readonly lastKind: number;
  readonly summary: RunSummary | undefined;
}

/** Entries as they stand in the file, one behind the other. */
export class ChunkEntries {
  #bytes = new Uint8Array(INITIAL_ENTRIES * ENTRY_BYTES);
  #view = new DataView(this.#bytes.buffer);
  count = 0;

  add(entry: ChunkEntry): void {
    const at = this.count++ * ENTRY_BYTES;
    if (at === this.#bytes.length) this.#grow();
    const view = this.#view;
    view.setUint32(at, entry.tag, true);
    view.setUint32(at + 4, entry.offset, true);
    view.setUint32(at + 8, entry.length, true);
    view.setUint16(at + 12, entry.count, true);
    view.setUint8(at + 18, entry.summary ? HAS_SUMMARY : 0);
    view.setUint8(at + 19, entry.lastKind);
    view.setUint32(at + 20, entry.lastStatus, true);
    view.setUint32(at + 24, entry.stream, true);
    view.setUint32(at + 28, entry.first, true);
    view.setUint32(at + 32, entry.last, true);
    view.setFloat64(at + 40, entry.minTime, true);
    view.setFloat64(at + 48, entry.maxTime, true);
    view.setFloat64(at + 56, entry.lastValue, true);
    if (entry.summary) this.#addSummary(at, entry.summary);
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.count * ENTRY_BYTES);
  }

  #addSummary(at: number, summary: RunSummary): void {
    const { statusBits, first, min, max, minTime, maxTime, sum, sumOfSquares, slopedArea, steppedArea } = summary;
    this.#view.setUint16(at + 14, summary.minCount, true);
    this.#view.setUint16(at + 16, summary.maxCount, true);
    this.#view.setUint32(at + 36, statusBits, true);
    const fields = [first, min, max, minTime, maxTime, sum, sumOfSquares, slopedArea, steppedArea];
    for (const [field, value] of fields.entries()) this.#view.setFloat64(at + 64 + field * 8, value, true);
  }

  #grow(): void {
    const bytes = new Uint8Array(this.#bytes.length * 2);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

/** Entry `number` of `bytes`, which hold entries as they stand in the file. */
export function readEntry(bytes: Uint8Array, number: number): ChunkEntry {
  return new EntryTable(bytes).entry(number);
}

/** Entries as they stand in the file, read where they stand: a query looks at a few fields of very many. */
export class EntryTable {
  readonly count: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.count = bytes.length / ENTRY_BYTES;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  minTime(number: number): number {
    return this.#view.getFloat64(number * ENTRY_BYTES + 40, true);
  }

  maxTime(number: number): number {
    return this.#view.getFloat64(number * ENTRY_BYTES + 48, true);
  }

  hasSummary(number: number): boolean {
    return (this.#view.getUint8(number * ENTRY_BYTES + 18) & HAS_SUMMARY) !== 0;
  }

  statusBits(number: number): number {
    return this.#view.getUint32(number * ENTRY_BYTES + 36, true);
  }

  summary(number: number): RunSummary {
    return new StoredSummary(this.#view, number * ENTRY_BYTES);
  }

  entry(number: number): ChunkEntry {
    const view = this.#view;
    const at = number * ENTRY_BYTES;
    return {
      tag: view.getUint32(at, true),
      offset: view.getUint32(at + 4, true),
      length: view.getUint32(at + 8, true),
      count: view.getUint16(at + 12, true),
      minTime: this.minTime(number),
      maxTime: this.maxTime(number),
      lastValue: view.getFloat64(at + 56, true),
      lastKind: view.getUint8(at + 19),
      lastStatus: view.getUint32(at + 20, true),
      stream: view.getUint32(at + 24, true),
      first: view.getUint32(at + 28, true),
      last: view.getUint32(at + 32, true),
      summary: this.hasSummary(number) ? this.summary(number) : undefined,
    };
  }
}

/** The summary of the entry that begins at a place; each field is read when it is asked for. */
class StoredSummary implements RunSummary {
  readonly #view: DataView;
  readonly #at: number;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  get count(): number {
    return this.#view.getUint16(this.#at + 12, true);
  }

  get minCount(): number {
    return this.#view.getUint16(this.#at + 14, true);
  }

  get maxCount(): number {
    return this.#view.getUint16(this.#at + 16, true);
  }

  get statusBits(): number {
    return this.#view.getUint32(this.#at + 36, true);
  }

  get firstTime(): number {
    return this.#view.getFloat64(this.#at + 40, true);
  }

  get lastTime(): number {
    return this.#view.getFloat64(this.#at + 48, true);
  }

  get last(): number {
    return this.#view.getFloat64(this.#at + 56, true);
  }

  get first(): number {
    return this.#view.getFloat64(this.#at + 64, true);
  }

  get min(): number {
    return this.#view.getFloat64(this.#at + 72, true);
  }

  get max(): number {
    return this.#view.getFloat64(this.#at + 80, true);
  }

  get minTime(): number {
    return this.#view.getFloat64(this.#at + 88, true);
  }

  get maxTime(): number {
    return this.#view.getFloat64(this.#at + 96, true);
  }

  get sum(): number {
    return this.#view.getFloat64(this.#at + 104, true);
  }

  get sumOfSquares(): number {
    return this.#view.getFloat64(this.#at + 112, true);
  }

  get slopedArea(): number {
    return this.#view.getFloat64(this.#at + 120, true);
  }

  get steppedArea(): number {
    return this.#view.getFloat64(this.#at + 128, true);
  }
}

/** The value that `lastValue` holds of a sample. */
export function lastNumber(kind: number, value: number): number {
  return kind === ValueKind.number ? value : 0;
}
