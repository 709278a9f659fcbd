/**
 * Writes a segment file, in the keeper's thread, where nobody minds that files are written synchronously.
 *
 * Order of events: NAME.tmp is written, fdatasync, renamed to NAME, the directory is synced. The rename is the commit: a
 * crash before it leaves a file that the next start removes, a crash behind it leaves a whole segment.
 */

import { closeSync, fdatasyncSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { segmentFileName, TEMPORARY_SUFFIX } from '../archiveFiles.ts';
import { ChunkEncoder } from '../chunk/chunkEncoder.ts';
import { MAX_CHUNK_SAMPLES } from '../chunk/chunkLayout.ts';
import { foretellRows, type ReceiptSpan, type Receipts } from '../receipts.ts';
import { summariseRun } from '../runSummary.ts';
import { type SampleRun, sliceRun } from '../sampleRun.ts';
import { ChunkEntries, type ChunkEntry, lastNumber } from './chunkEntry.ts';
import { encodeReceipts } from './receiptSection.ts';
import { encodeHead, encodeTrailer, type SegmentHead } from './segmentLayout.ts';
import { encodeTagRows, TAG_ROW_BYTES } from './tagDirectory.ts';

const WRITE_BYTES = 1024 * 1024;

export class SegmentWriter {
  readonly #directory: string;
  readonly #name: string;
  readonly #head: Uint8Array;
  readonly #receipts: Receipts;
  readonly #encoder = new ChunkEncoder();
  readonly #entries = new ChunkEntries();
  readonly #file: number;
  readonly #foretold = new Uint32Array(MAX_CHUNK_SAMPLES);
  readonly #lags = new Int32Array(MAX_CHUNK_SAMPLES);
  #open = true;
  #renamed = false;
  #buffer = new Uint8Array(WRITE_BYTES * 2);
  #buffered = 0;
  #offset = 0;

  /** Throws what the file system says. */
  constructor(directory: string, head: SegmentHead, receipts: Receipts) {
    this.#directory = directory;
    this.#name = segmentFileName(head);
    this.#head = encodeHead(head);
    this.#receipts = receipts;
    this.#file = openSync(this.#temporary, 'w');
    this.#put(this.#head);
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#offset;
  }

  /**
   * Adds the samples of a tag, or more of them: tags ascend, and the times of one tag do. `rows` holds the receipt of each
   * sample. Throws what the file system says.
   */
  add(tag: number, samples: SampleRun, rows: Uint32Array): void {
    for (let from = 0; from < samples.times.length; from += MAX_CHUNK_SAMPLES) {
      const to = Math.min(from + MAX_CHUNK_SAMPLES, samples.times.length);
      this.#addChunk(tag, sliceRun(samples, from, to), rows.subarray(from, to));
    }
  }

  /** Adds a chunk as it stands in another segment; `entry` says where its receipts are in this one. */
  copy(entry: ChunkEntry, bytes: Uint8Array): void {
    this.#entries.add({ ...entry, offset: this.#offset, length: bytes.length });
    this.#put(bytes);
  }

  /** Makes the segment durable under its name, which it returns. Throws what the file system says. */
  commit(): string {
    const entries = this.#entries.bytes;
    const tags = encodeTagRows(entries);
    const receipts = encodeReceipts(this.#receipts);
    const entriesOffset = this.#offset;
    this.#put(entries);
    const tagsOffset = this.#offset;
    this.#put(tags);
    const receiptsOffset = this.#offset;
    this.#put(receipts);
    const headCopyOffset = this.#offset;
    this.#put(this.#head);
    const counts = { entries: this.#entries.count, tags: tags.length / TAG_ROW_BYTES };
    const sums = { tagsCrc: crc32(tags), receiptsCrc: crc32(receipts) };
    this.#put(encodeTrailer({ entriesOffset, tagsOffset, receiptsOffset, headCopyOffset, ...counts, ...sums }));
    this.#flush();
    fdatasyncSync(this.#file);
    this.#close();
    renameSync(this.#temporary, this.#path);
    this.#renamed = true;
    syncDirectorySync(this.#directory);
    return this.#name;
  }

  /** Leaves nothing behind of a segment that was not committed, not even where only its name could not be made durable. */
  discard(): void {
    this.#close();
    rmSync(this.#renamed ? this.#path : this.#temporary, { force: true });
  }

  get #path(): string {
    return join(this.#directory, this.#name);
  }

  get #temporary(): string {
    return this.#path + TEMPORARY_SUFFIX;
  }

  #addChunk(tag: number, samples: SampleRun, rows: Uint32Array): void {
    const { times, values, kinds, statuses } = samples;
    const last = times.length - 1;
    const span = spanOf(this.#receipts, rows);
    const lags = this.#lagsOf(span, times, rows);
    const bytes = this.#encoder.encode(tag, samples, 0, times.length, lags);
    this.#entries.add({
      ...{ tag, offset: this.#offset, length: bytes.length, count: times.length, ...span },
      ...{ minTime: times[0], maxTime: times[last] },
      ...{ lastValue: lastNumber(kinds[last], values[last]), lastStatus: statuses[last], lastKind: kinds[last] },
      summary: summariseRun(samples),
    });
    this.#put(bytes);
  }

  /** How many rows later each sample came than is foretold; `undefined` where none can have. Good until the next call. */
  #lagsOf(span: ReceiptSpan, times: Float64Array, rows: Uint32Array): Int32Array | undefined {
    if (span.first === span.last) return undefined;
    const foretold = foretellRows(this.#receipts, span, times, this.#foretold);
    for (let at = 0; at < rows.length; at++) this.#lags[at] = rows[at] - foretold[at];
    return this.#lags;
  }

  #put(bytes: Uint8Array): void {
    const needed = this.#buffered + bytes.length;
    if (needed > this.#buffer.length) {
      const buffer = new Uint8Array(needed * 2);
      buffer.set(this.#buffer.subarray(0, this.#buffered));
      this.#buffer = buffer;
    }
    this.#buffer.set(bytes, this.#buffered);
    this.#buffered = needed;
    this.#offset += bytes.length;
    if (this.#buffered >= WRITE_BYTES) this.#flush();
  }

  #flush(): void {
    for (let at = 0; at < this.#buffered; ) at += writeSync(this.#file, this.#buffer, at, this.#buffered - at);
    this.#buffered = 0;
  }

  #close(): void {
    if (this.#open) closeSync(this.#file);
    this.#open = false;
  }
}

/** The receipts that `rows` lie among; of one stream mostly, and then that of the first. */
function spanOf({ streamOf }: Receipts, rows: Uint32Array): ReceiptSpan {
  let [first, last] = [rows[0], rows[0]];
  for (let at = 1; at < rows.length; at++) {
    const row = rows[at];
    if (row < first) first = row;
    else if (row > last) last = row;
  }
  return { stream: streamOf[rows[0]], first, last };
}

function syncDirectorySync(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
