/** Time as something that is handed in, so that tests can move it. */

import { type Timestamp, US_PER_MS } from './timestamp.ts';

/** Stops a timer; calling it again, or after the timer has fired, does nothing. */
export type CancelTimer = () => void;

export interface Clock {
  /** Wall-clock time. It may jump, forwards and backwards: use it to stamp, never to measure. */
  now(): Timestamp;
  /** Milliseconds since some fixed moment. They never go back: use them to measure and to schedule. */
  elapsedMs(): number;
  /** Calls `action` once, `delayMs` from now. */
  after(delayMs: number, action: () => void): CancelTimer;
}

/** The clock of the machine. A wall-clock step is followed at once, because `now` asks the system each time. */
export const systemClock: Clock = {
  now: () => (Date.now() * US_PER_MS) as Timestamp,
  elapsedMs: () => performance.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves `delayMs` from now, or at once when `signal` aborts. */
export function delay(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.after(delayMs, finish);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
