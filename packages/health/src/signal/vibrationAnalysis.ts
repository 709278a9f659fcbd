/** Answers what is asked of one stretch of vibration; what several questions need is reckoned once. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type FaultLines, faultLines } from './bearingFrequencies.ts';
import { envelopeOf } from './envelope.ts';
import { impulsiveBand } from './impulsiveBand.ts';
import { overAngle, turnsBySpeed } from './orders.ts';
import { taperedEnds } from './signalWindow.ts';
import { bandMeanSquare, type PowerSpectrum, spectralCentroidHz, welchSpectrum } from './spectrum.ts';
import { type Band, bandWithin, type Stretch } from './stretch.ts';
import { SEVERITY_BAND, velocityRms } from './velocityRms.ts';
import { faultOf, orderOf, type VibrationQuestion } from './vibrationMeasure.ts';
import { type WaveShape, waveShape } from './waveShape.ts';

/** A shaft whose speed changes by less than this share of it smears no line that is looked for. */
const STEADY = 0.01;
/** A line of fewer periods than this in a stretch is not told from the mean. */
const FEWEST_PERIODS = 3;
/** Share of a stretch at each end over which it fades, before bands are cut out of it. */
const TAPERED = 0.05;
/** Of what goes with an order there is one line. */
const ONE_LINE = { harmonics: 1, tolerance: 0.02 };

/** A spectrum in which lines are looked for, and where in it the line at the speed of the shaft is. */
interface LineSpectrum {
  readonly spectrum: PowerSpectrum;
  readonly shaft: number;
}

export class VibrationAnalysis {
  /** Without its mean. */
  readonly #stretch: Stretch;
  readonly #speedHz: Float64Array | undefined;
  #tapered: Stretch | undefined;
  #shape: WaveShape | undefined;
  #spectrum: Result<PowerSpectrum> | undefined;
  #impulsive: Band | undefined;
  #orders: Result<LineSpectrum> | undefined;
  /** By the band of the envelope. */
  readonly #envelopes = new Map<string, Result<LineSpectrum>>();

  /** `speedHz` is the speed of the shaft at each sample, NaN where nobody knows it; it is needed for lines alone. */
  constructor({ samples, rateHz }: Stretch, speedHz?: Float64Array) {
    const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
    this.#stretch = { samples: samples.map((value) => value - mean), rateHz };
    this.#speedHz = speedHz;
  }

  /**
   * Faults: `health.too-little` where the stretch is too short for it or the speed is not known, `health.bad-data` where a band
   * does not lie within the signal, the question lacks what its measure needs, or values are so large that nothing comes of them.
   */
  answer(question: VibrationQuestion): Result<number> {
    const answer = this.#answer(question);
    if (!answer.ok || Number.isFinite(answer.value)) return answer;
    return failure('health.bad-data', `No ${question.measure} comes of values as large as these.`);
  }

  #answer(question: VibrationQuestion): Result<number> {
    const { measure, band } = question;
    switch (measure) {
      case 'rms':
      case 'peak':
      case 'crest':
      case 'skewness':
      case 'kurtosis':
        return this.#shapeOf(measure);
      case 'centroid':
        return mapped(this.#powerSpectrum(), spectralCentroidHz);
      case 'band':
        return this.#bandRms(band);
      case 'velocity':
        return velocityRms(this.#stretch, band ?? SEVERITY_BAND);
      case 'order': {
        this.#orders ??= this.#lineSpectrum(this.#stretch);
        return mapped(linesIn(this.#orders, question), ({ rms }) => rms);
      }
      default: {
        const lines = linesIn(this.#envelopeSpectrum(band), question);
        if (!lines.ok || faultOf(measure) === measure) return mapped(lines, ({ rms }) => rms);
        const { prominence } = lines.value;
        return Number.isNaN(prominence) ? tooShortFor(measure) : success(prominence);
      }
    }
  }

  #shapeOf(part: 'rms' | 'peak' | 'crest' | 'skewness' | 'kurtosis'): Result<number> {
    this.#shape ??= waveShape(this.#stretch.samples);
    const value = this.#shape[part];
    return Number.isNaN(value)
      ? failure('health.too-little', 'A signal that stands still has no shape.')
      : success(value);
  }

  #powerSpectrum(): Result<PowerSpectrum> {
    this.#spectrum ??= welchSpectrum(this.#stretch);
    return this.#spectrum;
  }

  #bandRms(band: Band | undefined): Result<number> {
    if (!band) return failure('health.bad-data', 'No band is told.');
    const within = bandWithin(this.#stretch, band);
    if (!within.ok) return within;
    return mapped(this.#powerSpectrum(), (spectrum) => Math.sqrt(bandMeanSquare(spectrum, band)));
  }

  #envelopeSpectrum(asked: Band | undefined): Result<LineSpectrum> {
    const { rateHz } = this.#stretch;
    this.#tapered ??= { samples: taperedEnds(this.#stretch.samples, TAPERED), rateHz };
    const band = asked ?? this.#impulsiveBand(this.#tapered);
    const key = `${band.lowHz} ${band.highHz}`;
    const known = this.#envelopes.get(key);
    if (known) return known;
    const envelope = envelopeOf(this.#tapered, band);
    const made = envelope.ok ? this.#lineSpectrum(envelope.value) : envelope;
    this.#envelopes.set(key, made);
    return made;
  }

  #impulsiveBand(tapered: Stretch): Band {
    this.#impulsive ??= impulsiveBand(tapered);
    return this.#impulsive;
  }

  /** Over time where the shaft turns steadily, over its angle where it does not. */
  #lineSpectrum(signal: Stretch): Result<LineSpectrum> {
    const speedHz = this.#speedHz;
    if (!speedHz) return failure('health.too-little', 'The speed of the shaft is not known.');
    const { mean, least, greatest } = spreadOf(speedHz);
    if (Number.isNaN(mean)) return failure('health.too-little', 'The speed of the shaft is not known.');
    if (!(least > 0)) return failure('health.too-little', 'The shaft stands, or turns the other way.');
    if (greatest - least <= STEADY * mean) {
      return mapped(welchSpectrum(signal), (spectrum) => ({ spectrum, shaft: mean }));
    }
    const turns = turnsBySpeed(speedHz, signal);
    if (!turns.ok) return turns;
    const turned = overAngle(signal, turns.value);
    if (!turned.ok) return turned;
    return mapped(welchSpectrum(turned.value), (spectrum) => ({ spectrum, shaft: 1 }));
  }
}

function linesIn(within: Result<LineSpectrum>, question: VibrationQuestion): Result<FaultLines> {
  if (!within.ok) return within;
  const order = orderOf(question);
  if (!order.ok) return order;
  const { spectrum, shaft } = within.value;
  const hz = order.value * shaft;
  if (hz < FEWEST_PERIODS * spectrum.stepHz) return tooShortFor(question.measure);
  const lines = faultLines(spectrum, hz, question.measure === 'order' ? ONE_LINE : undefined);
  if (lines.harmonics.length > 0) return success(lines);
  return failure('health.bad-data', `The signal is sampled too slowly for ${question.measure}.`);
}

function tooShortFor(measure: string): Result<never> {
  return failure('health.too-little', `The stretch is too short to tell ${measure} from what is beside it.`);
}

function mapped<T, U>(result: Result<T>, made: (value: T) => U): Result<U> {
  return result.ok ? success(made(result.value)) : result;
}

/** NaN where one is. */
function spreadOf(values: Float64Array): { readonly mean: number; readonly least: number; readonly greatest: number } {
  let [sum, least, greatest] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    sum += value;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { mean: sum / values.length, least, greatest };
}
