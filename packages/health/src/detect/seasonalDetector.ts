/** Judges a signal by what is normal at the time of the day, of a workday or a weekend, or of any other period. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type DetectorDocument, type DetectorStream, type LearnedDetector, scoreThroughStream } from './detector.ts';
import { sortedMedian } from './scaling.ts';
import { DAY, type Season, slotAt, slotCount } from './season.ts';
import { SeasonalValues } from './seasonalValues.ts';
import { type SignalTable, type UsableRows, usableRows } from './signalTable.ts';

export interface SeasonalOptions {
  /** The column that says when: µs since 1970 UTC, or a count of rows where the period is one of rows. It is not judged. */
  readonly clock: string;
  readonly season: Season;
}

/** Rows of a period that has not been seen twice say nothing about a season. */
const FEWEST_PERIODS = 2;

/**
 * The score is the distance from what is usual at the time, in robust deviations, of the signal that is furthest out; NaN where
 * the normal data have no such time, a weekend for one.
 */
export class SeasonalDetector implements LearnedDetector {
  readonly names: readonly string[];
  readonly clock: number;
  readonly season: Season;
  /** `usual[slot * width + i]`; NaN for the clock itself, and for a slot that was not seen. */
  readonly usual: Float64Array;
  /** Above 0. */
  readonly spread: Float64Array;

  constructor(names: readonly string[], clock: number, season: Season, usual: Float64Array, spread: Float64Array) {
    this.names = names;
    this.clock = clock;
    this.season = season;
    this.usual = usual;
    this.spread = spread;
  }

  score(columns: readonly Float64Array[]): Float64Array {
    return scoreThroughStream(this, columns);
  }

  stream(): DetectorStream {
    return new SeasonalStream(this);
  }

  toJson(): DetectorDocument {
    const usual = Array.from(this.usual, (value) => (Number.isNaN(value) ? null : value));
    const { names, clock, season, spread } = this;
    return { kind: 'seasonal', names: [...names], clock, season, usual, spread: [...spread] };
  }
}

/** Medians of each part of the period and the parts beside it, so that a stray day in the normal data moves nothing. */
export function learnSeasonal(table: SignalTable, given: Partial<SeasonalOptions> = {}): Result<SeasonalDetector> {
  const { clock, season } = { clock: 'time', season: DAY, ...given };
  const rows = usableRows(table);
  if (!rows.ok) return rows;
  const clockColumn = table.names.indexOf(clock);
  if (clockColumn < 0) return failure('health.bad-data', `No column is named '${clock}', which is to say the time.`);
  if (rows.value.width < 2) return failure('health.too-little', `There is no signal beside '${clock}'.`);
  if (!(season.period > 0)) return failure('health.bad-data', `A period of ${season.period} does not come round.`);
  const { values, width, count } = rows.value;
  const span = Math.abs(values[(count - 1) * width + clockColumn] - values[clockColumn]);
  if (span < FEWEST_PERIODS * season.period * (1 - 1 / count)) {
    return failure(
      'health.too-little',
      `The rows span ${(span / season.period).toFixed(1)} periods of the season; ${FEWEST_PERIODS} are needed.`,
    );
  }
  const slots = Int32Array.from({ length: count }, (_, row) => slotAt(season, values[row * width + clockColumn]));
  const usual = usualOf(rows.value, slots, season);
  for (let at = clockColumn; at < usual.length; at += width) usual[at] = Number.NaN;
  const spread = spreadAbout(usual, rows.value, slots);
  return success(new SeasonalDetector(table.names, clockColumn, season, usual, spread));
}

function usualOf({ values, width, count }: UsableRows, slots: Int32Array, season: Season): Float64Array {
  const usual = new Float64Array(slotCount(season) * width);
  for (let i = 0; i < width; i++) {
    const seasonal = new SeasonalValues(season);
    for (let row = 0; row < count; row++) seasonal.push(slots[row], values[row * width + i]);
    for (let slot = 0; slot < slotCount(season); slot++) usual[slot * width + i] = seasonal.usual(slot);
  }
  return usual;
}

/** 1.4826 times the median distance; the mean distance where that is 0, and 1 for the clock and what never leaves its course. */
function spreadAbout(usual: Float64Array, { values, width, count }: UsableRows, slots: Int32Array): Float64Array {
  const spread = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    const distances = Float64Array.from({ length: count }, (_, row) =>
      Math.abs(values[row * width + i] - usual[slots[row] * width + i]),
    ).filter(Number.isFinite);
    const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
    spread[i] = (distances.length > 0 && (1.4826 * sortedMedian(distances.sort()) || mean)) || 1;
  }
  return spread;
}

class SeasonalStream implements DetectorStream {
  readonly #detector: SeasonalDetector;
  readonly #distances: Float64Array;

  constructor(detector: SeasonalDetector) {
    this.#detector = detector;
    this.#distances = new Float64Array(detector.names.length);
  }

  push(row: Float64Array): number {
    const { clock, season, usual, spread } = this.#detector;
    const width = row.length;
    this.#distances.fill(0);
    if (!Number.isFinite(row[clock])) return Number.NaN;
    const start = slotAt(season, row[clock]) * width;
    let most = 0;
    for (let i = 0; i < width; i++) {
      if (i === clock) continue;
      const distance = Math.abs(row[i] - usual[start + i]) / spread[i];
      if (!Number.isFinite(distance)) {
        this.#distances.fill(0);
        return Number.NaN;
      }
      this.#distances[i] = distance;
      if (distance > most) most = distance;
    }
    return most;
  }

  contributions(): Float64Array {
    return this.#distances;
  }

  /** No row is remembered. */
  memory(): readonly Float64Array[] {
    return [];
  }
}
