/** How long to wait before the next attempt to connect: doubling, with jitter, so that gateways do not knock in step. */

export interface BackoffLimits {
  readonly firstMs: number;
  readonly maxMs: number;
}

export const DEFAULT_BACKOFF: BackoffLimits = { firstMs: 100, maxMs: 10_000 };

/**
 * Milliseconds to wait after the failed attempt number `attempt`, from 0: between half and the whole of a time that
 * doubles up to `maxMs`. `random` gives numbers from 0 to 1.
 */
export function backoffMs(attempt: number, limits: BackoffLimits, random: () => number): number {
  const whole = Math.min(limits.maxMs, limits.firstMs * 2 ** Math.min(attempt, 30));
  return whole * (0.5 + random() / 2);
}
