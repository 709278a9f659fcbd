/** Learns the course of a day that a feature has by itself, where that holds on days that were left out. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { type FeatureSeason, placeInSeason, seasonAt } from './featureSeason.ts';

/** Every day alike; workdays and a weekend; workdays and Sunday; each day by itself. From Sunday on, the plainest first. */
const WEEKS: readonly (readonly number[])[] = [
  [0, 0, 0, 0, 0, 0, 0],
  [1, 0, 0, 0, 0, 0, 1],
  [0, 0, 0, 0, 0, 1, 1],
  [1, 0, 0, 0, 0, 0, 0],
  [0, 1, 2, 3, 4, 5, 6],
];
const BLOCKS = 3;
/** Of the variance within each block that was left out, so much may be left by a season that is one. */
const CLEAR = 0.5;
/** A week must leave so much less than days that are all alike. */
const WORTH_IT = 0.8;
/** What leaves less has nothing of its own, and would be judged by what is lost in rounding. */
const LEAST_LEFT = 1e-9;
/** Half an hour: the edges of a shift are as sharp as that. */
const MOST_PARTS = 48;
const DAYS_OF_BLOCK = 2;
const WEEK_DAYS = 7;

/**
 * `times` are in the middle of the intervals (µs since 1970 UTC), ascending; every value is finite. `undefined` where there is no
 * season, or too little time to tell: three times two days, or three weeks for one that has a weekend.
 */
export function learnSeason(times: Float64Array, values: Float64Array, intervalUs: number): FeatureSeason | undefined {
  const parts = Math.max(1, Math.min(MOST_PARTS, Math.floor(US_PER_DAY / intervalUs)));
  const spanUs = times[times.length - 1] - times[0];
  let best: Omit<FeatureSeason, 'usual'> | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const courseOfDay of WEEKS) {
    const isWeek = new Set(courseOfDay).size > 1;
    if ((parts === 1 && !isWeek) || spanUs < BLOCKS * (isWeek ? WEEK_DAYS : DAYS_OF_BLOCK) * US_PER_DAY) continue;
    const left = leftOver(times, values, { courseOfDay, parts });
    if (!(left < least * (best ? WORTH_IT : 1))) continue;
    best = { courseOfDay, parts };
    least = left;
  }
  return best && fit(times, values, best, () => true);
}

/**
 * The share of the variance that is left of blocks by what was learned of the others; infinite where a block keeps more than is
 * clear, or a day of the week was not seen.
 */
function leftOver(times: Float64Array, values: Float64Array, shape: Omit<FeatureSeason, 'usual'>): number {
  const blockUs = (times[times.length - 1] - times[0] + 1) / BLOCKS;
  const blockOf = (row: number) => Math.floor((times[row] - times[0]) / blockUs);
  let sum = 0;
  for (let block = 0; block < BLOCKS; block++) {
    const season = fit(times, values, shape, (row) => blockOf(row) !== block);
    if (!season) return Number.POSITIVE_INFINITY;
    const from = times.findIndex((_, row) => blockOf(row) === block);
    const to = times.findLastIndex((_, row) => blockOf(row) === block) + 1;
    const own = values.subarray(from, to);
    const without = own.map((value, at) => value - seasonAt(season, times[from + at]));
    const share = variance(without) / variance(own);
    if (!(share <= CLEAR && share > LEAST_LEFT)) return Number.POSITIVE_INFINITY;
    sum += share / BLOCKS;
  }
  return sum;
}

/** Means of the rows that count in each part, about the mean of all; `undefined` where one of the courses has none. */
function fit(
  times: Float64Array,
  values: Float64Array,
  shape: Omit<FeatureSeason, 'usual'>,
  counts: (row: number) => boolean,
): FeatureSeason | undefined {
  const size = (Math.max(...shape.courseOfDay) + 1) * shape.parts;
  const sums = new Float64Array(size);
  const rows = new Float64Array(size);
  let [mean, count] = [0, 0];
  for (let row = 0; row < times.length; row++) {
    if (!counts(row)) continue;
    const place = placeInSeason(shape, Math.floor((times[row] / US_PER_DAY) * shape.parts));
    sums[place] += values[row];
    rows[place]++;
    count++;
    mean += (values[row] - mean) / count;
  }
  const usual = sums.map((sum, place) => sum / rows[place] - mean);
  for (let from = 0; from < size; from += shape.parts) {
    if (!fillUnseen(usual.subarray(from, from + shape.parts))) return undefined;
  }
  return { ...shape, usual };
}

/** Parts of a day without a row are as the last one before them that has some. */
function fillUnseen(course: Float64Array): boolean {
  let last = course.findLast(Number.isFinite);
  if (last === undefined) return false;
  for (let part = 0; part < course.length; part++) {
    if (Number.isFinite(course[part])) last = course[part];
    else course[part] = last;
  }
  return true;
}

function variance(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
