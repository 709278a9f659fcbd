/** Intervals that hold what they promise on units never seen, whatever the model: how far off it was on units held out. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/**
 * The margin that a new unit's score stays within with the chance `coverage`, from one score a held-out unit (split
 * conformal prediction: the ceil((n + 1) coverage)-th smallest; Vovk et al. 2005). `health.too-little` where so few units
 * cannot carry the chance.
 */
export function conformalMargin(scores: Float64Array, coverage: number): Result<number> {
  const rank = Math.ceil((scores.length + 1) * coverage);
  if (rank > scores.length) {
    const needed = Math.ceil(coverage / (1 - coverage));
    return failure('health.too-little', `${scores.length} held-out units cannot carry ${coverage}; ${needed} can.`);
  }
  return success(scores.slice().sort()[Math.max(0, rank - 1)]);
}

/**
 * The same from many rows of each unit. A unit counts once however many rows it has: each row weighs one over the rows of
 * its unit, and the new unit, of which nothing is known, weighs as much as one that was watched (Dunn, Wasserman and
 * Ramdas 2023, pooling of groups).
 */
export function conformalMarginByUnit(scores: Float64Array, units: Int32Array, coverage: number): Result<number> {
  const rowsOf = new Map<number, number>();
  for (const unit of units) rowsOf.set(unit, (rowsOf.get(unit) ?? 0) + 1);
  const goal = coverage * (rowsOf.size + 1);
  if (goal > rowsOf.size) {
    const needed = Math.ceil(coverage / (1 - coverage));
    return failure('health.too-little', `${rowsOf.size} held-out units cannot carry ${coverage}; ${needed} can.`);
  }
  const order = Int32Array.from(scores, (_, row) => row).sort((a, b) => scores[a] - scores[b]);
  let reached = 0;
  for (const row of order) {
    reached += 1 / rowsOf.get(units[row])!;
    if (reached >= goal - 1e-9) return success(scores[row]);
  }
  return success(scores[order[order.length - 1]]);
}

/**
 * How far the truth lies outside of an interval, negative inside: the score of conformalised quantile regression (Romano,
 * Patterson and Candes 2019). The margin of these scores widens, or narrows, both ends alike.
 */
export function outsideInterval(truth: Float64Array, lower: Float64Array, upper: Float64Array): Float64Array {
  return truth.map((value, row) => Math.max(lower[row] - value, value - upper[row]));
}
