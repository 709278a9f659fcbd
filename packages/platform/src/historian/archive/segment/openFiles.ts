/** What is kept of files that are read: a bounded number stays open, whatever the number of segments. */

import { type FileHandle, open } from 'node:fs/promises';
import { RecentReceipts } from './recentReceipts.ts';
import { WarmReads } from './warmReads.ts';

const MAX_IDLE = 64;
/** Memory for what lies between pieces; used again. */
const SPARE_BYTES = 1024 * 1024;
const MAX_SPARES = 4;

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
  readonly #spares: Uint8Array[] = [];
  readonly #warm = new WarmReads();

  /**
   * Pieces of the file, which ascend, all of them with one read; what lies between them is not kept. Where the file ends
   * before a piece does, the piece is shorter. Rejects with what the file system says.
   */
  async readPieces(path: string, pieces: readonly FilePiece[]): Promise<Uint8Array[]> {
    const [{ offset }, last] = [pieces[0], pieces[pieces.length - 1]];
    const span = last.offset + last.length - offset;
    const kept = pieces.reduce((sum, { length }) => sum + length, 0);
    const isDense = kept * 2 > span;
    const spare =
      isDense || span > SPARE_BYTES ? undefined : (this.#spares.pop() ?? Buffer.allocUnsafeSlow(SPARE_BYTES));
    const bytes = await this.read(path, offset, span, spare);
    const found = pieces.map((piece) => bytes.subarray(piece.offset - offset, piece.offset - offset + piece.length));
    if (!spare) return found;
    const copies = found.map((piece) => Buffer.from(piece));
    if (this.#spares.length < MAX_SPARES) this.#spares.push(spare);
    return copies;
  }

  /**
   * `length` bytes of the file from `offset`, fewer at its end; in `memory`, which is at least as long, or in memory of its
   * own. Rejects with what the file system says.
   */
  async read(path: string, offset: number, length: number, memory?: Uint8Array): Promise<Uint8Array> {
    const file = this.#files.get(path) ?? { handle: open(path, 'r'), readers: 0 };
    this.#files.delete(path);
    this.#files.set(path, file);
    file.readers++;
    try {
      const handle = await file.handle;
      const bytes = memory ?? Buffer.allocUnsafeSlow(length);
      let filled = this.#warm.read(handle.fd, bytes, offset, length);
      while (filled < length) {
        const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
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

async function closeUnread({ handle, readers }: OpenFile): Promise<void> {
  // What could not be opened need not be closed, and nothing was written that closing could lose.
  if (readers === 0) await handle.then((opened) => opened.close()).catch(() => undefined);
}
