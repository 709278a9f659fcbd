/** Room on the disk that is set aside, and given up where the audit lane finds none: a file that holds nothing of worth. */

import { randomFillSync } from 'node:crypto';
import { open, rm, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

const CHUNK_BYTES = 256 * 1024;
/** No space, no inode, or no quota left. */
const FULL: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT']);

export class SpoolReserve {
  readonly #path: string;
  readonly #bytes: number;
  #held = false;

  constructor(path: string, bytes: number) {
    this.#path = path;
    this.#bytes = bytes;
  }

  get isHeld(): boolean {
    return this.#held;
  }

  /**
   * Makes the file where it is not there. False where the disk has no room for it. Where the disk refuses for another
   * reason there is no reserve, and nobody waits for it.
   */
  async take(): Promise<boolean> {
    const size = await stat(this.#path).then(
      (file) => file.size,
      () => 0,
    );
    try {
      if (size < this.#bytes) {
        if (!(await this.#hasRoom())) return false;
        await this.#fill();
      }
    } catch (error) {
      await rm(this.#path, { force: true }).catch(() => undefined);
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      if (FULL.has(code)) return false;
    }
    this.#held = true;
    return true;
  }

  /** True where there is room now that was not there before. */
  async giveUp(): Promise<boolean> {
    if (!this.#held) return false;
    this.#held = false;
    return rm(this.#path).then(
      () => true,
      () => false,
    );
  }

  /** As much again must stay free: what the reserve is for is being written meanwhile. */
  async #hasRoom(): Promise<boolean> {
    const { bavail, bsize } = await statfs(dirname(this.#path));
    return bavail * bsize >= 2 * this.#bytes;
  }

  /** With random bytes: of zeros some file systems keep only how many there are. */
  async #fill(): Promise<void> {
    const file = await open(this.#path, 'w', 0o600);
    try {
      const chunk = randomFillSync(Buffer.alloc(Math.min(CHUNK_BYTES, this.#bytes)));
      for (let at = 0; at < this.#bytes; at += chunk.length) {
        await file.writeFile(chunk.subarray(0, Math.min(chunk.length, this.#bytes - at)));
      }
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
