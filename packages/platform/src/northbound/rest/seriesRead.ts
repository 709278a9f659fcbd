/** Reads one page of a tag's history. */

import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import { type Timestamp, US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { HistorianReader, Series as StoredSeries, StoredTag } from '../../historian/query/historianReader.ts';
import { DEFAULT_INTERVALS, type Series, type SeriesQuery } from '../contract/series.ts';
import { jsonValues } from '../encoding/sampleJson.ts';
import { answer, invalidFields, type Outcome } from './outcome.ts';
import { decodeSeriesCursor, encodeSeriesCursor, type SeriesCursor } from './seriesCursor.ts';
import { resolveRange, type TimeRange } from './timeRange.ts';

export interface SeriesPage {
  readonly cursor: SeriesCursor;
  readonly series: StoredSeries;
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
    values: jsonValues(series.values),
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
  return answer({ ...range.value, at: range.value.start, delivered: 0, intervalUs });
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
  const { at, end, delivered } = cursor;
  const read = await historian.raw(tag.index, at, end, delivered + limit + 1);
  const stop = Math.min(read.times.length, delivered + limit);
  const series = {
    times: read.times.subarray(delivered, stop),
    values: read.values.slice(delivered, stop),
    statuses: read.statuses.subarray(delivered, stop),
  };
  if (read.times.length === stop) return { cursor, series, next: null };
  const last = read.times[stop - 1] as Timestamp;
  let firstOfEqual = stop - 1;
  while (firstOfEqual > 0 && read.times[firstOfEqual - 1] === last) firstOfEqual--;
  return { cursor, series, next: encodeSeriesCursor({ ...cursor, at: last, delivered: stop - firstOfEqual }) };
}

async function readInterpolated(
  historian: HistorianReader,
  tag: StoredTag,
  cursor: SeriesCursor,
  limit: number,
): Promise<SeriesPage> {
  const intervalUs = cursor.intervalUs!;
  const pageEnd = cursor.at + limit * intervalUs;
  const end = Math.min(cursor.end, pageEnd) as Timestamp;
  const series = await historian.interpolated(tag.index, cursor.at, end, intervalUs);
  const next = pageEnd < cursor.end ? encodeSeriesCursor({ ...cursor, at: pageEnd as Timestamp }) : null;
  return { cursor, series, next };
}
