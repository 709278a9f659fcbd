/** What is kept of files that are read: a bounded number stays open, whatever the number of segments. */

import { type FileHandle, open } from 'node:fs/promises';
import { IndexPages, PAGE_BYTES } from './indexPages.ts';
import { RecentReceipts } from './recentReceipts.ts';
import { WarmReads } from './warmReads.ts';

const MAX_IDLE = 64;
/** Of what lies between pieces so much is read at a time. */
const UNKEPT_BYTES = 32 * 1024;

/** A stretch of a file. */
export interface FilePiece {
  readonly offset: number;
  readonly length: number;
}

interface OpenFile {
  readonly handle: Promise<FileHandle>;
  readers: number;
}

export class OpenFiles {
  /** In the order of their last use. */
  readonly #files = new Map<string, OpenFile>();
  readonly receipts = new RecentReceipts();
  readonly #pages = new IndexPages();
  /** Takes what lies between pieces, of all reads: nobody looks at it. */
  readonly #unkept = new Uint8Array(UNKEPT_BYTES);
  readonly #warm = new WarmReads();

  /**
   * Pieces of the file, which ascend, all of them with one read; what lies between them is not kept. Where the file ends
   * before a piece does, the piece is shorter. Rejects with what the file system says.
   */
  async readPieces(path: string, pieces: readonly FilePiece[]): Promise<Uint8Array[]> {
    const memory = Buffer.allocUnsafe(pieces.reduce((sum, { length }) => sum + length, 0));
    const found: Uint8Array[] = [];
    const buffers: Uint8Array[] = [];
    let [at, filled] = [pieces[0].offset, 0];
    for (const { offset, length } of pieces) {
      for (; at < offset; at += buffers[buffers.length - 1].length) buffers.push(this.#unkept.subarray(0, offset - at));
      found.push(memory.subarray(filled, filled + length));
      buffers.push(found[found.length - 1]);
      at += length;
      filled += length;
    }
    const present = await this.#read(path, buffers, pieces[0].offset, at - pieces[0].offset);
    for (const [number, { offset, length }] of pieces.entries()) {
      const rest = pieces[0].offset + present - offset;
      if (rest < length) found[number] = found[number].subarray(0, Math.max(0, rest));
    }
    return found;
  }

  /** `length` bytes of the file from `offset`, fewer at its end. Rejects with what the file system says. */
  async read(path: string, offset: number, length: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, await this.#read(path, [bytes], offset, length));
  }

  /** As `read`, for a part of an index: what stands around it is read with it, and kept for the next. */
  async readIndex(path: string, offset: number, length: number): Promise<Uint8Array> {
    const kept = this.#pages.get(path, offset, length);
    if (kept) return kept;
    const from = offset % PAGE_BYTES;
    if (from + length > PAGE_BYTES) return this.read(path, offset, length);
    // Where a disk cannot read all of a page, it may still read what is wanted of it.
    const page = await this.read(path, offset - from, PAGE_BYTES).catch(() => undefined);
    if (!page) return this.read(path, offset, length);
    this.#pages.add(path, offset - from, page);
    return page.subarray(from, from + length);
  }

  /** Fills `buffers`, which have `length` bytes together, with what stands from `offset` on, and tells how many bytes that were. */
  async #read(path: string, buffers: readonly Uint8Array[], offset: number, length: number): Promise<number> {
    const file = this.#files.get(path) ?? { handle: open(path, 'r'), readers: 0 };
    this.#files.delete(path);
    this.#files.set(path, file);
    file.readers++;
    try {
      const handle = await file.handle;
      let filled = await this.#warm.read(handle.fd, buffers, offset, length);
      while (filled < length) {
        const { bytesRead } = await handle.readv(behind(buffers, filled), offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled;
    } catch (error) {
      this.#drop(path, file);
      throw error;
    } finally {
      file.readers--;
      await (this.#files.get(path) === file ? this.#closeIdle(MAX_IDLE) : closeUnread(file));
    }
  }

  /** Closes the file at `path`, whose name is about to belong to another, when nobody is reading it. */
  async forget(path: string): Promise<void> {
    this.receipts.forget(path);
    this.#pages.forget(path);
    const file = this.#files.get(path);
    if (!file) return;
    this.#drop(path, file);
    await closeUnread(file);
  }

  /** Closes every file that nobody is reading. */
  async close(): Promise<void> {
    await this.#closeIdle(0);
  }

  async #closeIdle(keep: number): Promise<void> {
    for (const [path, file] of this.#files) {
      if (this.#files.size <= keep) return;
      if (file.readers > 0) continue;
      this.#drop(path, file);
      await closeUnread(file);
    }
  }

  /** The next reader opens the file anew; whoever is the last to read this one closes it. */
  #drop(path: string, file: OpenFile): void {
    if (this.#files.get(path) === file) this.#files.delete(path);
  }
}

/** What is left of `buffers` when the first `filled` bytes are. */
function behind(buffers: readonly Uint8Array[], filled: number): readonly Uint8Array[] {
  let [at, before] = [0, filled];
  while (before >= buffers[at].length) before -= buffers[at++].length;
  return before === 0 && at === 0 ? buffers : [buffers[at].subarray(before), ...buffers.slice(at + 1)];
}

async function closeUnread({ handle, readers }: OpenFile): Promise<void> {
  // What could not be opened need not be closed, and nothing was written that closing could lose.
  if (readers === 0) await handle.then((opened) => opened.close()).catch(() => undefined);
}
