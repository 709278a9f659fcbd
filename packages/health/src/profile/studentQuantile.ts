/** How far out a value of Student's t distribution is with a small probability. */

/** More degrees of freedom are those of the normal distribution, for our purposes. */
const MOST_DEGREES = 300;
const STEPS = 1_000;
const HALVINGS = 60;

/** The value that is exceeded with this probability (0 to 0.5) with so many degrees of freedom, 1 or more, not only whole ones. */
export function studentQuantile(exceeded: number, degrees: number): number {
  const bounded = Math.min(Math.max(degrees, 1), MOST_DEGREES);
  const half = cosinePower(0, bounded);
  let low = 0;
  let high = Math.PI / 2;
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (cosinePower(middle, bounded) / (2 * half) > exceeded) low = middle;
    else high = middle;
  }
  return Math.sqrt(bounded) * Math.tan(low);
}

/** With t = sqrt(n) tan(a) the density is that of cos(a)^(n - 1): its integral from `from` to a right angle, by Simpson's rule. */
function cosinePower(from: number, degrees: number): number {
  const step = (Math.PI / 2 - from) / STEPS;
  let sum = 0;
  for (let i = 0; i <= STEPS; i++) {
    const weight = i === 0 || i === STEPS ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.max(0, Math.cos(from + i * step)) ** (degrees - 1);
  }
  return (sum * step) / 3;
}
