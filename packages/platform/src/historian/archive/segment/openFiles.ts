/** A bounded number of files kept open for reading, whatever the number of segments. */

import { type FileHandle, open } from 'node:fs/promises';

const MAX_IDLE = 64;

interface OpenFile {
  readonly handle: Promise<FileHandle>;
  readers: number;
}

export class OpenFiles {
  /** In the order of their last use. */
  readonly #files = new Map<string, OpenFile>();

  /** `length` bytes of the file from `offset`, fewer at its end. Rejects with what the file system says. */
  async read(path: string, offset: number, length: number): Promise<Uint8Array> {
    const file = this.#files.get(path) ?? { handle: open(path, 'r'), readers: 0 };
    this.#files.delete(path);
    this.#files.set(path, file);
    file.readers++;
    try {
      const handle = await file.handle;
      const bytes = Buffer.allocUnsafeSlow(length);
      let filled = 0;
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
