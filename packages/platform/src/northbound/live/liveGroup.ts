/** The clients that watch the same tags: what they are sent is encoded once for all of them. */

import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import type { LiveBatch } from '../../historian/query/historianReader.ts';
import { samplesEvent } from './eventText.ts';
import type { LiveClient } from './liveClient.ts';
import { type LiveRows, RowBuffer, type TagFilter } from './rowBuffer.ts';

/** A client is sent samples at most this often. */
export const FLUSH_INTERVAL_MS = 50;

export class LiveGroup {
  readonly clients = new Set<LiveClient>();
  readonly #wanted: TagFilter;
  readonly #clock: Clock;
  readonly #pending = new RowBuffer();
  #lastFlushMs = Number.NEGATIVE_INFINITY;
  #cancelFlush: CancelTimer | undefined;

  constructor(wanted: TagFilter, clock: Clock) {
    this.#wanted = wanted;
    this.#clock = clock;
  }

  /** After a pause samples leave in this turn of the event loop or the next; in a steady flow every 50 ms. */
  append(batch: LiveBatch): void {
    this.#pending.append(batch, this.#wanted);
    if (this.#pending.count === 0 || this.#cancelFlush) return;
    const waitMs = this.#lastFlushMs + FLUSH_INTERVAL_MS - this.#clock.elapsedMs();
    this.#cancelFlush = this.#clock.after(Math.max(0, waitMs), () => this.#flush());
  }

  close(): void {
    this.#cancelFlush?.();
  }

  #flush(): void {
    const nowMs = this.#clock.elapsedMs();
    this.#cancelFlush = undefined;
    this.#lastFlushMs = nowMs;
    this.#pending.drain((rows) => {
      const bytes = encodedOnce(rows);
      for (const client of this.clients) client.offer(rows, bytes, nowMs);
    });
  }
}

function encodedOnce(rows: LiveRows): () => Buffer {
  let bytes: Buffer | undefined;
  return () => {
    bytes ??= samplesEvent(rows);
    return bytes;
  };
}
