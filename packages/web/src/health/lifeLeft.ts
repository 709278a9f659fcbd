/** What is left of equipment, as text and as a bar from one day to ten years. */

import type { HealthLife } from '@tidegate/platform/northbound/contract/healthParts.ts';

const DAYS_PER_YEAR = 365.25;
const MOST_DAYS = 10 * DAYS_PER_YEAR;
const LEAST_DAYS = 1;

/** `30 h`, `62 d`, `2.1 years`, `over 10 years`: as it is planned with. */
export function formatDays(days: number): string {
  if (!(days <= MOST_DAYS)) return 'over 10 years';
  if (days < 2) return `${Math.round(Math.max(0, days) * 24)} h`;
  if (days >= 2 * DAYS_PER_YEAR) return `${(days / DAYS_PER_YEAR).toFixed(1)} years`;
  return `${Math.round(days)} d`;
}

const ofNone = (days: number | null) => days ?? Number.POSITIVE_INFINITY;

/**
 * `62 d (39 d to 110 d)`: the median, and from 95 % to 5 % of such equipment; `no end in sight`. What is at the horizon (days)
 * is over it: nothing is said of what lies beyond.
 */
export function lifeText(
  { medianDays, lowDays, highDays }: HealthLife,
  horizonDays = Number.POSITIVE_INFINITY,
): string {
  const isBeyond = (days: number) => days >= horizonDays && Number.isFinite(horizonDays);
  const textOf = (days: number) => (isBeyond(days) ? `over ${formatDays(horizonDays)}` : formatDays(days));
  if (lowDays === null) return 'no end in sight';
  if (highDays === 0) return 'nothing: it is at its end';
  if (isBeyond(lowDays)) return textOf(lowDays);
  if (medianDays === null) return `over ${formatDays(lowDays)}`;
  return `${textOf(medianDays)} (${textOf(lowDays)} to ${textOf(ofNone(highDays))})`;
}

/** Places on a bar, from 0 to 1. */
export interface LifeBar {
  readonly low: number;
  readonly high: number;
  /** `undefined` where half of such equipment lasts longer than anybody plans. */
  readonly median: number | undefined;
}

/** A day less counts the more, the fewer are left: the scale is that of factors. `undefined` where no end is in sight. */
export function lifeBar({ medianDays, lowDays, highDays }: HealthLife): LifeBar | undefined {
  if (lowDays === null) return undefined;
  return {
    low: placeOf(lowDays),
    high: placeOf(ofNone(highDays)),
    median: medianDays === null ? undefined : placeOf(medianDays),
  };
}

/** Lines under the bar. */
export const LIFE_MARKS = [7, 30, DAYS_PER_YEAR].map((days) => placeOf(days));

function placeOf(days: number): number {
  const within = Math.min(MOST_DAYS, Math.max(LEAST_DAYS, days));
  return Math.log(within / LEAST_DAYS) / Math.log(MOST_DAYS / LEAST_DAYS);
}

/** As of `nowUs`, of what was left at `atUs`; no less than nothing. */
export function lifeFrom(life: HealthLife, atUs: number, nowUs: number): HealthLife {
  const gone = Math.max(0, nowUs - atUs) / 86_400e6;
  const left = (days: number | null) => (days === null ? null : Math.max(0, days - gone));
  return { medianDays: left(life.medianDays), lowDays: left(life.lowDays), highDays: left(life.highDays) };
}
