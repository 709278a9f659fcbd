/** What is left of equipment, as people say it. */

import type { FleetEstimate, Life } from './healthAnswers.ts';

/**
 * `12 days (4 to 40)`, where nine of ten such estimates hold; the reason where there is none. What is at the horizon (days) is
 * over it.
 */
export function lifeText(life: Life | null, noLife: string | null, horizonDays = Number.POSITIVE_INFINITY): string {
  if (!life) return noLife === null ? 'not known' : `not known: ${noLife}`;
  const { medianDays, lowDays, highDays } = life;
  if (lowDays === null) return 'no end in sight';
  const isOver = (days: number) => days >= horizonDays;
  if (isOver(lowDays)) return `more than ${daysText(horizonDays)}`;
  if (medianDays === null) return `more than ${daysText(lowDays)}`;
  const high = highDays === null ? 'no end' : isOver(highDays) ? `over ${shortDays(horizonDays)}` : shortDays(highDays);
  const median = isOver(medianDays) ? `more than ${daysText(horizonDays)}` : daysText(medianDays);
  return `${median} (${shortDays(lowDays)} to ${high})`;
}

/** The same, of what the lives of others tell. */
export function estimateText({ life, noLife, horizonDays }: FleetEstimate): string {
  return lifeText(life, noLife, horizonDays);
}

export function daysText(days: number): string {
  const text = shortDays(days);
  return `${text} ${text === '1' ? 'day' : 'days'}`;
}

/** Of days many, one more or less means nothing. */
function shortDays(days: number): string {
  return String(days < 10 ? Math.round(days * 10) / 10 : Math.round(days));
}
