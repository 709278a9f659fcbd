/** The robust line that a wearing quantity follows: over all of its past, over half of it, and over the last quarter. */

/** Times ascend, values are finite; no more than is needed. */
export interface TrendHistory {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

export interface TrendLine {
  /** At the last time. */
  readonly level: number;
  readonly perTime: number;
}

const WINDOWS = [1, 0.5, 0.25];
const FEWEST_IN_WINDOW = 8;
/** The level is that of the last tenth, so that a recovery of a few values does not pass for a new level. */
const LEVEL_SHARE = 0.1;
const FEWEST_IN_LEVEL = 5;
/** More points say no more of a line, and their pairs are many. */
const MOST_POINTS = 60;
/** A stretch of values that is so many robust deviations away from all around it, and came back, was no wear. */
const STRAY = 6;
const STRAY_REACH = 15;

/** The mean of the medians of slopes of all pairs (Theil 1950, Sen 1968) over each window of the first `count` points. */
export function trendLine({ times, values }: TrendHistory, count: number): TrendLine {
  let perTime = 0;
  for (const share of WINDOWS) {
    const from = count - Math.min(count, Math.max(FEWEST_IN_WINDOW, Math.round(count * share)));
    perTime += medianSlope(times.subarray(from, count), values.subarray(from, count)) / WINDOWS.length;
  }
  const from = count - Math.min(count, Math.max(FEWEST_IN_LEVEL, Math.round(count * LEVEL_SHARE)));
  const levels = Float64Array.from({ length: count - from }, (_, i) => {
    return values[from + i] - perTime * (times[from + i] - times[count - 1]);
  });
  return { level: median(levels), perTime };
}

/** Without missing and stray values, and in medians of so many that some sixty are left. */
export function soundHistory(times: Float64Array, values: Float64Array): TrendHistory {
  const finite = Int32Array.from(values, (_, row) => row).filter((row) => Number.isFinite(values[row]));
  const known = Float64Array.from(finite, (row) => values[row]);
  const rows = finite.filter((_, at) => !isStray(known, at));
  const each = Math.ceil(rows.length / MOST_POINTS);
  const count = each === 0 ? 0 : Math.floor(rows.length / each);
  // The oldest values are left over where they do not make a whole group.
  const first = rows.length - count * each;
  const grouped = (of: Float64Array) =>
    Float64Array.from({ length: count }, (_, group) => {
      const begin = first + group * each;
      return median(Float64Array.from(rows.subarray(begin, begin + each), (row) => of[row]));
    });
  return { times: grouped(times), values: grouped(values) };
}

/** Never of the newest values, of which nobody knows whether they will come back. */
function isStray(values: Float64Array, at: number): boolean {
  if (at + STRAY_REACH >= values.length) return false;
  const around = values.slice(Math.max(0, at - STRAY_REACH), at + STRAY_REACH + 1);
  const middle = median(around);
  const spread = median(around.map((value) => Math.abs(value - middle)));
  return spread > 0 && Math.abs(values[at] - middle) > STRAY * 1.4826 * spread;
}

function medianSlope(times: Float64Array, values: Float64Array): number {
  const slopes = new Float64Array((times.length * (times.length - 1)) / 2);
  let at = 0;
  for (let i = 0; i < times.length; i++) {
    for (let j = i + 1; j < times.length; j++) slopes[at++] = (values[j] - values[i]) / (times[j] - times[i]);
  }
  return median(slopes);
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
