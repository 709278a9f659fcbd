/** A link on which what was arranged comes at its time by the clock, and which keeps what was sent and when, for tests. */

import type { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Link } from '../../../transport/link.ts';

export class ClockedLink implements Link {
  readonly closed: Promise<Fault> = new Promise(() => {});
  readonly sent: { readonly atMs: number; readonly hex: string }[] = [];
  sentBytes = 0;
  receivedBytes = 0;
  readonly #clock: ManualClock;
  readonly #onFrame: (frame: Uint8Array) => void;
  readonly #waiting: Uint8Array[] = [];
  #waiter: ((result: Result<Uint8Array>) => void) | undefined;
  #open = true;

  /** `onFrame` is called with each frame that is sent. */
  constructor(clock: ManualClock, onFrame: (frame: Uint8Array) => void = () => {}) {
    this.#clock = clock;
    this.#onFrame = onFrame;
  }

  /** The other side says something, `afterMs` from now; at once where it is 0. */
  says(hex: string, afterMs = 0): void {
    const bytes = Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    if (afterMs > 0) this.#clock.after(afterMs, () => this.arrived(bytes));
    else this.arrived(bytes);
  }

  arrived(bytes: Uint8Array): void {
    if (!this.#open || bytes.length === 0) return;
    this.receivedBytes += bytes.length;
    this.#waiting.push(bytes);
    this.#waiter?.(this.#take());
  }

  send(...frames: readonly Uint8Array[]): Result<void> {
    if (!this.#open) return failure('link.closed', 'closed');
    for (const frame of frames) {
      this.sentBytes += frame.length;
      this.sent.push({ atMs: this.#clock.elapsedMs(), hex: Buffer.from(frame).toString('hex') });
      this.#onFrame(frame.slice());
    }
    return success(undefined);
  }

  async receive(withinMs: number): Promise<Result<Uint8Array>> {
    if (this.#waiting.length > 0) return this.#take();
    if (!this.#open) return failure('link.closed', 'closed');
    const { promise, resolve } = Promise.withResolvers<Result<Uint8Array>>();
    this.#waiter = resolve;
    const cancel = this.#clock.after(withinMs, () => resolve(failure('link.timeout', 'nothing came')));
    const result = await promise;
    cancel();
    this.#waiter = undefined;
    return result;
  }

  close(): void {
    this.#open = false;
    this.#waiter?.(failure('link.closed', 'closed'));
  }

  #take(): Result<Uint8Array> {
    this.#waiter = undefined;
    return success(Uint8Array.from(Buffer.concat(this.#waiting.splice(0))));
  }
}

/** Lets time pass, a millisecond at a time, until something is over. */
export async function during<T>(clock: ManualClock, something: Promise<T>, stepMs = 1): Promise<T> {
  let over = false;
  something.finally(() => {
    over = true;
  });
  for (;;) {
    await clock.advance(0);
    if (over) return something;
    await clock.advance(stepMs);
  }
}
