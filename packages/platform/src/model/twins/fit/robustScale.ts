/** How wide residuals are spread when a few of them are far off, and how little those few then count (Huber, Robust Statistics, 1981). */

/** A normal distribution is 1.4826 times as wide as its median absolute deviation. */
const NORMAL_PER_MEDIAN = 1.4826;
/** Huber's constant: 95 % as efficient as plain least squares where nothing is far off. */
const HUBER = 1.345;
const MOST_PASSES = 20;
const SETTLED = 1e-4;

/** Standard deviation about 0 by the median of the absolute values. */
export function robustSigma(residuals: Float64Array): number {
  return NORMAL_PER_MEDIAN * quantile(residuals.map(Math.abs), 0.5);
}

/** Root of the mean square about 0, over so many degrees of freedom. */
export function plainSigma(residuals: Float64Array, freedom: number): number {
  let sum = 0;
  for (const residual of residuals) sum += residual * residual;
  return Math.sqrt(sum / Math.max(1, freedom));
}

/** The value below which the share `part` of the values lies. `values` need no order. */
export function quantile(values: Float64Array, part: number): number {
  const sorted = values.toSorted();
  const place = part * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** Fits again and again, with less weight for what is far off, until the weights stay as they are. */
export function robustly<F extends { readonly residuals: Float64Array }>(fitWith: (weights?: Float64Array) => F): F {
  let fit = fitWith();
  let weights = new Float64Array(fit.residuals.length).fill(1);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const reach = HUBER * robustSigma(fit.residuals);
    const next = fit.residuals.map((residual) => Math.min(1, reach / Math.max(Math.abs(residual), Number.MIN_VALUE)));
    const change = next.reduce((most, weight, row) => Math.max(most, Math.abs(weight - weights[row])), 0);
    if (!(reach > 0) || change < SETTLED) break;
    weights = next;
    fit = fitWith(weights);
  }
  return fit;
}
