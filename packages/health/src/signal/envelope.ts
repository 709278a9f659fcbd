/** The envelope of a band of a signal: how strong its ringing is from moment to moment, which shows what keeps striking it. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { FourierTransform } from './fourierTransform.ts';
import { type Band, bandWithin, type Stretch } from './stretch.ts';

/**
 * The magnitude of the analytic signal of the band, at the rate and in the unit of the signal: lines outside of the band and all
 * negative frequencies are left out, which filters and is the Hilbert transform at once (Randall 2021, 5.5.2).
 */
export function envelopeOf({ samples, rateHz }: Stretch, band: Band): Result<Stretch> {
  const within = bandWithin({ rateHz }, band);
  if (!within.ok) return within;
  const count = samples.length;
  const transform = FourierTransform.of(count);
  const real = samples.slice();
  const imaginary = new Float64Array(count);
  transform.forward(real, imaginary);
  const stepHz = rateHz / count;
  for (let k = 0; k < count; k++) {
    const hz = k * stepHz;
    const isIn = hz >= band.lowHz && hz <= band.highHz && 2 * k <= count;
    const factor = !isIn ? 0 : k === 0 || 2 * k === count ? 1 : 2;
    real[k] *= factor;
    imaginary[k] *= factor;
  }
  transform.inverse(real, imaginary);
  for (let i = 0; i < count; i++) real[i] = Math.hypot(real[i], imaginary[i]);
  return success({ samples: real, rateHz });
}
