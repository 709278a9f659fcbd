/** How far beyond its spread in the normal data a signal may go and still be normal, as its level is only known so well. */

/** A sum over lags of more values than this takes seconds, and tells nothing more. */
const MOST_VALUES = 10_000;
/** However little is known of its level, no signal is left out of account. */
const MOST_DOUBT = 10;

/**
 * Deviation of the predictive Student distribution over that of the data: n values that tell as much as independent ones
 * give sqrt((1 + 1/n) (n - 1) / (n - 3)). Near 1 for a signal that crosses its mean often; large for a temperature that
 * rose and fell once, whose next rise may well be larger.
 */
export function levelDoubt(column: Float64Array): number {
  const count = independentValues(column);
  if (count <= 3) return MOST_DOUBT;
  return Math.min(MOST_DOUBT, Math.sqrt(((1 + 1 / count) * (count - 1)) / (count - 3)));
}

/**
 * n / (1 + 2 sum of autocorrelations up to the first below 0), after Geyer (1992, Statistical Science 7). Of a long column the
 * means of stretches are counted: the answer is then no more than their number.
 */
export function independentValues(column: Float64Array): number {
  const values = meansOfStretches(column.filter(Number.isFinite));
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  for (let i = 0; i < count; i++) values[i] -= mean;
  const variance = values.reduce((sum, value) => sum + value * value, 0);
  if (!(variance > 0)) return count;
  let time = 1;
  for (let lag = 1; lag < count; lag++) {
    let shared = 0;
    for (let i = lag; i < count; i++) shared += values[i] * values[i - lag];
    if (shared <= 0) break;
    time += (2 * shared) / variance;
  }
  return count / time;
}

function meansOfStretches(values: Float64Array): Float64Array {
  const rows = Math.ceil(values.length / MOST_VALUES);
  if (rows <= 1) return values;
  const means = new Float64Array(Math.floor(values.length / rows));
  for (let i = 0; i < means.length * rows; i++) means[Math.floor(i / rows)] += values[i] / rows;
  return means;
}
