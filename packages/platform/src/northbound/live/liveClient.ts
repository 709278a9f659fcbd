/** One connection to the live stream, which may be slower than the plant. */

import { samplesEvent } from './eventText.ts';
import { type LiveRows, RowBuffer } from './rowBuffer.ts';

/** The part of a response that the live stream needs. */
export interface EventStream {
  readonly writableLength: number;
  write(bytes: Uint8Array): boolean;
  destroy(): void;
}

/** Bytes that may wait in this process for one client; beyond it the client is behind. */
export const MAX_WAITING_BYTES = 1_048_576;

/**
 * Invariant: what waits for one client is at most `MAX_WAITING_BYTES` and one event, and the latest sample of each tag.
 */
export class LiveClient {
  readonly #stream: EventStream;
  /** Present while the client is behind: the latest of each tag since then. */
  #backlog: RowBuffer | undefined;
  #behindSinceMs = 0;

  constructor(stream: EventStream) {
    this.#stream = stream;
  }

  /** Sends the rows, as `bytes()` has encoded them for every client alike, or keeps the latest of them for later. */
  offer(rows: LiveRows, bytes: () => Buffer, nowMs: number): void {
    if (this.#backlog === undefined && this.#stream.writableLength > MAX_WAITING_BYTES) {
      this.#backlog = new RowBuffer(0);
      this.#behindSinceMs = nowMs;
    }
    if (this.#backlog) this.#backlog.appendRows(rows);
    else this.#stream.write(bytes());
  }

  /** Sends what a client that is behind may do without: the next one says the same. */
  offerState(bytes: Buffer): void {
    if (this.#backlog === undefined && this.#stream.writableLength <= MAX_WAITING_BYTES) this.#stream.write(bytes);
  }

  /** To be called when everything that was written has left: what was kept meanwhile follows. */
  drained(): void {
    const backlog = this.#backlog;
    this.#backlog = undefined;
    if (backlog && backlog.count > 0) backlog.drain((rows) => this.#stream.write(samplesEvent(rows)));
  }

  /** How long the client has taken nothing at all; 0 while it keeps up. */
  behindMs(nowMs: number): number {
    return this.#backlog ? nowMs - this.#behindSinceMs : 0;
  }

  disconnect(): void {
    this.#stream.destroy();
  }
}
