/** What a feature is more or less than its level at each time of a day, and on which days of the week. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';

export interface FeatureSeason {
  /** Of each day of a week from Sunday on, which of the courses it has. */
  readonly courseOfDay: readonly number[];
  /** Of a day, of equal length (UTC). */
  readonly parts: number;
  /** `usual[course * parts + part]`, in the middle of each part, about 0 in the unit of the feature. */
  readonly usual: Float64Array;
}

const WEEKDAYS = 7;
/** Day 0 was a Thursday. */
const FIRST_WEEKDAY = 4;

/** Between the middles of two parts along the line from one to the other. `time` in µs since 1970 UTC. */
export function seasonAt(season: FeatureSeason, time: number): number {
  const place = (time / US_PER_DAY) * season.parts - 0.5;
  const before = Math.floor(place);
  const first = usualIn(season, before);
  return first + (place - before) * (usualIn(season, before + 1) - first);
}

/** `part` is counted from 1970. */
export function placeInSeason({ courseOfDay, parts }: Omit<FeatureSeason, 'usual'>, part: number): number {
  const day = Math.floor(part / parts);
  const weekday = (((day + FIRST_WEEKDAY) % WEEKDAYS) + WEEKDAYS) % WEEKDAYS;
  return courseOfDay[weekday] * parts + (part - day * parts);
}

function usualIn(season: FeatureSeason, part: number): number {
  return season.usual[placeInSeason(season, part)];
}
