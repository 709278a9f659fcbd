/** How much the disk of the data directory can still take. */

import { statfs } from 'node:fs/promises';
import type { Clock } from '@tidegate/core/clock/clock.ts';

const KEPT_MS = 5_000;

export class FreeSpace {
  readonly #directory: string;
  readonly #clock: Clock;
  #asked: { readonly atMs: number; readonly bytes: Promise<number | null> } | undefined;

  constructor(directory: string, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** What an ordinary user may still write, at most 5 seconds old; `null` where the system does not say. */
  bytes(): Promise<number | null> {
    const nowMs = this.#clock.elapsedMs();
    if (this.#asked === undefined || nowMs - this.#asked.atMs >= KEPT_MS) {
      this.#asked = { atMs: nowMs, bytes: readFreeBytes(this.#directory) };
    }
    return this.#asked.bytes;
  }
}

async function readFreeBytes(directory: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return Math.min(bavail * bsize, Number.MAX_SAFE_INTEGER);
  } catch {
    return null;
  }
}
