/**
 * Writes a frozen hot store as a segment file, in slices that leave the event loop to others.
 *
 * Order of events: NAME.tmp is written, fdatasync, renamed to NAME, the directory is synced. The rename is the commit: a
 * crash before it leaves a file that the next start removes, a crash behind it leaves a whole segment.
 */

import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { syncDirectory } from '@tidegate/journal/syncDirectory.ts';
import { segmentFileName, TEMPORARY_SUFFIX } from './archiveFiles.ts';
import { ChunkColumns } from './chunkColumns.ts';
import { ChunkEncoder } from './chunkEncoder.ts';
import { HotCursor, type HotStore } from './hotStore.ts';
import { SegmentIndexBuilder } from './segmentIndex.ts';
import { encodeHead, encodeTrailer, type SegmentHead } from './segmentLayout.ts';

/** How long the writer computes before it lets others have their turn. */
const SLICE_MS = 4;
const WRITE_BYTES = 512 * 1024;

/** Writes every sample of `store`; resolves with the name of the file. Rejects with what the file system says. */
export async function writeSegment(directory: string, head: SegmentHead, store: HotStore): Promise<string> {
  const name = segmentFileName(head);
  const temporary = join(directory, name + TEMPORARY_SUFFIX);
  try {
    const file = await open(temporary, 'w');
    try {
      await new SegmentWriter(file).write(head, store);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(temporary, join(directory, name));
    await syncDirectory(directory);
    return name;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

class SegmentWriter {
  readonly #file: FileHandle;
  readonly #encoder = new ChunkEncoder();
  readonly #columns = new ChunkColumns();
  readonly #index = new SegmentIndexBuilder();
  #buffer = new Uint8Array(WRITE_BYTES);
  #buffered = 0;
  #offset = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(head: SegmentHead, store: HotStore): Promise<void> {
    const encodedHead = encodeHead(head);
    this.#put(encodedHead);
    await this.#writeChunks(store);
    const indexOffset = this.#offset;
    this.#put(this.#index.bytes);
    const headCopyOffset = this.#offset;
    this.#put(encodedHead);
    const { entries, crc } = this.#index;
    this.#put(encodeTrailer({ indexOffset, entries, headCopyOffset, indexCrc: crc }));
    await this.#flush();
  }

  async #writeChunks(store: HotStore): Promise<void> {
    const cursor = new HotCursor();
    let sliceEnd = performance.now() + SLICE_MS;
    for (let tag = 0; tag < store.tagEnd; tag++) {
      cursor.reset();
      while (cursor.taken < store.countOf(tag)) {
        store.gather(tag, cursor, this.#columns);
        this.#columns.sort();
        const chunk = this.#encoder.encode(tag, this.#columns);
        this.#index.add(tag, this.#offset, chunk.length, this.#columns);
        this.#put(chunk);
        if (this.#buffered >= WRITE_BYTES) await this.#flush();
        if (performance.now() < sliceEnd) continue;
        await nextTurn();
        sliceEnd = performance.now() + SLICE_MS;
      }
    }
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
  }

  async #flush(): Promise<void> {
    for (let at = 0; at < this.#buffered; ) {
      const { bytesWritten } = await this.#file.write(this.#buffer, at, this.#buffered - at);
      at += bytesWritten;
    }
    this.#buffered = 0;
  }
}
