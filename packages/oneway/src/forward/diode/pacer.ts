/** A token bucket over datagrams: what is sent never exceeds a rate by more than a few of them. */

import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';

export interface PacerOptions {
  readonly clock: Clock;
  readonly bytesPerSecond: number;
  /** The longest datagram, with its IP and UDP headers. */
  readonly packetBytes: number;
  /** Sends the next datagram and says how many bytes it took; 0 where there is none. */
  readonly send: () => number;
  /** The kernel takes no more for now. */
  readonly blocked: () => boolean;
}

/** Timers come a millisecond late: a bucket that holds less than two of them would not reach its rate. */
const BUCKET_MS = 2;
const MIN_BUCKET_PACKETS = 4;

export class Pacer {
  readonly #options: PacerOptions;
  readonly #bytesPerMs: number;
  readonly #bucketBytes: number;
  #tokens: number;
  #filledAtMs: number;
  #scheduled = false;
  #stopped = false;
  #cancel: CancelTimer = () => {};

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#bytesPerMs = options.bytesPerSecond / 1_000;
    this.#bucketBytes = Math.max(this.#bytesPerMs * BUCKET_MS, options.packetBytes * MIN_BUCKET_PACKETS);
    this.#tokens = this.#bucketBytes;
    this.#filledAtMs = options.clock.elapsedMs();
  }

  /** There may be something to send. */
  wake(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#pump());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #pump(): void {
    this.#scheduled = false;
    if (this.#stopped) return;
    const { clock, send, blocked } = this.#options;
    const nowMs = clock.elapsedMs();
    this.#tokens = Math.min(this.#bucketBytes, this.#tokens + (nowMs - this.#filledAtMs) * this.#bytesPerMs);
    this.#filledAtMs = nowMs;
    while (this.#tokens > 0 && !blocked()) {
      const bytes = send();
      if (bytes === 0) return;
      this.#tokens -= bytes;
    }
    this.#scheduled = true;
    const waitMs = Math.max(1, Math.floor(-this.#tokens / this.#bytesPerMs));
    this.#cancel = clock.after(waitMs, () => this.#pump());
  }
}
