/** Scores a row by the squared length of what a linear map leaves of it: T2, SPE and their sum are all of this form. */

import { type DetectorDocument, type DetectorStream, type LearnedDetector, scoreThroughStream } from './detector.ts';
import type { Scaling } from './scaling.ts';

/** How rows are put together before they are judged. */
export interface RowMemory {
  /** How many rows before the present one are judged with it, 0 or more (dynamic PCA). */
  readonly lags: number;
  /** Weight of the newest row in the running mean that is judged, above 0; 1 is the row alone (MEWMA). */
  readonly newest: number;
}

/** `map` is square over (lags + 1) x signals, the newest row first; the score is the mean square of what it gives. */
export class QuadraticDetector implements LearnedDetector {
  readonly names: readonly string[];
  readonly scaling: Scaling;
  readonly memory: RowMemory;
  readonly map: Float64Array;

  constructor(names: readonly string[], scaling: Scaling, memory: RowMemory, map: Float64Array) {
    this.names = names;
    this.scaling = scaling;
    this.memory = memory;
    this.map = map;
  }

  score(columns: readonly Float64Array[]): Float64Array {
    return scoreThroughStream(this, columns);
  }

  stream(): DetectorStream {
    return new QuadraticStream(this);
  }

  toJson(): DetectorDocument {
    return {
      kind: 'quadratic',
      names: [...this.names],
      centre: [...this.scaling.centre],
      spread: [...this.scaling.spread],
      memory: this.memory,
      map: [...this.map],
    };
  }
}

class QuadraticStream implements DetectorStream {
  readonly #detector: QuadraticDetector;
  readonly #smooth: Float64Array;
  readonly #lagged: Float64Array;
  readonly #mapped: Float64Array;
  readonly #contributions: Float64Array;
  readonly #rowsInLine = new Float64Array(1);

  constructor(detector: QuadraticDetector) {
    const width = detector.names.length;
    this.#detector = detector;
    this.#smooth = new Float64Array(width);
    this.#lagged = new Float64Array(width * (detector.memory.lags + 1));
    this.#mapped = new Float64Array(this.#lagged.length);
    this.#contributions = new Float64Array(width);
  }

  /** A missing value breaks the line of lagged rows, which has to fill again; the running mean waits. */
  push(row: Float64Array): number {
    const { scaling, memory } = this.#detector;
    const width = row.length;
    this.#mapped.fill(0);
    for (let i = 0; i < width; i++) {
      if (!Number.isFinite(row[i])) {
        this.#rowsInLine[0] = 0;
        return Number.NaN;
      }
    }
    this.#lagged.copyWithin(width, 0, this.#lagged.length - width);
    for (let i = 0; i < width; i++) {
      const scaled = (row[i] - scaling.centre[i]) / scaling.spread[i];
      this.#smooth[i] += memory.newest * (scaled - this.#smooth[i]);
      this.#lagged[i] = this.#smooth[i];
    }
    this.#rowsInLine[0]++;
    return this.#rowsInLine[0] > memory.lags ? this.#meanSquare() : Number.NaN;
  }

  memory(): readonly Float64Array[] {
    return [this.#smooth, this.#lagged, this.#rowsInLine];
  }

  #meanSquare(): number {
    const size = this.#lagged.length;
    const { map } = this.#detector;
    let sum = 0;
    for (let i = 0; i < size; i++) {
      let mapped = 0;
      for (let j = 0; j < size; j++) mapped += map[i * size + j] * this.#lagged[j];
      this.#mapped[i] = mapped;
      sum += mapped * mapped;
    }
    return sum / size;
  }

  /** Complete decomposition (Alcala and Qin 2009, Automatica 45): the squares add up to the score; lags are summed. */
  contributions(): Float64Array {
    const width = this.#contributions.length;
    this.#contributions.fill(0);
    for (let i = 0; i < this.#mapped.length; i++) {
      this.#contributions[i % width] += this.#mapped[i] ** 2 / this.#mapped.length;
    }
    return this.#contributions;
  }
}
