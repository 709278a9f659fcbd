/** Damage by cycles: S-N curves, and the linear sum of Palmgren and Miner. */

import type { LoadCycle } from './rainflow.ts';

/** How many cycles of a range a part bears until it fails; infinite where none harms it. */
export type CyclesToFailure = (cycle: Pick<LoadCycle, 'range' | 'mean'>) => number;

export interface SnCurve {
  /** A cycle of this range is borne so many times. */
  readonly kneeRange: number;
  readonly kneeCycles: number;
  /** Slope above the knee: N = kneeCycles (kneeRange / range)^slope. */
  readonly slope: number;
  /** Slope below it; 2 slope - 1 after Haibach where it is left out, and no damage at all with `Infinity`. */
  readonly slopeBelow?: number;
  /** The ultimate strength, in the unit of the range: cycles with a mean are worse, after Goodman. Not so where left out. */
  readonly ultimate?: number;
}

/** E. Haibach, Betriebsfestigkeit, 3rd edition (2006), 3.2.3, for the slope below the knee. */
export function snCurve({
  kneeRange,
  kneeCycles,
  slope,
  slopeBelow = 2 * slope - 1,
  ultimate,
}: SnCurve): CyclesToFailure {
  return ({ range, mean }) => {
    const allowance = ultimate === undefined ? 1 : 1 - Math.max(0, mean) / ultimate;
    if (allowance <= 0) return 1;
    const ratio = kneeRange / (range / allowance);
    const exponent = ratio <= 1 ? slope : slopeBelow;
    return Number.isFinite(exponent) ? kneeCycles * ratio ** exponent : Number.POSITIVE_INFINITY;
  };
}

/** Miner's sum: 1 is the life (M. A. Miner, Journal of Applied Mechanics 12 (1945), A159-A164). */
export function minerSum(cycles: Iterable<LoadCycle>, cyclesToFailure: CyclesToFailure): number {
  let damage = 0;
  for (const cycle of cycles) damage += cycle.count / cyclesToFailure(cycle);
  return damage;
}
