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

/** Samples of the tag with this index, path, id or alias; `next` tells whether the range holds more than `limit`. */
export async function readSeries(
  api: ServerApi,
  tag: string,
  range: SeriesRange,
  limit: number,
): Promise<Result<Series>> {
  const path = `/tags/${encodeURIComponent(tag)}/samples`;
  const pageLimit = (held: number) => String(Math.min(limit - held, PAGE_SAMPLES));
  const first = await api.get<Series>(path, { ...range, limit: pageLimit(0) });
  if (!first.ok) return first;
  let series = first.value;
  while (series.next !== null && series.times.length < limit) {
    const page = await api.get<Series>(path, { cursor: series.next, limit: pageLimit(series.times.length) });
    if (!page.ok) return page;
    series = {
      ...page.value,
      times: [...series.times, ...page.value.times],
      values: [...series.values, ...page.value.values],
      statuses: [...series.statuses, ...page.value.statuses],
    };
  }
  return success(series);
}
