/** A stretch of a signal that was sampled evenly: what all features here are of. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

export interface Stretch {
  /** All finite, at least 16. */
  readonly samples: Float64Array;
  readonly rateHz: number;
}

/** In Hz, `lowHz` < `highHz`. */
export interface Band {
  readonly lowHz: number;
  readonly highHz: number;
}

/** Shorter ones have no features to speak of. */
const FEWEST_SAMPLES = 16;

/** `health.bad-data` names a sample that is no number, or a rate that is none; `health.too-little` how short the stretch is. */
export function stretchOf(samples: ArrayLike<number>, rateHz: number): Result<Stretch> {
  if (!(rateHz > 0 && Number.isFinite(rateHz))) {
    return failure('health.bad-data', `A signal cannot be sampled at ${rateHz} Hz.`);
  }
  if (samples.length < FEWEST_SAMPLES) {
    return failure('health.too-little', `${samples.length} samples; ${FEWEST_SAMPLES} are needed.`);
  }
  for (let at = 0; at < samples.length; at++) {
    if (!Number.isFinite(samples[at])) return failure('health.bad-data', `Sample ${at} is ${samples[at]}.`);
  }
  return success({ samples: samples instanceof Float64Array ? samples : Float64Array.from(samples), rateHz });
}

/** `health.bad-data` where a band is none, or lies above half of the rate, of which the samples tell nothing. */
export function bandWithin({ rateHz }: Pick<Stretch, 'rateHz'>, band: Band): Result<Band> {
  const { lowHz, highHz } = band;
  if (lowHz >= 0 && lowHz < highHz && highHz <= rateHz / 2) return success(band);
  return failure('health.bad-data', `${lowHz} to ${highHz} Hz is no band of a signal sampled at ${rateHz} Hz.`);
}
