/** Reads one page of a tag's history. */

import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import { type Timestamp, US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { type SampleRun, sliceRun } from '../../historian/archive/sampleRun.ts';
import type { HistorianReader, StoredTag } from '../../historian/query/historianReader.ts';
import { DEFAULT_INTERVALS, type Series, type SeriesQuery } from '../contract/series.ts';
import { runValues } from '../encoding/sampleJson.ts';
import { answer, invalidFields, type Outcome } from './outcome.ts';
import { decodeSeriesCursor, encodeSeriesCursor, type SeriesCursor } from './seriesCursor.ts';
import { resolveRange, type TimeRange } from './timeRange.ts';

export interface SeriesPage {
  readonly cursor: SeriesCursor;
  readonly series: SampleRun;
  /** Cursor of the next page; `null` where this one completes the range. */
  readonly next: string | null;
}

export async function readSeriesPage(
  historian: HistorianReader,
  tag: StoredTag,
  query: SeriesQuery,
  now: Timestamp,
): Promise<Outcome<SeriesPage>> {
  const cursor = firstOrNext(query, now);
  if (!cursor.ok) return cursor;
  const read = cursor.value.intervalUs === null ? readRaw : readInterpolated;
  return answer(await read(historian, tag, cursor.value, query.limit));
}

export function seriesJson(tag: StoredTag, { cursor, series, next }: SeriesPage): Series {
  return {
    tag: tag.index,
    path: tag.path,
    valueType: tag.type,
    unit: tag.unit,
    stepped: tag.stepped,
    mode: cursor.intervalUs === null ? 'raw' : 'interpolated',
    start: cursor.start,
    end: cursor.end,
    intervalUs: cursor.intervalUs,
    times: Array.from(series.times),
    values: runValues(series),
    statuses: Array.from(series.statuses),
    next,
  };
}

function firstOrNext(query: SeriesQuery, now: Timestamp): Outcome<SeriesCursor> {
  if (query.cursor !== undefined) {
    const cursor = decodeSeriesCursor(query.cursor);
    if (cursor) return answer(cursor);
    return invalidFields([{ field: 'cursor', detail: 'must be the `next` of a page of samples' }]);
  }
  if (query.interval !== undefined && query.mode === 'raw') {
    return invalidFields([{ field: 'interval', detail: 'must be left out, or mode must be interpolated' }]);
  }
  const range = resolveRange(query, now);
  if (!range.ok) return range;
  const intervalUs = query.mode === 'raw' ? null : intervalOf(query, range.value);
  const { start, end } = range.value;
  const at = query.first === 'oldest' ? start : end;
  return answer({ start, end, first: query.first, at, delivered: 0, intervalUs });
}

function intervalOf(query: SeriesQuery, { start, end }: TimeRange): number {
  if (query.interval === undefined) return Math.ceil((end - start) / DEFAULT_INTERVALS);
  const intervalMs = parseDurationMs(query.interval);
  if (intervalMs === undefined) throw new Error(`The contract let "${query.interval}" pass as a duration.`);
  return Math.round(intervalMs * US_PER_MS);
}

async function readRaw(
  historian: HistorianReader,
  tag: StoredTag,
  cursor: SeriesCursor,
  limit: number,
): Promise<SeriesPage> {
  const { first, delivered } = cursor;
  const newest = first === 'newest';
  const [start, end] = newest ? [cursor.start, endOf(cursor)] : [cursor.at, cursor.end];
  const read = await historian.raw(tag.index, start, end, delivered + limit + 1, first);
  // What the read has beyond the page lies on the side to which the pages go on.
  const held = read.times.length;
  const count = Math.max(0, Math.min(held - delivered, limit));
  const from = newest ? held - delivered - count : delivered;
  const series = sliceRun(read, from, from + count);
  if (held <= delivered + limit) return { cursor, series, next: null };
  const at = series.times[newest ? 0 : count - 1] as Timestamp;
  const done = newest ? read.times.subarray(from) : read.times.subarray(0, from + count);
  const next = { ...cursor, at, delivered: done.filter((time) => time === at).length };
  return { cursor, series, next: encodeSeriesCursor(next) };
}

/** Samples at the time of the oldest that was delivered are read again, because some of them may not have been. */
function endOf({ at, end, delivered }: SeriesCursor): Timestamp {
  return delivered === 0 ? end : ((at + 1) as Timestamp);
}

async function readInterpolated(
  historian: HistorianReader,
  tag: StoredTag,
  cursor: SeriesCursor,
  limit: number,
): Promise<SeriesPage> {
  const intervalUs = cursor.intervalUs!;
  const newest = cursor.first === 'newest';
  const stepsBefore = Math.ceil((cursor.at - cursor.start) / intervalUs);
  const steps = newest ? Math.max(0, stepsBefore - limit) : stepsBefore;
  const start = (cursor.start + steps * intervalUs) as Timestamp;
  const pageEnd = (start + limit * intervalUs) as Timestamp;
  const end = Math.min(newest ? cursor.at : cursor.end, pageEnd) as Timestamp;
  const series = await historian.interpolated(tag.index, start, end, intervalUs);
  const isLast = newest ? steps === 0 : pageEnd >= cursor.end;
  return { cursor, series, next: isLast ? null : encodeSeriesCursor({ ...cursor, at: newest ? start : pageEnd }) };
}
