/** Lifetimes that follow a Weibull law, learned also from units that still run. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { seededRandom } from '../boost/seededRandom.ts';

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

/** The chance to live beyond an age. */
export function weibullSurvival({ shape, scale }: Weibull, age: number): number {
  return Math.exp(-((age / scale) ** shape));
}

/** How much longer a unit of this age lives with the chance `chance`: 0.5 gives the median life left. */
export function weibullLifeLeft({ shape, scale }: Weibull, age: number, chance: number): number {
  return scale * ((age / scale) ** shape - Math.log(chance)) ** (1 / shape) - age;
}

/**
 * The median life left at an age and the ends between which it lies with the chance `confidence`, from laws learned of
 * units drawn anew with repetition (percentile bootstrap). Draws with too few failures are left out; `health.too-little`
 * where that is more than half of them.
 */
export function weibullConfidence(
  ages: Float64Array,
  failed: Uint8Array,
  age: number,
  { confidence = 0.9, draws = 400, seed = 1 } = {},
): Result<{ readonly median: number; readonly lower: number; readonly upper: number }> {
  const law = learnWeibull(ages, failed);
  if (!law.ok) return law;
  const random = seededRandom(seed);
  const medians: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const chosen = Int32Array.from(ages, () => Math.floor(random() * ages.length));
    const drawn = learnWeibull(
      Float64Array.from(chosen, (unit) => ages[unit]),
      Uint8Array.from(chosen, (unit) => failed[unit]),
    );
    if (drawn.ok) medians.push(weibullLifeLeft(drawn.value, age, 0.5));
  }
  if (medians.length < draws / 2)
    return failure(
      'health.too-little',
      'Most redraws of these units have too few failures to tell how sure the law is.',
    );
  medians.sort((a, b) => a - b);
  const at = (level: number) => medians[Math.min(medians.length - 1, Math.floor(level * medians.length))];
  const tail = (1 - confidence) / 2;
  return success({ median: weibullLifeLeft(law.value, age, 0.5), lower: at(tail), upper: at(1 - tail) });
}
