/** How a bus is doing: counts from the start of listening on, and rates over the last whole second. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { BITS_PER_BYTE } from './telegram.ts';
import type { TelegramReader } from './telegramReader.ts';

const WINDOW_MS = 1000;
const MS_PER_S = 1000;
const PERCENT = 100;

export class BusStatistics {
  readonly #clock: Clock;
  readonly #bitRate: number | undefined;
  readonly #reader: TelegramReader;
  /** Requests that were sent again with an unchanged frame count bit. */
  retries = 0;
  /** Requests that no answer followed. */
  unanswered = 0;
  #receivedBytes = 0;
  #windowStartMs: number;
  #windowBytes = 0;
  #windowTelegrams = 0;
  #telegramsPerS: number | undefined;
  #loadPercent: number | undefined;

  constructor(clock: Clock, bitRate: number | undefined, reader: TelegramReader) {
    this.#clock = clock;
    this.#bitRate = bitRate;
    this.#reader = reader;
    this.#windowStartMs = clock.elapsedMs();
  }

  get telegrams(): number {
    return this.#reader.telegrams;
  }

  get checkErrors(): number {
    return this.#reader.checkErrors;
  }

  get noiseBytes(): number {
    return this.#reader.noiseBytes;
  }

  /** Undefined until a second has passed. */
  get telegramsPerS(): number | undefined {
    return this.#telegramsPerS;
  }

  /** The share of time in which the line carries bytes; undefined where the bit rate is not known. */
  get loadPercent(): number | undefined {
    return this.#loadPercent;
  }

  /** So many bytes have come; 0 where it has been quiet. */
  advance(bytes: number): void {
    this.#receivedBytes += bytes;
    const nowMs = this.#clock.elapsedMs();
    const windowMs = nowMs - this.#windowStartMs;
    if (windowMs < WINDOW_MS) return;
    this.#telegramsPerS = ((this.telegrams - this.#windowTelegrams) * MS_PER_S) / windowMs;
    if (this.#bitRate !== undefined) {
      const busyMs = ((this.#receivedBytes - this.#windowBytes) * BITS_PER_BYTE * MS_PER_S) / this.#bitRate;
      this.#loadPercent = (PERCENT * busyMs) / windowMs;
    }
    this.#windowStartMs = nowMs;
    this.#windowBytes = this.#receivedBytes;
    this.#windowTelegrams = this.telegrams;
  }
}
