/** A token bucket over datagrams: they go at a rate, a few at a time. */

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

/** What may go at once: a timer of one millisecond comes after nearly two. */
const BURST_MS = 2;
const MIN_BURST_PACKETS = 4;
/** What was not sent because this process was busy is made good, at twice the rate, if it is not more than this. */
const BUCKET_MS = 25;
const CATCH_UP = 2;

/**
 * Invariant: in no time is more sent than twice the rate and what it gives in two milliseconds (or four datagrams), nor more
 * than the rate and what it gives in 25 milliseconds.
 */
export class Pacer {
  readonly #options: PacerOptions;
  readonly #bytesPerMs: number;
  readonly #burstBytes: number;
  readonly #bucketBytes: number;
  #tokens: number;
  #burst: number;
  #filledAtMs: number;
  #scheduled = false;
  #stopped = false;
  #cancel: CancelTimer = () => {};

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#bytesPerMs = options.bytesPerSecond / 1_000;
    this.#burstBytes = Math.max(this.#bytesPerMs * BURST_MS, options.packetBytes * MIN_BURST_PACKETS);
    this.#bucketBytes = Math.max(this.#bytesPerMs * BUCKET_MS, this.#burstBytes);
    this.#tokens = this.#burstBytes;
    this.#burst = this.#burstBytes;
    this.#filledAtMs = options.clock.elapsedMs();
  }

  /** There may be something to send. */
  wake(): void {
    if (this.#scheduled || this.#stopped) return;
    // An idle line is owed nothing but a burst.
    this.#fill();
    this.#tokens = Math.min(this.#tokens, this.#burstBytes);
    this.#scheduled = true;
    queueMicrotask(() => this.#pump());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #pump(): void {
    if (this.#stopped) return;
    const { clock, send, blocked } = this.#options;
    this.#fill();
    let stuck = blocked();
    while (this.#tokens > 0 && this.#burst > 0 && !stuck) {
      const bytes = send();
      if (bytes === 0) {
        this.#scheduled = false;
        return;
      }
      this.#tokens -= bytes;
      this.#burst -= bytes;
      stuck = blocked();
    }
    if (this.#tokens > 0 && !stuck) {
      const immediate = setImmediate(() => this.#pump());
      this.#cancel = () => clearImmediate(immediate);
    } else {
      const waitMs = Math.max(1, Math.floor(-this.#tokens / this.#bytesPerMs));
      this.#cancel = clock.after(waitMs, () => this.#pump());
    }
  }

  #fill(): void {
    const nowMs = this.#options.clock.elapsedMs();
    const owed = (nowMs - this.#filledAtMs) * this.#bytesPerMs;
    this.#filledAtMs = nowMs;
    this.#tokens = Math.min(this.#bucketBytes, this.#tokens + owed);
    this.#burst = Math.min(this.#burstBytes, this.#burst + owed * CATCH_UP);
  }
}
