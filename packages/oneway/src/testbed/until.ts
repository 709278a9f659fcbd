/** Waits for a condition, however busy the machine is. */

import { setTimeout as sleep } from 'node:timers/promises';

const LIMIT_MS = 15_000;
const LOOK_MS = 2;

/** Resolves as soon as `assertion` no longer throws; rejects with what it threw last where that takes 15 s. */
export async function until(assertion: () => void): Promise<void> {
  const deadlineMs = performance.now() + LIMIT_MS;
  for (;;) {
    try {
      return assertion();
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
    }
    await sleep(LOOK_MS);
  }
}
