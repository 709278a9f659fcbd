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
      this.#files.delete(path);
      throw error;
    } finally {
      file.readers--;
      await this.#closeIdle(MAX_IDLE);
    }
  }

  /** Closes the file at `path`, whose name is about to belong to another. */
  async forget(path: string): Promise<void> {
    const file = this.#files.get(path);
    this.#files.delete(path);
    const handle = await file?.handle.catch(() => undefined);
    await handle?.close();
  }

  /** Closes every file that nobody is reading. */
  async close(): Promise<void> {
    await this.#closeIdle(0);
  }

  async #closeIdle(keep: number): Promise<void> {
    for (const [path, file] of this.#files) {
      if (this.#files.size <= keep) return;
      if (file.readers > 0) continue;
      this.#files.delete(path);
      await (await file.handle).close();
    }
  }
}
