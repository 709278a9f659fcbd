/** Waits for a condition, however busy the machine is. */

import { vi } from 'vitest';

/** Resolves as soon as `assertion` no longer throws; what it threw last where that takes 15 s. */
export async function until(assertion: () => void): Promise<void> {
  await vi.waitFor(assertion, { timeout: 15_000, interval: 2 });
}
