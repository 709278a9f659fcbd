/** Which share of the last minute or two something took up, in a fixed amount of memory. */

import type { Clock } from '@tidegate/core/clock/clock.ts';

const STRETCH_MS = 60_000;

export class SlidingShare {
  readonly #clock: Clock;
  #beganMs: number;
  #takenMs = 0;
  /** The stretch before this one. */
  #before = { lengthMs: 0, takenMs: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#beganMs = clock.elapsedMs();
  }

  add(takenMs: number): void {
    this.#turn();
    this.#takenMs += takenMs;
  }

  /** From 0 to 1; what was added may still be under way, and is not counted beyond the whole. */
  get share(): number {
    this.#turn();
    const lengthMs = this.#before.lengthMs + this.#clock.elapsedMs() - this.#beganMs;
    return lengthMs > 0 ? Math.min(1, (this.#before.takenMs + this.#takenMs) / lengthMs) : 0;
  }

  #turn(): void {
    const nowMs = this.#clock.elapsedMs();
    const lengthMs = nowMs - this.#beganMs;
    if (lengthMs < STRETCH_MS) return;
    this.#before = { lengthMs, takenMs: this.#takenMs };
    this.#beganMs = nowMs;
    this.#takenMs = 0;
  }
}
