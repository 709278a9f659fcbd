/** Power spectra, and what they hold within bands. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { FourierTransform } from './fourierTransform.ts';
import { type SignalWindow, windowWeights } from './signalWindow.ts';
import type { Band, Stretch } from './stretch.ts';

export interface PowerSpectrum {
  /** Line k is at k stepHz (in orders, where the stretch is one of angle). */
  readonly stepHz: number;
  /** One-sided density of the mean square, in the square of the unit of the signal per Hz. */
  readonly density: Float64Array;
}

export interface WelchOptions {
  /** Samples of a segment; the whole stretch where it is left out. Any length: none is padded. */
  readonly segment?: number;
  /** Hann where it is left out. */
  readonly window?: SignalWindow;
}

/**
 * The mean of the spectra of segments that overlap by half, each without its mean (P. D. Welch, IEEE Trans. Audio 15 (1967), 70-73).
 * Scaled so that the sum of the density times the step is the mean square of the stretch about the means of its segments.
 * `health.too-little` where a segment is longer than the stretch or shorter than 16.
 */
export function welchSpectrum({ samples, rateHz }: Stretch, options: WelchOptions = {}): Result<PowerSpectrum> {
  const { segment = samples.length, window = 'hann' } = options;
  if (!Number.isInteger(segment) || segment < 16 || segment > samples.length) {
    return failure('health.too-little', `A segment of ${segment} samples does not fit into ${samples.length}.`);
  }
  const weights = windowWeights(window, segment);
  const transform = FourierTransform.of(segment);
  const real = new Float64Array(segment);
  const imaginary = new Float64Array(segment);
  const density = new Float64Array((segment >> 1) + 1);
  const hop = Math.max(1, segment >> 1);
  let segments = 0;
  for (let start = 0; start + segment <= samples.length; start += hop) {
    weigh(samples, start, weights, real);
    imaginary.fill(0);
    transform.forward(real, imaginary);
    for (let k = 0; k < density.length; k++) density[k] += real[k] * real[k] + imaginary[k] * imaginary[k];
    segments++;
  }
  const power = weights.reduce((sum, weight) => sum + weight * weight, 0);
  for (let k = 0; k < density.length; k++) {
    const isAlone = k === 0 || 2 * k === segment;
    density[k] *= (isAlone ? 1 : 2) / (segments * power * rateHz);
  }
  return success({ stepHz: rateHz / segment, density });
}

/** The mean square within a band, in the square of the unit of the signal; lines at both ends count. */
export function bandMeanSquare({ stepHz, density }: PowerSpectrum, { lowHz, highHz }: Band): number {
  const last = Math.min(density.length - 1, Math.floor(highHz / stepHz + 1e-9));
  let sum = 0;
  for (let k = Math.max(0, Math.ceil(lowHz / stepHz - 1e-9)); k <= last; k++) sum += density[k];
  return sum * stepHz;
}

/** The mean frequency, weighted by power, in Hz; NaN of silence. */
export function spectralCentroidHz({ stepHz, density }: PowerSpectrum): number {
  let weighted = 0;
  let sum = 0;
  for (let k = 0; k < density.length; k++) {
    weighted += k * density[k];
    sum += density[k];
  }
  return sum > 0 ? (weighted / sum) * stepHz : Number.NaN;
}

function weigh(samples: Float64Array, start: number, weights: Float64Array, into: Float64Array): void {
  let mean = 0;
  for (let i = 0; i < weights.length; i++) mean += samples[start + i];
  mean /= weights.length;
  for (let i = 0; i < weights.length; i++) into[i] = (samples[start + i] - mean) * weights[i];
}
