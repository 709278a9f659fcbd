/** Reads the history of a tag page by page, as many samples as are wanted. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Series } from '../serverApi/answers.ts';
import type { ServerApi } from '../serverApi/serverApi.ts';

export interface SeriesRange {
  readonly start?: string;
  readonly end?: string;
  readonly mode: string;
  readonly interval?: string;
}

/** What one answer of the server holds at most. */
const PAGE_SAMPLES = 10_000;
const LOCAL_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * The newest samples of the tag with this index, path, id or alias, in order of time; `next` tells whether the range holds
 * more than `limit`. Days begin at midnight of the time zone of this machine.
 */
export async function readSeries(
  api: ServerApi,
  tag: string,
  range: SeriesRange,
  limit: number,
): Promise<Result<Series>> {
  const path = `/tags/${encodeURIComponent(tag)}/samples`;
  const pageLimit = (held: number) => String(Math.min(limit - held, PAGE_SAMPLES));
  const first = await api.get<Series>(path, { ...range, timeZone: LOCAL_ZONE, first: 'newest', limit: pageLimit(0) });
  if (!first.ok) return first;
  let series = first.value;
  while (series.next !== null && series.times.length < limit) {
    const page = await api.get<Series>(path, { cursor: series.next, limit: pageLimit(series.times.length) });
    if (!page.ok) return page;
    series = {
      ...page.value,
      times: [...page.value.times, ...series.times],
      values: [...page.value.values, ...series.values],
      statuses: [...page.value.statuses, ...series.statuses],
    };
  }
  return success(series);
}
