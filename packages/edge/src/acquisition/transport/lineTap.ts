/** The receiving half of a line: what has come over its medium and waits to be fetched. There is nothing here that sends. */

import type { Readable } from 'node:stream';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Tap } from './link.ts';
import type { OpenMedium } from './openMedium.ts';

/** A device that sends more than this without being read floods us: it is cut off. */
const MAX_WAITING_BYTES = 1024 * 1024;

type Waiter = (result: Result<Uint8Array>) => void;

export class LineTap implements Tap {
  readonly closed: Promise<Fault>;
  readonly #medium: OpenMedium<Readable>;
  readonly #clock: Clock;
  readonly #resolveClosed: (fault: Fault) => void;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #receivedBytes = 0;
  #waiter: Waiter | undefined;
  #waitMs = 0;
  #deadlineMs = 0;
  #cancelTimer: CancelTimer = () => {};
  #timerDueMs = Number.POSITIVE_INFINITY;
  #end: Fault | undefined;

  constructor(medium: OpenMedium<Readable>, clock: Clock) {
    this.#medium = medium;
    this.#clock = clock;
    const { promise, resolve } = Promise.withResolvers<Fault>();
    this.closed = promise;
    this.#resolveClosed = resolve;
    medium.stream.on('data', (bytes: Uint8Array) => this.#arrived(bytes));
    medium.ended.then((detail) => this.close(detail));
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Why the line is closed; `undefined` while it is open. */
  get end(): Fault | undefined {
    return this.#end;
  }

  receive(withinMs: number): Promise<Result<Uint8Array>> {
    if (this.#waiter) throw new Error('two readers of one link');
    if (this.#waiting.length > 0) return Promise.resolve(success(this.#takeWaiting()));
    if (this.#end) return Promise.resolve({ ok: false, fault: this.#end });
    const { promise, resolve } = Promise.withResolvers<Result<Uint8Array>>();
    this.#waiter = resolve;
    this.#waitMs = withinMs;
    this.#deadlineMs = this.#clock.elapsedMs() + withinMs;
    if (this.#timerDueMs > this.#deadlineMs) this.#setTimer(withinMs);
    return promise;
  }

  close(detail = 'closed by the gateway'): void {
    if (this.#end) return;
    this.#end = { code: 'link.closed', detail };
    this.#cancelTimer();
    this.#medium.release();
    this.#answer({ ok: false, fault: this.#end });
    this.#resolveClosed(this.#end);
  }

  #arrived(bytes: Uint8Array): void {
    if (this.#end) return;
    this.#receivedBytes += bytes.length;
    if (this.#waiter) {
      this.#answer(success(bytes));
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MAX_WAITING_BYTES) this.close('the device sends what nobody asked for');
  }

  #takeWaiting(): Uint8Array {
    const bytes = this.#waiting.length === 1 ? this.#waiting[0] : Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    return bytes;
  }

  /**
   * One timer serves one wait after the other: an answer leaves it running, and when it fires too early for the wait under
   * way it is set anew. A timer for each wait would cost as much as all else that a link does for an exchange.
   */
  #setTimer(delayMs: number): void {
    this.#cancelTimer();
    this.#timerDueMs = this.#clock.elapsedMs() + delayMs;
    this.#cancelTimer = this.#clock.after(delayMs, () => {
      this.#timerDueMs = Number.POSITIVE_INFINITY;
      if (!this.#waiter) return;
      const leftMs = this.#deadlineMs - this.#clock.elapsedMs();
      if (leftMs > 0) this.#setTimer(leftMs);
      else this.#answer(failure('link.timeout', `no answer within ${Math.round(this.#waitMs)} ms`));
    });
  }

  #answer(result: Result<Uint8Array>): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.(result);
  }
}
