/** The receipts of the segments that were asked for them last; those of many months do not all stay in memory. */

import type { Receipts } from '../receipts.ts';

/** Those that were read last are kept, however large they are. */
const MAX_ROWS = 4_000_000;

export class RecentReceipts {
  /** By path, in the order of their last use. */
  readonly #kept = new Map<string, Receipts>();
  #rows = 0;

  get(path: string): Receipts | undefined {
    const found = this.#kept.get(path);
    if (found) {
      this.#kept.delete(path);
      this.#kept.set(path, found);
    }
    return found;
  }

  add(path: string, receipts: Receipts): void {
    this.forget(path);
    this.#kept.set(path, receipts);
    this.#rows += receipts.receivedAt.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#rows <= MAX_ROWS || oldest === path) return;
      this.forget(oldest);
    }
  }

  forget(path: string): void {
    this.#rows -= this.#kept.get(path)?.receivedAt.length ?? 0;
    this.#kept.delete(path);
  }
}
