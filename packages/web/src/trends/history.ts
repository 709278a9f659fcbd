/** History of one tag for the trend: every sample where a screen can hold them, those that make the picture otherwise. */

import type { Series, SeriesRequest } from '../server/api.ts';
import { SampleSeries } from './sampleSeries.ts';

export interface History {
  readonly series: SampleSeries;
  readonly startMs: number;
  readonly endMs: number;
  /** Of stretches so long only the samples that make the picture are here; `undefined` where all are. */
  readonly coarseMs: number | undefined;
}

export type ReadSeries = (request: SeriesRequest, signal: AbortSignal) => Promise<Series>;

/** More samples than this of one tag are not loaded one by one. */
const RAW_LIMIT = 20_000;
/** Instead those that make a picture of this width are: as many pixels as a wide screen has columns. */
const PICTURE_WIDTH = 2_000;
/** Live samples come on top of the history: a day at four a second. */
const SERIES_LIMIT = 360_000;

export async function readHistory(
  read: ReadSeries,
  tag: number,
  startMs: number,
  endMs: number,
  signal: AbortSignal,
): Promise<History> {
  const range = { tag, startMs, endMs };
  const raw = await read({ ...range, mode: 'raw', limit: RAW_LIMIT }, signal);
  if (raw.hasMore) {
    const picture = await read({ ...range, mode: 'plot', limit: PICTURE_WIDTH }, signal);
    return { series: seriesOf(picture), startMs, endMs, coarseMs: (endMs - startMs) / PICTURE_WIDTH };
  }
  const series = seriesOf(raw);
  if (raw.times.length === 0 || raw.times[0] > raw.start) await addEntry(read, range, series, signal);
  return { series, startMs, endMs, coarseMs: undefined };
}

/** A tag that changes rarely has its first sample far inside the window: the value with which it entered is asked for. */
async function addEntry(
  read: ReadSeries,
  { tag, startMs }: { readonly tag: number; readonly startMs: number },
  series: SampleSeries,
  signal: AbortSignal,
): Promise<void> {
  const entry = await read({ tag, startMs, endMs: startMs + 1, mode: 'at', limit: 1 }, signal);
  // Without a value it would only say that the tag had not begun yet.
  if (entry.times.length > 0 && entry.values[0] !== null) addRows(series, entry, 1);
}

function seriesOf(answer: Series): SampleSeries {
  const series = new SampleSeries(SERIES_LIMIT);
  addRows(series, answer, answer.times.length);
  return series;
}

function addRows(series: SampleSeries, answer: Series, count: number): void {
  for (let row = 0; row < count; row++) {
    series.add(answer.times[row], plainValue(answer.values[row], answer.valueType), answer.statuses[row]);
  }
}

/** JSON cannot write NaN and the infinities: the contract has them as strings, where the tag is not one of strings. */
export function plainValue(
  value: number | string | null,
  type: 'number' | 'boolean' | 'string',
): number | string | null {
  return typeof value === 'string' && type !== 'string' ? Number(value) : value;
}
