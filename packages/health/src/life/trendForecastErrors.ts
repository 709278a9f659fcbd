/** How far forecasts of a series would have been off in its own past. */

import { type TrendHistory, trendLine } from './trendForecastLine.ts';

/** One row for each forecast that was possible. */
export interface PastErrors {
  /** What came, less what was forecast. */
  readonly error: Float64Array;
  /** How far ahead, in time, and as a share of the past that was known then. */
  readonly reach: Float64Array;
  readonly share: Float64Array;
  /** Halves for every three tenths of the history that a forecast is older. */
  readonly weight: Float64Array;
}

const FIRST_SHARE = 0.15;
const FEWEST_KNOWN = 8;
const ORIGINS = 24;
/** Each forecast looks this much further ahead than the one before. */
const FURTHER = 1.35;
const HALF_LIFE_SHARE = 0.3;

/** Forecasts from some two dozen points of a history, each over all that came after it. */
export function pastErrors(history: TrendHistory): PastErrors {
  const { times, values } = history;
  const count = times.length;
  const span = times[count - 1] - times[0];
  const rows: (readonly [error: number, reach: number, share: number, weight: number])[] = [];
  const first = Math.max(FEWEST_KNOWN, Math.round(count * FIRST_SHARE));
  const step = Math.max(1, Math.round((count - first) / ORIGINS));
  for (let known = first; known < count; known += step) {
    const { level, perTime } = trendLine(history, known);
    const now = times[known - 1];
    const weight = 0.5 ** ((times[count - 1] - now) / (HALF_LIFE_SHARE * span));
    for (let ahead = 1; known - 1 + ahead < count; ahead = Math.ceil(ahead * FURTHER)) {
      const at = known - 1 + ahead;
      const reach = times[at] - now;
      rows.push([values[at] - (level + perTime * reach), reach, reach / (now - times[0]), weight]);
    }
  }
  const column = (i: number) => Float64Array.from(rows, (row) => row[i]);
  return { error: column(0), reach: column(1), share: column(2), weight: column(3) };
}
