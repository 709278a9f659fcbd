/** Reads the history of a tag page by page, as many samples as are wanted. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { HistoryAnswer, Series, SeriesColumns } from '../serverApi/answers.ts';
import type { ServerApi } from '../serverApi/serverApi.ts';

export interface SeriesRange {
  readonly start?: string;
  readonly end?: string;
  readonly mode: string;
  readonly interval?: string;
}

/** What one answer of the server holds at most. */
const PAGE_SAMPLES = 10_000;
const DEFAULT_START = '*-1h';
const LOCAL_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * The newest samples of the tag with this index, path, id or alias, in order of time; `hasMore` tells whether the range
 * holds more than `limit`. Days begin at midnight of the time zone of this machine.
 */
export async function readSeries(
  api: ServerApi,
  tag: string,
  range: SeriesRange,
  limit: number,
): Promise<Result<Series>> {
  return range.mode === 'raw' ? readRaw(api, tag, range, limit) : readInterpolated(api, tag, range, limit);
}

/**
 * Backwards, so that the newest come first; a moment earlier at both ends, because backwards it is the later end that belongs
 * to the range.
 */
async function readRaw(api: ServerApi, tag: string, range: SeriesRange, limit: number): Promise<Result<Series>> {
  const { start = DEFAULT_START, end = '*' } = range;
  const question = { tag, start: `${end}-1us`, end: `${start}-1us`, timeZone: LOCAL_ZONE };
  const pages: SeriesColumns[] = [];
  let [held, cursor]: [number, string | null] = [0, null];
  for (;;) {
    const pageLimit = String(Math.min(limit - held, PAGE_SAMPLES));
    const page: Result<HistoryAnswer> = await api.get<HistoryAnswer>('/history/raw', {
      ...question,
      limit: pageLimit,
      ...(cursor !== null && { cursor }),
    });
    if (!page.ok) return page;
    pages.push(...page.value.series);
    held = pages.reduce((sum, { times }) => sum + times.length, 0);
    const hasMore = page.value.next !== null;
    if (!hasMore || held >= limit) return success(joined(pages, hasMore));
    cursor = page.value.next;
  }
}

async function readInterpolated(
  api: ServerApi,
  tag: string,
  range: SeriesRange,
  limit: number,
): Promise<Result<Series>> {
  const { start, end, interval } = range;
  const question = { tag, start, end, interval, timeZone: LOCAL_ZONE };
  const answer = await api.get<HistoryAnswer>('/history/interpolated', question);
  if (!answer.ok) return answer;
  const [series] = answer.value.series;
  const from = Math.max(0, series.times.length - limit);
  const [times, values, statuses] = [series.times.slice(from), series.values.slice(from), series.statuses.slice(from)];
  return success({ ...series, times, values, statuses, hasMore: from > 0 });
}

/** In order of time, of pages that go backwards; there is one at least, though it may be empty. */
function joined(pages: readonly SeriesColumns[], hasMore: boolean): Series {
  return {
    ...pages[0],
    times: pages.flatMap(({ times }) => times).reverse(),
    values: pages.flatMap(({ values }) => values).reverse(),
    statuses: pages.flatMap(({ statuses }) => statuses).reverse(),
    hasMore,
  };
}
