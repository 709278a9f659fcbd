/** The features of one stretch of vibration, by name, as a watch keeps them row by row. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { type BearingGeometry, bearingFrequencies, faultLines } from './bearingFrequencies.ts';
import { envelopeOf } from './envelope.ts';
import { impulsiveBand } from './impulsiveBand.ts';
import { bandMeanSquare, spectralCentroidHz, welchSpectrum } from './spectrum.ts';
import type { Band, Stretch } from './stretch.ts';
import { velocityRms } from './velocityRms.ts';
import { waveShape } from './waveShape.ts';

export interface VibrationOptions {
  /** RMS within each, by its name. */
  readonly bands?: Readonly<Record<string, Band>>;
  /** Both are needed for the lines of a bearing. */
  readonly bearing?: BearingGeometry;
  readonly shaftHz?: number;
  /** Samples in m/s²: the velocity is told, too. */
  readonly isAcceleration?: boolean;
}

/**
 * `rms`, `peak`, `crest`, `kurtosis`, `skewness`, `centroid` (Hz); `rms-<band>`; `velocity` (mm/s, 10 to 1000 Hz); and of a bearing
 * `bpfo`, `bpfi`, `bsf`, `ftf` in the envelope of the most impulsive band, each with `-prominence`. The fault of whatever cannot be had.
 */
export function vibrationFeatures(stretch: Stretch, options: VibrationOptions = {}): Result<Map<string, number>> {
  const { bands = {}, bearing, shaftHz, isAcceleration = false } = options;
  const spectrum = welchSpectrum(stretch);
  if (!spectrum.ok) return spectrum;
  const { rms, peak, crest, kurtosis, skewness } = waveShape(stretch.samples);
  const features = new Map(Object.entries({ rms, peak, crest, kurtosis, skewness }));
  features.set('centroid', spectralCentroidHz(spectrum.value));
  for (const [name, band] of Object.entries(bands)) {
    features.set(`rms-${name}`, Math.sqrt(bandMeanSquare(spectrum.value, band)));
  }
  if (isAcceleration) {
    const velocity = velocityRms(stretch);
    if (!velocity.ok) return velocity;
    features.set('velocity', velocity.value);
  }
  if (!bearing || shaftHz === undefined) return success(features);
  const lines = bearingLines(stretch, bearing, shaftHz);
  if (!lines.ok) return lines;
  for (const [name, value] of lines.value) features.set(name, value);
  return success(features);
}

function bearingLines(stretch: Stretch, bearing: BearingGeometry, shaftHz: number): Result<[string, number][]> {
  const frequencies = bearingFrequencies(bearing, shaftHz);
  if (!frequencies.ok) return frequencies;
  const envelope = envelopeOf(stretch, impulsiveBand(stretch));
  if (!envelope.ok) return envelope;
  const spectrum = welchSpectrum(envelope.value);
  if (!spectrum.ok) return spectrum;
  const { bpfo, bpfi, bsf, ftf } = frequencies.value;
  // Each fault of a roller strikes both rings in a turn of it.
  return success(
    Object.entries({ bpfo, bpfi, bsf: 2 * bsf, ftf }).flatMap(([name, hz]): [string, number][] => {
      const { rms, prominence } = faultLines(spectrum.value, hz);
      return [
        [name, rms],
        [`${name}-prominence`, prominence],
      ];
    }),
  );
}
