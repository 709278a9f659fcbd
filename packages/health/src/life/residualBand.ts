/** How far the truth tends to lie from a prediction, which differs with what is predicted: close to failure little, far off much. */

const MOST_KNOTS = 12;
const ROWS_A_KNOT = 50;

export interface ResidualBand {
  /** Predictions, ascending, at which the band is known; it is straight between them and level beyond. */
  readonly at: Float64Array;
  /** The ends of the shortest stretch of truth minus prediction that holds the share `coverage` of rows. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * The shortest stretch of the residuals in groups of rows of like prediction; equal tails would hold too much near a cap,
 * above which no truth lies. At least one row must be given.
 */
export function learnBand(predicted: Float64Array, truth: Float64Array, coverage: number): ResidualBand {
  const order = Int32Array.from(predicted, (_, row) => row).sort((a, b) => predicted[a] - predicted[b]);
  const knots = Math.max(1, Math.min(MOST_KNOTS, Math.floor(order.length / ROWS_A_KNOT)));
  const at = new Float64Array(knots);
  const lower = new Float64Array(knots);
  const upper = new Float64Array(knots);
  for (let knot = 0; knot < knots; knot++) {
    const begin = Math.floor((knot * order.length) / knots);
    const rows = order.subarray(begin, Math.floor(((knot + 1) * order.length) / knots));
    at[knot] = rows.reduce((sum, row) => sum + predicted[row], 0) / rows.length;
    const residuals = Float64Array.from(rows, (row) => truth[row] - predicted[row]).sort();
    const held = Math.max(1, Math.ceil(coverage * residuals.length));
    let first = 0;
    for (let i = 1; i + held <= residuals.length; i++)
      if (residuals[i + held - 1] - residuals[i] < residuals[first + held - 1] - residuals[first]) first = i;
    lower[knot] = residuals[first];
    upper[knot] = residuals[first + held - 1];
  }
  return { at, lower, upper };
}

/** The ends of the band about each prediction, both moved outwards by `margin` widths of it and kept within 0 and `cap`. */
export function bandAbout(band: ResidualBand, predicted: Float64Array, margin: number, cap: number) {
  const widths = bandWidths(band, predicted);
  const within = (value: number) => Math.min(cap, Math.max(0, value));
  return {
    lower: predicted.map((value, row) =>
      within(value + interpolate(band.at, band.lower, value) - margin * widths[row]),
    ),
    upper: predicted.map((value, row) =>
      within(value + interpolate(band.at, band.upper, value) + margin * widths[row]),
    ),
  };
}

/** How wide the band is about each prediction before any cap, never less than one cycle. */
export function bandWidths(band: ResidualBand, predicted: Float64Array): Float64Array {
  return predicted.map((value) =>
    Math.max(1, interpolate(band.at, band.upper, value) - interpolate(band.at, band.lower, value)),
  );
}

function interpolate(at: Float64Array, values: Float64Array, x: number): number {
  let above = 0;
  while (above < at.length && at[above] < x) above++;
  if (above === 0) return values[0];
  if (above === at.length) return values[at.length - 1];
  const share = (x - at[above - 1]) / (at[above] - at[above - 1]);
  return values[above - 1] + share * (values[above] - values[above - 1]);
}
