/** The band in which a signal is most impulsive: where the blows of a fault ring loudest above the rest of the machine. */

import { FourierTransform } from './fourierTransform.ts';
import type { Band, Stretch } from './stretch.ts';

export interface ImpulsiveBand extends Band {
  /** Spectral kurtosis: 0 of Gaussian noise, -1 of a steady tone. */
  readonly kurtosis: number;
}

/** Into how many equal bands the spectrum is cut in turn: halves and thirds of them, as in the 1/3-binary tree. */
const CUTS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];
/** The kurtosis of fewer values of an envelope is chance. */
const FEWEST_VALUES = 64;

/**
 * The kurtogram: of all bands of all cuts, the one whose complex envelope c has the largest <|c|⁴>/<|c|²>² - 2 (J. Antoni,
 * Mechanical Systems and Signal Processing 21 (2007), 108-124), with the bands cut out of one spectrum in place of a bank of
 * filters. `above` leaves out what lies below it, such as the gear mesh.
 */
export function impulsiveBand({ samples, rateHz }: Stretch, above = 0): ImpulsiveBand {
  const count = samples.length;
  const real = samples.slice();
  const imaginary = new Float64Array(count);
  FourierTransform.of(count).forward(real, imaginary);
  const half = count >> 1;
  let best: ImpulsiveBand = { lowHz: above, highHz: rateHz / 2, kurtosis: Number.NEGATIVE_INFINITY };
  for (const cut of CUTS) {
    const lines = Math.floor(half / cut);
    if (lines < FEWEST_VALUES) break;
    // With room above the band, the envelope has values between its own, and its kurtosis is the same.
    const transform = FourierTransform.of(2 ** Math.ceil(Math.log2(lines)));
    const re = new Float64Array(transform.length);
    const im = new Float64Array(transform.length);
    for (let band = 0; band < cut; band++) {
      const lowHz = (band * lines * rateHz) / count;
      if (lowHz < above) continue;
      // The lines at zero are the mean, which is no vibration.
      const from = band * lines + (band === 0 ? 1 : 0);
      re.fill(0);
      im.fill(0);
      re.set(real.subarray(from, (band + 1) * lines));
      im.set(imaginary.subarray(from, (band + 1) * lines));
      transform.inverse(re, im);
      const kurtosis = envelopeKurtosis(re, im);
      if (kurtosis > best.kurtosis) best = { lowHz, highHz: ((band + 1) * lines * rateHz) / count, kurtosis };
    }
  }
  return best;
}

function envelopeKurtosis(real: Float64Array, imaginary: Float64Array): number {
  let second = 0;
  let fourth = 0;
  for (let i = 0; i < real.length; i++) {
    const square = real[i] * real[i] + imaginary[i] * imaginary[i];
    second += square;
    fourth += square * square;
  }
  return second > 0 ? (fourth * real.length) / (second * second) - 2 : Number.NEGATIVE_INFINITY;
}
