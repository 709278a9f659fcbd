/** What a line says at a moment, as text. */

import { severityOf, statusName } from '@tidegate/core/sample/statusCode.ts';
import { NO_VALUE, type ReadTag, readValue } from '../reading/readValue.ts';
import { formatUnit } from '../reading/unit.ts';
import type { SampleSeries } from './sampleSeries.ts';
import { shownHistory, type Trace } from './traces.ts';
import { readingAt } from './trendModel.ts';

/** A value as it is held in a series. */
export function readSeriesValue(series: SampleSeries, value: number, tag: ReadTag): string {
  if (tag.type === 'string') return series.text(value) ?? NO_VALUE;
  return Number.isNaN(value) ? NO_VALUE : readValue(value, tag);
}

/** `reactor/level 74.2 %`, with the name of the status where it is not good. */
export function readLine(trace: Trace, timeMs: number): string {
  const { series } = shownHistory(trace, timeMs, timeMs);
  const reading = readingAt(series, timeMs * 1_000);
  const { path, unit } = trace.tag;
  if (!reading) return `${path} no value yet`;
  const value = `${path} ${readSeriesValue(series, reading.value, trace.tag)} ${formatUnit(unit)}`.trim();
  return severityOf(reading.status) === 'good' ? value : `${value}, ${statusName(reading.status)}`;
}
