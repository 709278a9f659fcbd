/** How long to wait before the next attempt: doubling, with jitter, so that those whom one fault has hit do not knock in step. */

export interface BackoffLimits {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Doubling further would overflow, and every limit is reached by then. */
const MAX_DOUBLINGS = 30;

/**
 * Milliseconds to wait after the failed attempt number `attempt`, from 0: between half and the whole of a time that
 * doubles up to `maxMs`. `random` gives numbers from 0 to 1.
 */
export function backoffMs(attempt: number, limits: BackoffLimits, random: () => number): number {
  const whole = Math.min(limits.maxMs, limits.firstMs * 2 ** Math.min(attempt, MAX_DOUBLINGS));
  return whole * (0.5 + random() / 2);
}
