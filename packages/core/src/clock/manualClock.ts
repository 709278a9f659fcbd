/** A clock that stands still until it is told to move: virtual time for tests and for replays. */

import type { CancelTimer, Clock } from './clock.ts';
import { type Timestamp, US_PER_MS } from './timestamp.ts';

interface PendingTimer {
  readonly dueMs: number;
  readonly action: () => void;
}

export class ManualClock implements Clock {
  #wallUs: number;
  #elapsedMs = 0;
  readonly #timers = new Set<PendingTimer>();

  constructor(start: Timestamp = 0 as Timestamp) {
    this.#wallUs = start;
  }

  now(): Timestamp {
    return this.#wallUs as Timestamp;
  }

  elapsedMs(): number {
    return this.#elapsedMs;
  }

  after(delayMs: number, action: () => void): CancelTimer {
    const timer = { dueMs: this.#elapsedMs + delayMs, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves both clocks on, firing the timers that fall due in order, each at its own time. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#elapsedMs + ms;
    for (let next = this.#earliest(endMs); next; next = this.#earliest(endMs)) {
      this.#timers.delete(next);
      this.#moveTo(Math.max(next.dueMs, this.#elapsedMs));
      next.action();
      await settle();
    }
    this.#moveTo(endMs);
    await settle();
  }

  /** Steps the wall clock alone, as an operator or a time server does; timers do not notice. */
  setWallClock(time: Timestamp): void {
    this.#wallUs = time;
  }

  #earliest(endMs: number): PendingTimer | undefined {
    let earliest: PendingTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs <= endMs && (!earliest || timer.dueMs < earliest.dueMs)) earliest = timer;
    }
    return earliest;
  }

  #moveTo(elapsedMs: number): void {
    this.#wallUs += Math.round((elapsedMs - this.#elapsedMs) * US_PER_MS);
    this.#elapsedMs = elapsedMs;
  }
}

/** Lets the promise chains that a timer has set off run to their next wait. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 16; turn++) await Promise.resolve();
}
