/** A time that is left, as a person plans with it. */

import type { LifeLeft } from '@tidegate/health/profile/assessment.ts';

const DAYS_PER_YEAR = 365.25;
/** Beyond this nobody plans, and no trend reaches. */
const MOST_DAYS = 10 * DAYS_PER_YEAR;

/** "62 days", "30 hours", "2.1 years", "more than 10 years". */
export function daysWords(days: number): string {
  const [amount, unit] = scaled(days);
  if (amount === 'more than 10') return 'more than 10 years';
  return `${amount} ${amount === '1' ? unit.slice(0, -1) : unit}`;
}

/** "most likely 62 days (39 to 110)". */
export function lifeWords({ medianDays, lowDays, highDays }: LifeLeft): string {
  if (!Number.isFinite(medianDays)) return `more than ${daysWords(lowDays).replace('more than ', '')}`;
  const [low, high] = [lowDays, highDays].map(scaled);
  const [, unit] = scaled(medianDays);
  const sameUnit = low[1] === unit && high[1] === unit;
  const range = sameUnit ? `${low[0]} to ${high[0]}` : `${daysWords(lowDays)} to ${daysWords(highDays)}`;
  return `most likely ${daysWords(medianDays)} (${range})`;
}

function scaled(days: number): readonly [amount: string, unit: string] {
  if (!(days <= MOST_DAYS)) return ['more than 10', 'years'];
  if (days < 2) return [String(Math.round(Math.max(0, days) * 24)), 'hours'];
  if (days >= 2 * DAYS_PER_YEAR) return [(days / DAYS_PER_YEAR).toFixed(1), 'years'];
  return [String(Math.round(days)), 'days'];
}
