/** Where the next page of a series begins: opaque to clients, and complete, so that `*` means the same on every page. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { RangeEnd } from '../../historian/query/historianReader.ts';
import { MAX_SAMPLE_LIMIT } from '../contract/series.ts';
import type { TimeRange } from './timeRange.ts';

/** A read that is under way: the whole range, and the place where it goes on. */
export interface SeriesCursor extends TimeRange {
  /** Which end of the range the first page holds. */
  readonly first: RangeEnd;
  /** Where the page begins; with `newest`, where it ends: the time of the oldest sample delivered, or the end of the range. */
  readonly at: Timestamp;
  /** Raw samples at exactly `at` that an earlier page has delivered: equal times may straddle a page. */
  readonly delivered: number;
  /** Distance of interpolated values; `null` in a raw read. */
  readonly intervalUs: number | null;
}

const CURSOR = /^(-?\d{1,16})_(-?\d{1,16})_(-?\d{1,16})_([on])(?:r(\d{1,6})|i(\d{1,16}))$/;

export function encodeSeriesCursor({ start, end, first, at, delivered, intervalUs }: SeriesCursor): string {
  return `${start}_${end}_${at}_${first === 'oldest' ? 'o' : 'n'}${intervalUs === null ? `r${delivered}` : `i${intervalUs}`}`;
}

/**
 * `undefined` where the text is not a cursor that `encodeSeriesCursor` can have made, and where more samples of one moment
 * have been delivered than one answer holds: what was delivered is read again, and a forged number would read everything.
 */
export function decodeSeriesCursor(text: string): SeriesCursor | undefined {
  const match = CURSOR.exec(text);
  if (!match) return undefined;
  const [start, end, at] = match.slice(1, 4).map(Number) as Timestamp[];
  const first = match[4] === 'o' ? 'oldest' : 'newest';
  const delivered = Number(match[5] ?? 0);
  const intervalUs = match[6] === undefined ? null : Number(match[6]);
  const inRange = start <= at && at < end && intervalUs !== 0 && delivered <= MAX_SAMPLE_LIMIT;
  if (!inRange || ![start, end, at, delivered, intervalUs ?? 1].every(Number.isSafeInteger)) return undefined;
  return { start, end, first, at, delivered, intervalUs };
}
