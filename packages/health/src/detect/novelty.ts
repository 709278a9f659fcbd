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
/** The value itself, and the course of the last four. */
const LENGTHS = [1, 4];
/** Weight of the newest distance in the score: what is novel for a moment counts, what stays novel counts more. */
const NEWEST = 0.2;
/** A jump after a constant past is no more than this many times a rare distance, or the score would never come down. */
const MOST_RARE = 4;

/**
 * The distance of the newest stretch of a signal to the nearest earlier one (left discord; Yeh et al. 2016, without
 * normalising, as the level matters) is taken over the distance that one in a hundred had before; the largest of all lengths
 * counts, and the score is its running mean. It goes on learning, so what has happened once is no news.
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
  readonly #lengths = LENGTHS.map((length) => new NoveltyOfStretch(length));
  #mean = 0;

  /** NaN for a value that is missing, which is left out of the past, and while there is too little of a past. */
  push(value: number): number {
    if (!Number.isFinite(value)) return Number.NaN;
    let most = Number.NaN;
    for (const length of this.#lengths) {
      const score = length.push(value);
      if (Number.isNaN(most) || score > most) most = score;
    }
    if (Number.isNaN(most)) return most;
    this.#mean += NEWEST * (Math.min(most, MOST_RARE) - this.#mean);
    return this.#mean;
  }
}

class NoveltyOfStretch {
  readonly #length: number;
  /** Values in the order of time, moved down once in a while. */
  readonly #values = new Float64Array(2 * PAST_ROWS);
  readonly #distances = new SlidingQuantile(PAST_ROWS, RARE);
  #count = 0;

  constructor(length: number) {
    this.#length = length;
  }

  push(value: number): number {
    if (this.#count === this.#values.length) {
      this.#values.copyWithin(0, PAST_ROWS);
      this.#count = PAST_ROWS;
    }
    this.#values[this.#count++] = value;
    if (this.#count < 3 * this.#length) return Number.NaN;
    const distance = this.#toNearest();
    const rare = this.#distances.count < FEWEST_DISTANCES ? Number.NaN : this.#distances.value();
    this.#distances.push(distance);
    return Number.isNaN(rare) ? rare : distance / (rare + 1e-9);
  }

  /** Stretches that overlap the newest one are no past. */
  #toNearest(): number {
    const length = this.#length;
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
