/** The quantile of values that do not all count the same. */

/** The smallest value at or below which at least `level` (0 to 1) of the weight lies; NaN of no values. */
export function weightedQuantile(values: Float64Array, weights: Float64Array, level: number): number {
  const order = Int32Array.from(values, (_, index) => index).sort((a, b) => values[a] - values[b]);
  let total = 0;
  for (let i = 0; i < values.length; i++) total += weights[i];
  let below = 0;
  for (const index of order) {
    below += weights[index];
    // Sums of weights are rounded; a level reached but for that is reached.
    if (below >= level * total * (1 - 1e-12)) return values[index];
  }
  return Number.NaN;
}
