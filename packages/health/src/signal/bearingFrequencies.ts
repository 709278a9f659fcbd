/** How often the parts of a rolling bearing meet a fault, and how much of that is heard in an envelope. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { PowerSpectrum } from './spectrum.ts';

/** Both diameters in the same unit. */
export interface BearingGeometry {
  readonly rollers: number;
  readonly rollerDiameter: number;
  readonly pitchDiameter: number;
  /** Load angle from the radial; 0 for deep groove ball bearings. */
  readonly contactDegrees: number;
}

/** In Hz; with a shaft speed of 1, in orders of it. The outer ring stands still. */
export interface BearingFrequencies {
  /** A roller passes a point of the outer ring, and of the inner ring. */
  readonly bpfo: number;
  readonly bpfi: number;
  /** A roller turns about itself. A fault of it strikes twice a turn, so look at 2 bsf. */
  readonly bsf: number;
  /** The cage goes round. */
  readonly ftf: number;
}

/** Without slip, which takes 1 to 2 % (Randall 2021, 2.2.3). `health.bad-data` names what is impossible. */
export function bearingFrequencies(geometry: BearingGeometry, shaftHz: number): Result<BearingFrequencies> {
  const { rollers, rollerDiameter, pitchDiameter, contactDegrees } = geometry;
  if (!(Number.isInteger(rollers) && rollers >= 3))
    return failure('health.bad-data', `${rollers} rollers bear nothing.`);
  if (!(rollerDiameter > 0 && rollerDiameter < pitchDiameter && Number.isFinite(pitchDiameter))) {
    return failure('health.bad-data', `Rollers of ${rollerDiameter} do not go round on ${pitchDiameter}.`);
  }
  if (!(contactDegrees >= 0 && contactDegrees < 90)) {
    return failure('health.bad-data', `A load angle of ${contactDegrees} degrees is none.`);
  }
  if (!(shaftHz >= 0 && Number.isFinite(shaftHz))) {
    return failure('health.bad-data', `A shaft does not turn at ${shaftHz} Hz.`);
  }
  const ratio = (rollerDiameter / pitchDiameter) * Math.cos((contactDegrees * Math.PI) / 180);
  return success({
    bpfo: (rollers / 2) * shaftHz * (1 - ratio),
    bpfi: (rollers / 2) * shaftHz * (1 + ratio),
    bsf: (pitchDiameter / (2 * rollerDiameter)) * shaftHz * (1 - ratio * ratio),
    ftf: (shaftHz / 2) * (1 - ratio),
  });
}

export interface FaultLines {
  /** Root of the sum of the mean squares of the lines found, in the unit of the envelope. */
  readonly rms: number;
  /** Root mean square at each harmonic, the first at the frequency itself. */
  readonly harmonics: readonly number[];
  /**
   * Power of a line over what as much of the spectrum beside it has, which is about 1 of noise: how far the fault stands out. Of the
   * harmonics it is the middle one, so that one line of another fault makes none.
   */
  readonly prominence: number;
}

export interface FaultLineOptions {
  /** How many multiples are looked at. */
  readonly harmonics: number;
  /** A line counts this share of its frequency beside where it should be: slip, and a speed that is not known exactly. */
  readonly tolerance: number;
}

const USUAL: FaultLineOptions = { harmonics: 3, tolerance: 0.02 };
/** The noise is looked for in so many widths on each side. */
const WIDTHS_BESIDE = 3;

/**
 * What a spectrum (of an envelope, as a rule) holds at a frequency and its multiples. Harmonics above the spectrum are left out.
 * `prominence` is NaN where no line is within the spectrum, or nothing is beside one.
 */
export function faultLines(
  { stepHz, density }: PowerSpectrum,
  hz: number,
  { harmonics, tolerance }: FaultLineOptions = USUAL,
): FaultLines {
  const found: number[] = [];
  const prominences: number[] = [];
  let power = 0;
  for (let harmonic = 1; harmonic <= harmonics; harmonic++) {
    const centre = (harmonic * hz) / stepHz;
    // A line leaks into its neighbours, and never stands exactly on one of the spectrum.
    const reach = Math.max(1, centre * tolerance);
    const from = Math.round(centre - reach);
    const to = Math.round(centre + reach);
    if (from < 1 || to >= density.length) break;
    const width = to - from + 1;
    const line = sumOf(density, from, to) * stepHz;
    // Beyond the middle between two lines, what is beside the one is beside the other.
    const between = hz / stepHz / 2;
    const beside = [
      meanOf(density, Math.max(from - WIDTHS_BESIDE * width, Math.ceil(centre - between)), from - 1),
      meanOf(density, to + 1, Math.min(to + WIDTHS_BESIDE * width, Math.floor(centre + between))),
    ].filter(Number.isFinite);
    found.push(Math.sqrt(line));
    power += line;
    if (beside.length > 0)
      prominences.push(line / ((beside.reduce((sum, mean) => sum + mean, 0) / beside.length) * width * stepHz));
  }
  prominences.sort((a, b) => a - b);
  return {
    rms: Math.sqrt(power),
    harmonics: found,
    prominence: prominences[(prominences.length - 1) >> 1] ?? Number.NaN,
  };
}

function sumOf(density: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let k = from; k <= to; k++) sum += density[k];
  return sum;
}

/** NaN where nothing of it lies within the spectrum; the line at zero is the mean, and no noise. */
function meanOf(density: Float64Array, from: number, to: number): number {
  const first = Math.max(1, from);
  const last = Math.min(density.length - 1, to);
  return last < first ? Number.NaN : sumOf(density, first, last) / (last - first + 1);
}
