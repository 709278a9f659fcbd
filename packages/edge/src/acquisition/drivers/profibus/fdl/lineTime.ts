/**
 * When a byte was on the line: chunks have a time, bytes have none.
 *
 * A chunk is handed over at its end, so a byte in it was there at the latest as much earlier as the bytes behind it take at
 * the bit rate, and not before the chunk ahead of it had come. Pauses between telegrams within a chunk stay unknown.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Timestamp, US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { BITS_PER_BYTE } from './telegram.ts';

const MS_PER_S = 1000;

export class LineTime {
  readonly #clock: Clock;
  readonly #byteMs: number;
  #endPosition = 0;
  #endMs: number;
  #beforeMs: number;
  #endAt: Timestamp;

  /** Without a bit rate every byte has the time of its chunk. */
  constructor(clock: Clock, bitRate: number | undefined) {
    this.#clock = clock;
    this.#byteMs = bitRate === undefined ? 0 : (BITS_PER_BYTE * MS_PER_S) / bitRate;
    this.#endMs = clock.elapsedMs();
    this.#beforeMs = this.#endMs;
    this.#endAt = clock.now();
  }

  /** A chunk of so many bytes has come now. */
  advance(bytes: number): void {
    this.#beforeMs = this.#endMs;
    this.#endMs = this.#clock.elapsedMs();
    this.#endAt = this.#clock.now();
    this.#endPosition += bytes;
  }

  /** By the clock's `elapsedMs`, of the byte that ends at `position` of the stream. */
  elapsedMsAt(position: number): number {
    return this.#endMs - this.#behindMs(position);
  }

  timestampAt(position: number): Timestamp {
    return Math.round(this.#endAt - this.#behindMs(position) * US_PER_MS) as Timestamp;
  }

  #behindMs(position: number): number {
    return Math.min((this.#endPosition - position) * this.#byteMs, this.#endMs - this.#beforeMs);
  }
}
