/**
 * How fast a device or a line may be asked, whichever scan classes the requests come from.
 *
 * Invariant: whatever was answered, and whatever was not, requests are never closer together than the limits allow; there
 * is no credit for time in which nothing was asked.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type QuietHours, QuietTimes } from './quietHours.ts';
import { SlidingShare } from './slidingShare.ts';

export interface RequestLimits {
  /** Silence between an answer and the next request, for devices that need to breathe. */
  readonly minRequestPauseMs?: number;
  /** Requests are spread evenly: no second holds more, and no burst comes at its beginning. */
  readonly maxRequestsPerSecond?: number;
  /** Nothing is asked in them. */
  readonly quietHours?: readonly QuietHours[];
  /** Of a serial line: the share of its time that requests and answers may take, at most 1. */
  readonly maxBusShare?: number;
}

const MS_PER_SECOND = 1_000;
/**
 * An answer that comes after its time is part of the load, what somebody else says is not: so much is counted of the bytes
 * that come between two exchanges. The longest frame of DNP3 (IEEE 1815, 9.2.4.1) has 292 bytes, that of Modbus RTU 256.
 */
const MAX_LATE_BYTES = 300;

export class RequestBudget {
  readonly #clock: Clock;
  readonly #pauseMs: number;
  readonly #spacingMs: number;
  /** How long the line is not to be used for each byte, itself included; 0 where that is no matter. */
  readonly #byteMs: number;
  readonly #quietTimes: QuietTimes | undefined;
  /** How much of the time was taken; absent where there is no limit. */
  readonly #taken: SlidingShare | undefined;
  #startedMs = Number.NEGATIVE_INFINITY;
  #freeMs = Number.NEGATIVE_INFINITY;
  /** Bytes on the wire when the last exchange was over. */
  #wireBytes = 0;
  #lateBytes = 0;

  /** `byteMs` is the time that one byte takes on the line; 0 where it is a network. */
  constructor(clock: Clock, limits: RequestLimits, byteMs = 0) {
    const { minRequestPauseMs = 0, maxRequestsPerSecond, quietHours = [], maxBusShare } = limits;
    this.#clock = clock;
    this.#pauseMs = minRequestPauseMs;
    this.#spacingMs = maxRequestsPerSecond ? MS_PER_SECOND / maxRequestsPerSecond : 0;
    this.#byteMs = maxBusShare ? byteMs / maxBusShare : 0;
    this.#quietTimes = quietHours.length > 0 ? new QuietTimes(clock, quietHours) : undefined;
    const limited = this.#pauseMs > 0 || this.#spacingMs > 0 || this.#byteMs > 0;
    this.#taken = limited ? new SlidingShare(clock) : undefined;
  }

  /** Milliseconds until the next request may start, quiet hours apart; 0 or less where it may start now. */
  waitMs(): number {
    return this.#taken ? this.#freeMs - this.#clock.elapsedMs() : 0;
  }

  /** How many requests may start at once, when one may. */
  get atOnce(): number {
    return this.#taken ? 1 : Number.POSITIVE_INFINITY;
  }

  /** Whether nothing may be asked at this time of the day. */
  get quiet(): boolean {
    return this.#quietTimes?.quiet ?? false;
  }

  /** How long `quiet` certainly stays as it is. */
  get quietUnchangedMs(): number {
    return this.#quietTimes?.unchangedMs ?? Number.POSITIVE_INFINITY;
  }

  /** The share of what is allowed that was used lately, from 0 to 1; `undefined` where there is no limit. */
  get used(): number | undefined {
    return this.#taken?.share;
  }

  /** An exchange starts; `wireBytes` have been on the wire since the link was opened. */
  started(wireBytes = 0): void {
    if (!this.#taken) return;
    this.#startedMs = this.#clock.elapsedMs();
    this.#lateBytes = Math.min(MAX_LATE_BYTES, Math.max(0, wireBytes - this.#wireBytes));
    this.#wireBytes = wireBytes;
  }

  /** The exchange is over, and took so many requests, of which the last was sent at `sentAtMs`. */
  finished(requests = 1, sentAtMs = this.#startedMs, wireBytes = 0): void {
    if (!this.#taken) return;
    const bytes = this.#lateBytes + wireBytes - this.#wireBytes;
    this.#wireBytes = wireBytes;
    this.#freeMs = Math.max(
      this.#clock.elapsedMs() + this.#pauseMs,
      this.#startedMs + requests * this.#spacingMs,
      sentAtMs + this.#spacingMs,
      this.#startedMs + bytes * this.#byteMs,
    );
    this.#taken.add(this.#freeMs - this.#startedMs);
  }
}
