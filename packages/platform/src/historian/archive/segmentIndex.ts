/** The index of a segment while it is made: one entry for each chunk, in columns of bytes that grow. */

import { crc32 } from 'node:zlib';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { ChunkSamples } from './chunkColumns.ts';
import { ENTRY_AT, ENTRY_BYTES } from './segmentLayout.ts';

const INITIAL_ENTRIES = 1024;

/** One chunk as the index names it. */
export interface IndexEntry {
  readonly tag: number;
  readonly count: number;
  readonly offset: number;
  readonly length: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly lastValue: number;
  readonly lastStatus: number;
  readonly lastKind: number;
}

export class SegmentIndexBuilder {
  #bytes = new Uint8Array(INITIAL_ENTRIES * ENTRY_BYTES);
  #view = new DataView(this.#bytes.buffer);
  entries = 0;

  add(tag: number, offset: number, length: number, { count, times, values, kinds, statuses }: ChunkSamples): void {
    const last = count - 1;
    const at = this.#place(tag, offset, length);
    const lastValue = kinds[last] === ValueKind.number ? values[last] : 0;
    const view = this.#view;
    view.setUint32(at + ENTRY_AT.count, count, true);
    view.setFloat64(at + ENTRY_AT.minTime, times[0], true);
    view.setFloat64(at + ENTRY_AT.maxTime, times[last], true);
    view.setFloat64(at + ENTRY_AT.lastValue, lastValue, true);
    view.setUint32(at + ENTRY_AT.lastStatus, statuses[last], true);
    view.setUint8(at + ENTRY_AT.lastKind, kinds[last]);
  }

  /** The index as it stands in the file. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.entries * ENTRY_BYTES);
  }

  get crc(): number {
    return crc32(this.bytes);
  }

  #place(tag: number, offset: number, length: number): number {
    const at = this.entries++ * ENTRY_BYTES;
    if (at === this.#bytes.length) {
      const bytes = new Uint8Array(this.#bytes.length * 2);
      bytes.set(this.#bytes);
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
    this.#view.setUint32(at + ENTRY_AT.tag, tag, true);
    this.#view.setUint32(at + ENTRY_AT.offset, offset, true);
    this.#view.setUint32(at + ENTRY_AT.length, length, true);
    return at;
  }
}

/** Entry `number` of an index as it stands in the file. */
export function readEntry(index: Uint8Array, number: number): IndexEntry {
  const view = new DataView(index.buffer, index.byteOffset + number * ENTRY_BYTES, ENTRY_BYTES);
  return {
    tag: view.getUint32(ENTRY_AT.tag, true),
    count: view.getUint32(ENTRY_AT.count, true),
    offset: view.getUint32(ENTRY_AT.offset, true),
    length: view.getUint32(ENTRY_AT.length, true),
    minTime: view.getFloat64(ENTRY_AT.minTime, true),
    maxTime: view.getFloat64(ENTRY_AT.maxTime, true),
    lastValue: view.getFloat64(ENTRY_AT.lastValue, true),
    lastStatus: view.getUint32(ENTRY_AT.lastStatus, true),
    lastKind: view.getUint8(ENTRY_AT.lastKind),
  };
}
