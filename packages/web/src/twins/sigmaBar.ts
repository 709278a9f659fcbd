/** A residual as a small bar: how many of its sigmas it is off, and to which side. */

/** More than this a bar does not show; the number beside it does. */
const WIDEST = 6;
/** A sound asset is within so many for 997 of 1000 moments. */
export const UNUSUAL_SIGMAS = 3;

export interface SigmaBar {
  /** From the left edge, where 0.5 is no residual; and its width. Shares of the whole. */
  readonly start: number;
  readonly width: number;
  readonly isUnusual: boolean;
}

export function sigmaBar(sigmas: number | null): SigmaBar | undefined {
  if (sigmas === null || !Number.isFinite(sigmas)) return undefined;
  const shown = Math.max(-WIDEST, Math.min(WIDEST, sigmas)) / WIDEST / 2;
  return { start: 0.5 + Math.min(0, shown), width: Math.abs(shown), isUnusual: Math.abs(sigmas) > UNUSUAL_SIGMAS };
}

/** Where the marks of what is unusual stand, shares of the whole. */
export const UNUSUAL_MARKS = [-1, 1].map((side) => 0.5 + (side * UNUSUAL_SIGMAS) / WIDEST / 2);
