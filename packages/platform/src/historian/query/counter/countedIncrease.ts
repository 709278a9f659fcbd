/** How far a counter has moved from one reading to the next, though it may have rolled over or begun anew in between. */

export interface CounterKind {
  /** The counter shows 0 in place of this value: 10000 for four decimal digits, 65536 for 16 bits. Unknown where absent. */
  readonly rollover?: number;
  /** No more than this is counted in a second. A roll-over that would need more is a reset. */
  readonly maximumPerSecond?: number;
}

export type CounterStep = 'ascent' | 'rollover' | 'reset';

/**
 * A lower reading is a roll-over where the value is known at which the counter rolls over and the increase can be; else it is
 * a reset, as when a controller starts again.
 */
export function counterStep(before: number, after: number, us: number, kind: CounterKind): CounterStep {
  if (after >= before) return 'ascent';
  const { rollover = 0, maximumPerSecond = Number.POSITIVE_INFINITY } = kind;
  const isInside = after >= 0 && before < rollover;
  return isInside && after - before + rollover <= maximumPerSecond * (us / 1e6) ? 'rollover' : 'reset';
}

/** What has been counted; after a reset only what is certain: the count from 0 to the reading. */
export function countedIncrease(
  before: number,
  after: number,
  step: CounterStep,
  { rollover = 0 }: CounterKind,
): number {
  if (step === 'reset') return Math.max(0, after);
  return step === 'rollover' ? after - before + rollover : after - before;
}
