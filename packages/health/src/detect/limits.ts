/** One signal at a time against its own normal level: at once (limits), smoothed (EWMA), or summed up (CUSUM). */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type DetectorDocument, type DetectorStream, type LearnedDetector, scoreThroughStream } from './detector.ts';
import { medianScaling, type Scaling } from './scaling.ts';
import { type SignalTable, usableRows } from './signalTable.ts';

/**
 * `shewhart`: the distance from the centre. `ewma`: of the running mean with this weight of the newest value (Roberts 1959).
 * `cusum`: the larger of the two sums of what goes beyond half of the shift looked for (Page 1954), a fast answer to small
 * lasting shifts. All in robust deviations of the signal.
 */
export type LimitChart =
  | { readonly form: 'shewhart' }
  | { readonly form: 'ewma'; readonly newest: number }
  | { readonly form: 'cusum'; readonly shift: number };

/** The score is that of the signal that is furthest out. */
export class LimitDetector implements LearnedDetector {
  readonly names: readonly string[];
  readonly scaling: Scaling;
  readonly chart: LimitChart;

  constructor(names: readonly string[], scaling: Scaling, chart: LimitChart) {
    this.names = names;
    this.scaling = scaling;
    this.chart = chart;
  }

  score(columns: readonly Float64Array[]): Float64Array {
    return scoreThroughStream(this, columns);
  }

  stream(): DetectorStream {
    return new LimitStream(this);
  }

  toJson(): DetectorDocument {
    const { centre, spread } = this.scaling;
    return { kind: 'limits', names: [...this.names], centre: [...centre], spread: [...spread], chart: this.chart };
  }
}

/** Median and median distance of each signal, which stray values in the normal data do not move. */
export function learnLimits(table: SignalTable, chart: LimitChart): Result<LimitDetector> {
  if (chart.form === 'ewma' && !(chart.newest > 0 && chart.newest <= 1)) {
    return failure('health.bad-data', `A weight of the newest value of ${chart.newest} is not above 0 and up to 1.`);
  }
  if (chart.form === 'cusum' && !(chart.shift > 0)) {
    return failure('health.bad-data', `A shift of ${chart.shift} deviations cannot be looked for.`);
  }
  const rows = usableRows(table);
  return rows.ok ? success(new LimitDetector(table.names, medianScaling(rows.value), chart)) : rows;
}

class LimitStream implements DetectorStream {
  readonly #detector: LimitDetector;
  readonly #upper: Float64Array;
  readonly #lower: Float64Array;
  readonly #distances: Float64Array;

  constructor(detector: LimitDetector) {
    const width = detector.names.length;
    this.#detector = detector;
    this.#upper = new Float64Array(width);
    this.#lower = new Float64Array(width);
    this.#distances = new Float64Array(width);
  }

  /** A row that misses a value has no score, though the other signals' sums go on. */
  push(row: Float64Array): number {
    const { scaling } = this.#detector;
    let furthest = 0;
    let missing = false;
    for (let i = 0; i < row.length; i++) {
      if (!Number.isFinite(row[i])) {
        missing = true;
        continue;
      }
      const distance = this.#distance(i, (row[i] - scaling.centre[i]) / scaling.spread[i]);
      this.#distances[i] = distance;
      if (distance > furthest) furthest = distance;
    }
    if (missing) this.#distances.fill(0);
    return missing ? Number.NaN : furthest;
  }

  #distance(i: number, scaled: number): number {
    const { chart } = this.#detector;
    if (chart.form === 'shewhart') return Math.abs(scaled);
    if (chart.form === 'ewma') {
      this.#upper[i] += chart.newest * (scaled - this.#upper[i]);
      return Math.abs(this.#upper[i]);
    }
    this.#upper[i] = Math.max(0, this.#upper[i] + scaled - chart.shift / 2);
    this.#lower[i] = Math.max(0, this.#lower[i] - scaled - chart.shift / 2);
    return Math.max(this.#upper[i], this.#lower[i]);
  }

  contributions(): Float64Array {
    return this.#distances;
  }

  memory(): readonly Float64Array[] {
    return [this.#upper, this.#lower];
  }
}
