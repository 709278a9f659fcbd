/**
 * Finds the spacing of numbers that stand on evenly spaced levels, each rounded off by a known amount. The step is guessed
 * from the gaps between neighbours, as Euclid finds a common divisor; then base and step are made to fit every number,
 * which is a linear programme in two unknowns: for a given step the bounds of the base are those of the tightest numbers,
 * and how far they overlap is a concave function of the step, climbed along its tangents.
 */

/** As many numbers tell the step. */
const LOOKED_AT = 128;
/** Gaps must exceed the rounding by this, or they would be taken for levels by chance. */
const MIN_GAP_ROUNDINGS = 2.5;
/** Tangents until the search is given up; a handful suffices. */
const MAX_TANGENTS = 24;

export interface Spacing {
  readonly base: number;
  readonly step: number;
}

/** `base + n * step`, with a whole n for each, is closer to every one of the first `count` numbers than its slack. */
export function findSpacing(numbers: Float64Array, slacks: Float64Array, count: number): Spacing | undefined {
  const stride = Math.ceil(count / LOOKED_AT);
  const looked = Math.ceil(count / stride);
  const some = new Float64Array(looked);
  const someSlacks = new Float64Array(looked);
  let slack = 0;
  for (let row = 0; row < looked; row++) {
    some[row] = numbers[row * stride];
    someSlacks[row] = slacks[row * stride];
    if (someSlacks[row] > slack) slack = someSlacks[row];
  }
  const guess = guessStep(some.toSorted(), slack);
  if (guess === undefined) return undefined;
  const origin = numbers[0];
  const rough = fit(some, someSlacks, looked, { base: origin, step: guess });
  return rough && fit(numbers, slacks, count, rough);
}

/** The greatest step of which all gaps between ascending numbers are about whole multiples. */
function guessStep(ascending: Float64Array, slack: number): number | undefined {
  const least = slack * 2 * MIN_GAP_ROUNDINGS;
  let step = Infinity;
  for (let row = 1; row < ascending.length; row++) {
    const gap = ascending[row] - ascending[row - 1];
    if (gap > 0 && gap < step) step = gap;
  }
  if (!(step > least && step < Infinity)) return undefined;
  let [levels, from] = [0, ascending[0]];
  for (let row = 1; row < ascending.length; row++) {
    const gap = ascending[row] - ascending[row - 1];
    if (gap === 0) continue;
    const n = Math.round(gap / step);
    const rest = Math.abs(gap - n * step);
    if (rest > 2 * slack * (n + 1)) {
      if (rest <= least) return undefined;
      [step, levels, from] = [rest, 0, ascending[row]];
      continue;
    }
    // The longer the way, the less its rounding matters.
    levels += n;
    step = (ascending[row] - from) / levels;
  }
  return step;
}

/** Moves a spacing until it fits all numbers; `undefined` where none does. */
function fit(numbers: Float64Array, slacks: Float64Array, count: number, near: Spacing): Spacing | undefined {
  const origin = near.base;
  const perStep = 1 / near.step;
  let step = near.step;
  for (let tangent = 0; tangent < MAX_TANGENTS; tangent++) {
    let [upper, lower, upperLevel, lowerLevel] = [Infinity, -Infinity, 0, 0];
    for (let row = 0; row < count; row++) {
      const level = Math.floor((numbers[row] - origin) * perStep + 0.5);
      const base = numbers[row] - level * step;
      const slack = slacks[row];
      if (base + slack < upper) {
        upper = base + slack;
        upperLevel = level;
      }
      if (base - slack > lower) {
        lower = base - slack;
        lowerLevel = level;
      }
    }
    if (upper >= lower) return { base: (upper + lower) / 2, step };
    const rise = lowerLevel - upperLevel;
    if (rise === 0) return undefined;
    step += (lower - upper) / rise;
  }
  return undefined;
}
