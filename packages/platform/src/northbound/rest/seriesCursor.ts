/** Where the next page of a series begins: opaque to clients, and complete, so that `*` means the same on every page. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { TimeRange } from './timeRange.ts';

/** A read that is under way: the whole range, and the place where it goes on. */
export interface SeriesCursor extends TimeRange {
  /** First time of the page. */
  readonly at: Timestamp;
  /** Raw samples at exactly `at` that an earlier page has delivered: equal times may straddle a page. */
  readonly delivered: number;
  /** Distance of interpolated values; `null` in a raw read. */
  readonly intervalUs: number | null;
}

const CURSOR = /^(-?\d{1,16})_(-?\d{1,16})_(-?\d{1,16})_(?:r(\d{1,16})|i(\d{1,16}))$/;

export function encodeSeriesCursor({ start, end, at, delivered, intervalUs }: SeriesCursor): string {
  return `${start}_${end}_${at}_${intervalUs === null ? `r${delivered}` : `i${intervalUs}`}`;
}

/** `undefined` where the text is not a cursor that `encodeSeriesCursor` can have made. */
export function decodeSeriesCursor(text: string): SeriesCursor | undefined {
  const match = CURSOR.exec(text);
  if (!match) return undefined;
  const [start, end, at] = match.slice(1, 4).map(Number) as Timestamp[];
  const delivered = Number(match[4] ?? 0);
  const intervalUs = match[5] === undefined ? null : Number(match[5]);
  const inRange = start <= at && at < end && intervalUs !== 0;
  if (!inRange || ![start, end, at, delivered, intervalUs ?? 1].every(Number.isSafeInteger)) return undefined;
  return { start, end, at, delivered, intervalUs };
}
