/** How far the newest value stands out of the smooth part of its signal's spectrum. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { FourierTransform } from '../signal/fourierTransform.ts';
import { type DetectorDocument, type DetectorStream, type LearnedDetector, scoreThroughStream } from './detector.ts';
import { rareBySignal } from './rareBySignal.ts';
import { type SignalTable, usableRows } from './signalTable.ts';

export interface SpectralOptions {
  /** Rows that are looked at together. */
  readonly window: number;
  /** The window is carried on by so many rows along its last trend, so that the newest value is not at the rim. */
  readonly ahead: number;
}

const DEFAULTS: SpectralOptions = { window: 59, ahead: 5 };
/** A longer one would take more memory than its document. */
export const LONGEST_WINDOW = 1000;
/** Twice as salient as the rest is nothing. */
const LEAST_RARE = 1;
/** The spectrum is smoothed over so many lines. */
const SMOOTHED_LINES = 3;

/**
 * The score is the saliency of the newest value over the mean saliency of its window, less 1, over what is rare of that; the largest
 * of all signals.
 */
export class SpectralResidual implements LearnedDetector {
  readonly names: readonly string[];
  readonly options: SpectralOptions;
  /** Of each signal by itself. */
  readonly rare: Float64Array;

  constructor(names: readonly string[], options: SpectralOptions, rare: Float64Array) {
    this.names = names;
    this.options = options;
    this.rare = rare;
  }

  score(columns: readonly Float64Array[]): Float64Array {
    return scoreThroughStream(this, columns);
  }

  stream(): DetectorStream {
    return new SpectralStream(this);
  }

  toJson(): DetectorDocument {
    return { kind: 'spectral-residual', names: [...this.names], options: this.options, rare: [...this.rare] };
  }
}

/** Ren et al. 2019 (KDD, time-series anomaly detection at Microsoft), 3.1. */
export function learnSpectralResidual(
  table: SignalTable,
  given: Partial<SpectralOptions> = {},
): Result<SpectralResidual> {
  const options = { ...DEFAULTS, ...given };
  const { window, ahead } = options;
  const isWhole = Number.isInteger(window) && Number.isInteger(ahead);
  if (!(isWhole && ahead >= 0 && window > ahead + 6 && window <= LONGEST_WINDOW)) {
    return failure('health.bad-data', `A window of ${window} rows cannot be carried on by ${ahead}.`);
  }
  const rows = usableRows(table);
  if (!rows.ok) return rows;
  const each = new SpectralResidual(table.names, options, new Float64Array(table.names.length).fill(1));
  return success(new SpectralResidual(table.names, options, rareBySignal(each, table.columns, LEAST_RARE)));
}

class SpectralStream implements DetectorStream {
  readonly #windows: readonly Float64Array[];
  readonly #saliency: Saliency;
  readonly #scores: Float64Array;
  readonly #ahead: number;
  readonly #rare: Float64Array;
  readonly #rowsInLine = new Float64Array(1);

  constructor({ names, options, rare }: SpectralResidual) {
    this.#windows = names.map(() => new Float64Array(options.window));
    this.#saliency = new Saliency(options.window + options.ahead);
    this.#scores = new Float64Array(names.length);
    this.#ahead = options.ahead;
    this.#rare = rare;
  }

  /** A missing value starts the window again. */
  push(row: Float64Array): number {
    this.#scores.fill(0);
    for (let i = 0; i < row.length; i++) {
      if (!Number.isFinite(row[i])) {
        this.#rowsInLine[0] = 0;
        return Number.NaN;
      }
    }
    this.#rowsInLine[0]++;
    let most = 0;
    for (let i = 0; i < row.length; i++) {
      const window = this.#windows[i];
      window.copyWithin(0, 1);
      window[window.length - 1] = row[i];
      if (this.#rowsInLine[0] >= window.length)
        this.#scores[i] = this.#saliency.ofLast(window, this.#ahead) / this.#rare[i];
      if (this.#scores[i] > most) most = this.#scores[i];
    }
    return this.#rowsInLine[0] >= this.#windows[0].length ? most : Number.NaN;
  }

  contributions(): Float64Array {
    return this.#scores;
  }

  memory(): readonly Float64Array[] {
    return [...this.#windows, this.#rowsInLine];
  }
}

class Saliency {
  readonly #transform: FourierTransform;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;
  readonly #logs: Float64Array;

  constructor(size: number) {
    this.#transform = FourierTransform.of(size);
    this.#real = new Float64Array(size);
    this.#imaginary = new Float64Array(size);
    this.#logs = new Float64Array(size);
  }

  ofLast(window: Float64Array, ahead: number): number {
    this.#real.set(window);
    this.#real.fill(carriedOn(window), window.length);
    this.#imaginary.fill(0);
    this.#transform.forward(this.#real, this.#imaginary);
    this.#keepResidual();
    this.#transform.inverse(this.#real, this.#imaginary);
    const size = this.#real.length;
    let sum = 0;
    for (let at = 0; at < size; at++) sum += Math.hypot(this.#real[at], this.#imaginary[at]);
    const newest = size - ahead - 1;
    const salient = Math.hypot(this.#real[newest], this.#imaginary[newest]);
    return sum > 0 ? Math.max(0, (salient * size) / sum - 1) : 0;
  }

  /** The phase stays; the amplitude becomes what its logarithm has above that of the lines up to its own. */
  #keepResidual(): void {
    for (let line = 0; line < this.#logs.length; line++) {
      this.#logs[line] = Math.log(Math.hypot(this.#real[line], this.#imaginary[line]) + 1e-8);
    }
    for (let line = 0; line < this.#logs.length; line++) {
      const from = Math.max(0, line - SMOOTHED_LINES + 1);
      let smooth = 0;
      for (let other = from; other <= line; other++) smooth += this.#logs[other] / (line - from + 1);
      const amplitude = Math.exp(this.#logs[line]);
      const factor = Math.exp(this.#logs[line] - smooth) / amplitude;
      this.#real[line] *= factor;
      this.#imaginary[line] *= factor;
    }
  }
}

/**
 * The mean slope to the last value but one from the five before it, carried on (Ren et al. 2019, equations 8 and 9). The newest
 * has no part in it, as in the authors' program, or a spike would be carried on and hide itself.
 */
function carriedOn(window: Float64Array): number {
  const last = window.length - 2;
  let slope = 0;
  for (let back = 1; back <= 5; back++) slope += (window[last] - window[last - back]) / back / 5;
  return window[last - 4] + slope * 5;
}
