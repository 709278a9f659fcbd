/** Whether one of two estimators of the same units is better, or only luckier on these. */

import { seededRandom } from '@tidegate/health/boost/seededRandom.ts';

const DRAWS = 2000;

/** The 95 % interval of the root mean square error of the first minus that of the second, units drawn anew in pairs. */
export function pairedBootstrap(first: Float64Array, second: Float64Array): { lower: number; upper: number } {
  const random = seededRandom(1);
  const differences = Float64Array.from({ length: DRAWS }, () => {
    let a = 0;
    let b = 0;
    for (let i = 0; i < first.length; i++) {
      const unit = Math.floor(random() * first.length);
      a += first[unit] ** 2;
      b += second[unit] ** 2;
    }
    return Math.sqrt(a / first.length) - Math.sqrt(b / first.length);
  }).sort();
  return { lower: differences[Math.floor(0.025 * DRAWS)], upper: differences[Math.floor(0.975 * DRAWS)] };
}

/** The 95 % interval of one root mean square error over units drawn anew. */
export function bootstrapRmse(errors: Float64Array): { lower: number; upper: number } {
  return pairedBootstrap(errors, new Float64Array(errors.length));
}
