/** Moments and lengths of time as people read them. */

import { formatSpan } from '../devices/spanText.ts';

/** RFC 3339 in UTC, to the second where it is a whole one. */
export function timeText(timeUs: number): string {
  return new Date(timeUs / 1_000).toISOString().replace(/\.000Z$/, 'Z');
}

/** As `formatSpan`, but what is gained has a minus. */
export function lengthText(seconds: number): string {
  return `${seconds <= -0.5 ? '-' : ''}${formatSpan(Math.round(Math.abs(seconds)) * 1_000)}`;
}
