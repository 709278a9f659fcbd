/**
 * What a segment says of each of its chunks outside of it, so that a query reads only the chunks that it needs.
 *
 *     0     4        8        12      16     18      19         20            24
 *     +-----+--------+--------+-------+------+-------+----------+-------------+---------+
 *     | tag | offset | length | count | zero | flags | last kind| last status | stream  |
 *     +-----+--------+--------+-------+------+-------+----------+-------------+---------+
 *     28              32             36            40         48         56
 *     +---------------+--------------+-------------+----------+----------+--------------+
 *     | first receipt | last receipt | status bits | min time | max time | last value   |
 *     +---------------+--------------+-------------+----------+----------+--------------+
 *     64      72    80    88            96            104   112              120            128
 *     +-------+-----+-----+-------------+-------------+-----+----------------+--------------+---------------+
 *     | first | min | max | time of min | time of max | sum | sum of squares | sloped area  | stepped area  |
 *     +-------+-----+-----+-------------+-------------+-----+----------------+--------------+---------------+
 *
 * Flag 1: the chunk has a summary, and the fields from 64 on and the status bits are in use (`RunSummary`).
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
    view.setUint32(at + 12, entry.count, true);
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

  #addSummary(at: number, { statusBits, ...summary }: RunSummary): void {
    const { first, min, max, minTime, maxTime, sum, sumOfSquares, slopedArea, steppedArea } = summary;
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
  const view = new DataView(bytes.buffer, bytes.byteOffset + number * ENTRY_BYTES, ENTRY_BYTES);
  const count = view.getUint32(12, true);
  const minTime = view.getFloat64(40, true);
  const maxTime = view.getFloat64(48, true);
  const lastValue = view.getFloat64(56, true);
  return {
    ...{ count, minTime, maxTime, lastValue },
    tag: view.getUint32(0, true),
    offset: view.getUint32(4, true),
    length: view.getUint32(8, true),
    lastKind: view.getUint8(19),
    lastStatus: view.getUint32(20, true),
    stream: view.getUint32(24, true),
    first: view.getUint32(28, true),
    last: view.getUint32(32, true),
    summary: view.getUint8(18) & HAS_SUMMARY ? readSummary(view, count, minTime, maxTime, lastValue) : undefined,
  };
}

function readSummary(view: DataView, count: number, firstTime: number, lastTime: number, last: number): RunSummary {
  const field = (number: number) => view.getFloat64(64 + number * 8, true);
  return {
    ...{ count, firstTime, lastTime, last },
    first: field(0),
    min: field(1),
    max: field(2),
    minTime: field(3),
    maxTime: field(4),
    sum: field(5),
    sumOfSquares: field(6),
    slopedArea: field(7),
    steppedArea: field(8),
    statusBits: view.getUint32(36, true),
  };
}

/** The value that `lastValue` holds of a sample. */
export function lastNumber(kind: number, value: number): number {
  return kind === ValueKind.number ? value : 0;
}
