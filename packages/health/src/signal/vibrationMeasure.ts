/** What can be asked of a stretch of vibration, as a watch asks for it. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type BearingGeometry, bearingFrequencies } from './bearingFrequencies.ts';
import type { Band } from './stretch.ts';

/** Faults of a rolling bearing, by where they are: outer ring, inner ring, roller, cage. */
export const BEARING_FAULTS = ['bpfo', 'bpfi', 'bsf', 'ftf'] as const;
export type BearingFault = (typeof BEARING_FAULTS)[number];

/** In the unit of the signal where it is not said otherwise, and about the mean of the stretch: a sensor may show gravity. */
export const VIBRATION_MEASURES = [
  'rms',
  'peak',
  /** Peak over RMS, skewness and kurtosis: plain numbers; see `WaveShape`. */
  'crest',
  'skewness',
  'kurtosis',
  /** The mean frequency, weighted by power, in Hz. */
  'centroid',
  /** RMS within a band. */
  'band',
  /** RMS of the velocity, in mm/s, of an acceleration in m/s². */
  'velocity',
  /** RMS of what goes with a multiple of the speed of the shaft. */
  'order',
  /** RMS of the lines of a fault in the envelope of the vibration; and their power over what is beside them, a plain number. */
  ...BEARING_FAULTS,
  'bpfo-prominence',
  'bpfi-prominence',
  'bsf-prominence',
  'ftf-prominence',
] as const;
export type VibrationMeasure = (typeof VIBRATION_MEASURES)[number];

export interface VibrationQuestion {
  readonly measure: VibrationMeasure;
  /**
   * Of `band`; of `velocity`, where it is not `SEVERITY_BAND`; and the resonance of which the envelope is taken, where it is not
   * the most impulsive band of each stretch.
   */
  readonly band?: Band;
  /** Of the faults of a bearing. */
  readonly bearing?: BearingGeometry;
  /** Of `order`: 1 is once a turn. */
  readonly order?: number;
}

/** The fault that a measure listens for; `undefined` where it listens for none. */
export function faultOf(measure: string): BearingFault | undefined {
  return BEARING_FAULTS.find((fault) => measure === fault || measure === `${fault}-prominence`);
}

/** Whether nothing can be told of it without the speed of the shaft. */
export function needsShaft(measure: string): boolean {
  return measure === 'order' || faultOf(measure) !== undefined;
}

/** Which multiple of the speed of the shaft is listened to. `health.bad-data` where the question names none, or no bearing. */
export function orderOf({ measure, order, bearing }: VibrationQuestion): Result<number> {
  if (measure === 'order') {
    if (order !== undefined && order > 0 && Number.isFinite(order)) return success(order);
    return failure('health.bad-data', `${order} is no multiple of the speed of a shaft.`);
  }
  const fault = faultOf(measure);
  if (!fault || !bearing) return failure('health.bad-data', `There is no bearing for ${measure}.`);
  const frequencies = bearingFrequencies(bearing, 1);
  if (!frequencies.ok) return frequencies;
  // A fault of a roller strikes both rings in a turn of it.
  return success(fault === 'bsf' ? 2 * frequencies.value.bsf : frequencies.value[fault]);
}
