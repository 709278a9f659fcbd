/** Lifetimes that follow a Weibull law, learned also from units that still run. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** Fewer failures than this do not tell wear-out from chance. */
const FEWEST_FAILURES = 3;
const MOST_SHAPE = 200;

export interface Weibull {
  /** Above 1 units wear out, at 1 they fail by chance, below they fail early. */
  readonly shape: number;
  /** The age by which 63 % have failed, in units of the ages. */
  readonly scale: number;
}

/**
 * The likeliest law of ages at failure or, where `failed` is 0, ages reached alive (Cohen 1965): the shape solves the
 * profile likelihood by bisection. `health.too-little` below three failures or where all failed at one age;
 * `health.bad-data` where an age is not above 0.
 */
export function learnWeibull(ages: Float64Array, failed: Uint8Array): Result<Weibull> {
  if (ages.length !== failed.length)
    return failure('health.bad-data', `${failed.length} outcomes for ${ages.length} ages.`);
  const wrong = ages.findIndex((age) => !(age > 0 && age < Infinity));
  if (wrong >= 0) return failure('health.bad-data', `The age of unit ${wrong} is ${ages[wrong]}; it must be above 0.`);
  const failures = ages.filter((_, unit) => failed[unit] === 1);
  if (failures.length < FEWEST_FAILURES)
    return failure('health.too-little', `${failures.length} failures; a law of lifetimes needs ${FEWEST_FAILURES}.`);
  const longest = ages.reduce((most, age) => Math.max(most, age), 0);
  // Ages as shares of the longest keep every power within range.
  const shares = ages.map((age) => age / longest);
  const meanLog = failures.reduce((sum, age) => sum + Math.log(age / longest), 0) / failures.length;
  const excess = (shape: number) => {
    let powers = 0;
    let logs = 0;
    for (const share of shares) {
      const power = share ** shape;
      powers += power;
      if (power > 0) logs += power * Math.log(share);
    }
    return logs / powers - 1 / shape - meanLog;
  };
  if (!(excess(MOST_SHAPE) > 0))
    return failure('health.too-little', 'The ages at failure hardly differ; they carry no law of lifetimes.');
  let low = 1e-3;
  let high = MOST_SHAPE;
  while (high - low > 1e-10 * high) {
    const middle = (low + high) / 2;
    if (excess(middle) > 0) high = middle;
    else low = middle;
  }
  const shape = (low + high) / 2;
  const powers = shares.reduce((sum, share) => sum + share ** shape, 0);
  return success({ shape, scale: longest * (powers / failures.length) ** (1 / shape) });
}
