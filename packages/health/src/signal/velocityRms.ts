/** How severe a machine vibrates, as standards judge it: RMS of the velocity of its casing, from an acceleration. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { bandMeanSquare, welchSpectrum } from './spectrum.ts';
import { type Band, bandWithin, type Stretch } from './stretch.ts';

/** The wide band of ISO 20816-1:2016, 4.2.3 (ISO 10816 had the same); machines below 600 rpm are judged from 2 Hz on. */
export const SEVERITY_BAND: Band = { lowHz: 10, highHz: 1_000 };

/** Standard gravity in m/s², for accelerations in g. */
export const STANDARD_GRAVITY = 9.80665;

/** A line at the lower end of the band is told from the ones below by so many lines. */
const FEWEST_LINES_BELOW = 2;

/**
 * In mm/s of an acceleration in m/s². Each line of the spectrum is divided by the square of its angular frequency, so nothing
 * drifts as it does where samples are summed up. `health.too-little` where the stretch is too short for the lower end of the band
 * (two periods of it at least), `health.bad-data` where its rate does not reach the upper one.
 */
export function velocityRms(acceleration: Stretch, band: Band = SEVERITY_BAND): Result<number> {
  const within = bandWithin(acceleration, band);
  if (!within.ok) return within;
  const seconds = acceleration.samples.length / acceleration.rateHz;
  if (!(band.lowHz * seconds >= FEWEST_LINES_BELOW)) {
    return failure('health.too-little', `${seconds} s do not hold two periods of ${band.lowHz} Hz.`);
  }
  const spectrum = welchSpectrum(acceleration);
  if (!spectrum.ok) return spectrum;
  const { stepHz, density } = spectrum.value;
  const velocity = density.map((value, k) => (k === 0 ? 0 : value / (2 * Math.PI * k * stepHz) ** 2));
  return success(1e3 * Math.sqrt(bandMeanSquare({ stepHz, density: velocity }, band)));
}
