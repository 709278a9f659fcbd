/** Judges each signal by its normal past alone: how unlike anything seen then the last value and the course of the last few are. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { type DetectorDocument, type DetectorStream, type LearnedDetector, scoreThroughStream } from './detector.ts';
import { COURSE_LENGTHS, PAST_ROWS } from './noveltyOfSignal.ts';
import { medianScaling } from './scaling.ts';
import { type SignalTable, usableRows } from './signalTable.ts';

const FEWEST_ROWS = 50;
const COURSE = Math.max(...COURSE_LENGTHS);
/** A distance that one in a hundred normal ones is above is rare. */
const RARE = 0.99;

/** The score is the distance to the nearest normal course over one that is rare, of the signal that is furthest from its past. */
export class Novelty implements LearnedDetector {
  readonly names: readonly string[];
  /** By signal, in the order of time; NaN between rows that are no neighbours. */
  readonly past: readonly Float64Array[];
  /** `rare[signal * lengths + length]`, above 0. */
  readonly rare: Float64Array;

  constructor(names: readonly string[], past: readonly Float64Array[], rare: Float64Array) {
    this.names = names;
    this.past = past;
    this.rare = rare;
  }

  score(columns: readonly Float64Array[]): Float64Array {
    return scoreThroughStream(this, columns);
  }

  stream(): DetectorStream {
    return new NoveltyStream(this);
  }

  toJson(): DetectorDocument {
    const past = this.past.map((column) => Array.from(column, (value) => (Number.isNaN(value) ? null : value)));
    return { kind: 'normal-courses', names: [...this.names], past, rare: [...this.rare] };
  }
}

/** Left discords (Yeh et al. 2016), not normalised, as the level matters. Needs at least 50 rows with all values. */
export function learnNovelty(table: SignalTable): Result<Novelty> {
  const rows = usableRows(table, FEWEST_ROWS);
  if (!rows.ok) return rows;
  const { spread } = medianScaling(rows.value);
  const past = joinedPast(table);
  const rare = new Float64Array(past.length * COURSE_LENGTHS.length);
  for (const [i, column] of past.entries()) {
    for (const [at, length] of COURSE_LENGTHS.entries()) {
      rare[i * COURSE_LENGTHS.length + at] = rareDistance(column, length) || spread[i];
    }
  }
  return success(new Novelty(table.names, past, rare));
}

/** The last rows with all values, and one of NaN for each gap between them. */
function joinedPast({ columns }: SignalTable): readonly Float64Array[] {
  const places: number[] = [];
  let count = 0;
  for (let row = columns[0].length - 1; row >= 0 && count < PAST_ROWS; row--) {
    const isWhole = columns.every((column) => Number.isFinite(column[row]));
    if (isWhole) count++;
    if (isWhole) places.push(row);
    else if (places.length > 0 && places[places.length - 1] >= 0) places.push(-1);
  }
  places.reverse();
  return columns.map((column) => Float64Array.from(places, (row) => (row < 0 ? Number.NaN : column[row])));
}

/** Of the distances from each course of the past to the nearest one that does not overlap it; 0 where rare ones are. */
function rareDistance(past: Float64Array, length: number): number {
  const distances: number[] = [];
  for (let end = length - 1; end < past.length; end++) {
    const course = past.subarray(end - length + 1, end + 1);
    const distance = Math.min(
      toNearest(past, 0, end - length + 1, course, length),
      toNearest(past, end + 1, past.length, course, length),
    );
    if (Number.isFinite(distance)) distances.push(distance);
  }
  const sorted = Float64Array.from(distances).sort();
  return sorted[Math.floor(sorted.length * RARE)] ?? 0;
}

/** Root mean square to the nearest course within `from` to `to` (exclusive); infinite where there is none. A gap is near to nothing. */
function toNearest(past: Float64Array, from: number, to: number, course: Float64Array, length: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let end = from + length - 1; end < to; end++) {
    let square = 0;
    for (let back = 0; back < length && square < least; back++) {
      square += (course[course.length - 1 - back] - past[end - back]) ** 2;
    }
    if (square < least) least = square;
  }
  return Math.sqrt(least / length);
}

class NoveltyStream implements DetectorStream {
  readonly #detector: Novelty;
  readonly #courses: readonly Float64Array[];
  readonly #rowsInLine = new Float64Array(1);
  readonly #scores: Float64Array;

  constructor(detector: Novelty) {
    this.#detector = detector;
    this.#courses = detector.names.map(() => new Float64Array(COURSE));
    this.#scores = new Float64Array(detector.names.length);
  }

  /** A missing value begins the course anew, and the value alone is judged until it is there again. */
  push(row: Float64Array): number {
    this.#scores.fill(0);
    for (let i = 0; i < row.length; i++) {
      if (!Number.isFinite(row[i])) {
        this.#rowsInLine[0] = 0;
        return Number.NaN;
      }
    }
    this.#rowsInLine[0] = Math.min(this.#rowsInLine[0] + 1, COURSE);
    let most = 0;
    for (let i = 0; i < row.length; i++) {
      const course = this.#courses[i];
      course.copyWithin(0, 1);
      course[COURSE - 1] = row[i];
      this.#scores[i] = this.#scoreOf(i);
      if (this.#scores[i] > most) most = this.#scores[i];
    }
    return most;
  }

  /** Where the past has no course as long, the value alone is judged. */
  #scoreOf(signal: number): number {
    const { past, rare } = this.#detector;
    let most = 0;
    for (let at = 0; at < COURSE_LENGTHS.length; at++) {
      const length = COURSE_LENGTHS[at];
      if (length > this.#rowsInLine[0]) continue;
      const distance = toNearest(past[signal], 0, past[signal].length, this.#courses[signal], length);
      if (length > 1 && !Number.isFinite(distance)) continue;
      const score = Math.min(distance / rare[signal * COURSE_LENGTHS.length + at], Number.MAX_VALUE);
      if (score > most) most = score;
    }
    return most;
  }

  contributions(): Float64Array {
    return this.#scores;
  }

  memory(): readonly Float64Array[] {
    return [...this.#courses, this.#rowsInLine];
  }
}
