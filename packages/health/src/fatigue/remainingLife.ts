/** How long what is left of a life lasts, with how sure that is. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

export interface FatigueState {
  /** Miner's sum so far, and that of the last days alone. */
  readonly damage: number;
  readonly recentDamage: number;
  readonly recentDays: number;
  /**
   * Standard deviation of the natural logarithm of the life: 0.4 to 0.7 for solder (Weibull shape 2 to 4), more where the
   * curve was not measured on this part.
   */
  readonly lifeScatter: number;
}

export interface RemainingLife {
  /** Days until the median part fails; infinite where nothing wears. */
  readonly medianDays: number;
  /** So many days are left with a probability of 95 and of 5 %. */
  readonly lowDays: number;
  readonly highDays: number;
  readonly damagePerDay: number;
}

/** Quantile of the normal distribution at 95 %. */
const Z_95 = 1.6448536269514722;
/** A rate from less than this says nothing of the days to come. */
const LEAST_DAYS = 7;

/**
 * The life of the part is lognormal about where Miner's sum is 1, and goes on at the rate of late. Fault
 * `health.too-little`: fewer than seven days.
 */
export function remainingLife({ damage, recentDamage, recentDays, lifeScatter }: FatigueState): Result<RemainingLife> {
  if (recentDays < LEAST_DAYS) {
    return failure(
      'health.too-little',
      `${recentDays.toFixed(1)} days of load are known, and ${LEAST_DAYS} are needed.`,
    );
  }
  const damagePerDay = recentDamage / recentDays;
  const left = (life: number) =>
    damagePerDay > 0 ? Math.max(0, life - damage) / damagePerDay : Number.POSITIVE_INFINITY;
  const factor = Math.exp(Z_95 * lifeScatter);
  return success({ medianDays: left(1), lowDays: left(1 / factor), highDays: left(factor), damagePerDay });
}
