/** Judges one signal by its own past alone: how unlike anything seen before the last value and the last stretches are. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type DetectorDocument, type DetectorStream, type LearnedDetector, scoreThroughStream } from './detector.ts';
import { type SignalTable, usableRows } from './signalTable.ts';
import { SlidingQuantile } from './slidingQuantile.ts';

/** Rows of the past that are compared with; older ones are forgotten. */
const PAST_ROWS = 3000;
/** Distances before there is a score. */
const FEWEST_DISTANCES = 50;
const RARE = 0.99;
/** The value itself, the shape of the last four values, and the level over the last 24. */
const SCALES: readonly Scale[] = [
  { values: 1, mean: 1 },
  { values: 4, mean: 1 },
  { values: 1, mean: 24 },
];

interface Scale {
  readonly values: number;
  /** Rows whose mean is compared rather than their values. */
  readonly mean: number;
}

/**
 * The score of a signal is the distance of its newest stretch to the nearest earlier one (left discord; Yeh et al. 2016,
 * without normalising, as the level matters), over the distance that one in a hundred had before; 1 is rare. The largest of
 * all scales and signals counts. It goes on learning, so what has happened once is no news.
 */
export class Novelty implements LearnedDetector {
  readonly names: readonly string[];
  readonly past: readonly Float64Array[];

  constructor(names: readonly string[], past: readonly Float64Array[]) {
    this.names = names;
    this.past = past;
  }

  score(columns: readonly Float64Array[]): Float64Array {
    return scoreThroughStream(this, columns);
  }

  stream(): DetectorStream {
    return new NoveltyStreams(this);
  }

  toJson(): DetectorDocument {
    return { kind: 'novelty', names: [...this.names], past: this.past.map((column) => [...column]) };
  }
}

/** Keeps the last usable values of each signal as its past. */
export function learnNovelty(table: SignalTable): Result<Novelty> {
  const rows = usableRows(table);
  if (!rows.ok) return rows;
  if (rows.value.count < FEWEST_DISTANCES) {
    return failure('health.too-little', `${rows.value.count} rows have all values; ${FEWEST_DISTANCES} are needed.`);
  }
  const past = table.columns.map((column) => column.filter(Number.isFinite).slice(-PAST_ROWS));
  return success(new Novelty(table.names, past));
}

class NoveltyStreams implements DetectorStream {
  readonly #signals: readonly NoveltyOfSignal[];
  readonly #scores: Float64Array;

  constructor({ names, past }: Novelty) {
    this.#signals = names.map(() => new NoveltyOfSignal());
    this.#scores = new Float64Array(names.length);
    for (const [i, column] of past.entries()) for (const value of column) this.#signals[i].push(value);
  }

  push(row: Float64Array): number {
    let most = 0;
    let missing = false;
    for (let i = 0; i < row.length; i++) {
      this.#scores[i] = this.#signals[i].push(row[i]);
      if (Number.isNaN(this.#scores[i])) missing = true;
      if (this.#scores[i] > most) most = this.#scores[i];
    }
    if (missing) this.#scores.fill(0);
    return missing ? Number.NaN : most;
  }

  contributions(): Float64Array {
    return this.#scores;
  }
}

/** One signal from its first value on, without anything learnt before; memory is bounded. */
export class NoveltyOfSignal {
  readonly #scales = SCALES.map((scale) => new NoveltyAtScale(scale));

  /** NaN for a value that is missing, which is left out of the past, and while there is too little of a past. */
  push(value: number): number {
    if (!Number.isFinite(value)) return Number.NaN;
    let most = Number.NaN;
    for (const scale of this.#scales) {
      const score = scale.push(value);
      if (Number.isNaN(most) || score > most) most = score;
    }
    return most;
  }
}

class NoveltyAtScale {
  readonly #scale: Scale;
  /** Values in the order of time, moved down once in a while. */
  readonly #values = new Float64Array(2 * PAST_ROWS);
  readonly #recent: Float64Array;
  readonly #distances = new SlidingQuantile(PAST_ROWS, RARE);
  #recentCount = 0;
  #count = 0;

  constructor(scale: Scale) {
    this.#scale = scale;
    this.#recent = new Float64Array(scale.mean);
  }

  push(value: number): number {
    this.#recent[this.#recentCount++ % this.#scale.mean] = value;
    if (this.#recentCount < this.#scale.mean) return Number.NaN;
    if (this.#count === this.#values.length) {
      this.#values.copyWithin(0, PAST_ROWS);
      this.#count = PAST_ROWS;
    }
    let sum = 0;
    for (let i = 0; i < this.#recent.length; i++) sum += this.#recent[i];
    this.#values[this.#count++] = sum / this.#recent.length;
    if (this.#count < 3 * this.#scale.values) return Number.NaN;
    const distance = this.#toNearest();
    const rare = this.#distances.count < FEWEST_DISTANCES ? Number.NaN : this.#distances.value();
    this.#distances.push(distance);
    return Number.isNaN(rare) ? rare : distance / (rare + 1e-9);
  }

  /** Stretches that overlap the newest one are no past. */
  #toNearest(): number {
    const length = this.#scale.values;
    const newest = this.#count - 1;
    const oldest = Math.max(length - 1, newest - PAST_ROWS);
    let least = Number.POSITIVE_INFINITY;
    for (let end = newest - length; end >= oldest; end--) {
      let square = 0;
      for (let back = 0; back < length && square < least; back++) {
        square += (this.#values[newest - back] - this.#values[end - back]) ** 2;
      }
      if (square < least) least = square;
    }
    return Math.sqrt(least / length);
  }
}
