/** What the values of a stretch come to without regard to their order: how strong it is, and how impulsive. */

/** In the unit of the signal, where not said otherwise. */
export interface WaveShape {
  readonly mean: number;
  /** Root of the mean square, the mean included: what ISO 20816-1, 3.1, calls the RMS of a vibration that has none. */
  readonly rms: number;
  /** The largest distance from zero. */
  readonly peak: number;
  readonly peakToPeak: number;
  /** Peak over RMS, a ratio: 1.41 of a sine, some 4 of noise, more where something knocks. */
  readonly crest: number;
  /** Third and fourth moment about the mean over powers of the deviation, ratios: 0 and 3 of Gaussian noise, kurtosis 1.5 of a sine. */
  readonly skewness: number;
  readonly kurtosis: number;
}

/**
 * After R. B. Randall, Vibration-based Condition Monitoring, 2nd edition (2021), 3.1 and 5.3. All NaN where a value is none or there
 * is none; crest, skewness and kurtosis are NaN for a signal that stands still.
 */
export function waveShape(samples: Float64Array): WaveShape {
  const count = samples.length;
  let sum = 0;
  let squares = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const value = samples[i];
    sum += value;
    squares += value * value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const mean = sum / count;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let i = 0; i < count; i++) {
    const away = samples[i] - mean;
    const square = away * away;
    second += square;
    third += square * away;
    fourth += square * square;
  }
  const variance = second / count;
  // What is left of a constant after its mean is taken away is rounding, and has no shape.
  const stands = !(variance > (1e-12 * squares) / count);
  const rms = Math.sqrt(squares / count);
  const peak = Number.isNaN(sum) || count === 0 ? Number.NaN : Math.max(high, -low);
  return {
    mean,
    rms,
    peak,
    peakToPeak: Number.isNaN(peak) ? Number.NaN : high - low,
    crest: stands ? Number.NaN : peak / rms,
    skewness: stands ? Number.NaN : third / count / variance ** 1.5,
    kurtosis: stands ? Number.NaN : fourth / count / (variance * variance),
  };
}
