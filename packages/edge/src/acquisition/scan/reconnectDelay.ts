/** How long to wait before the next attempt to reach a device: twice as long after each failure, and never in step. */

export const RECONNECT = { firstMs: 250, longestMs: 15_000 } as const;

/**
 * After `failures` failures in a row, from 1; `random` is from 0 up to 1. Half of the delay is random, so that the
 * devices that one broken switch has cut off do not come back all at once.
 */
export function reconnectDelayMs(failures: number, random: number): number {
  const doublings = Math.min(failures - 1, 30);
  const delayMs = Math.min(RECONNECT.firstMs * 2 ** doublings, RECONNECT.longestMs);
  return delayMs / 2 + (delayMs / 2) * random;
}
