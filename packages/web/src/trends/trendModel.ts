/** What the trend shows at one moment: the span, the lines in it and the range of each axis. */

import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { Tag } from '@tidegate/platform/northbound/contract/tag.ts';
import { type Axis, assignAxes, type Range, steadyRange } from './axes.ts';
import type { History } from './history.ts';
import type { SampleSeries } from './sampleSeries.ts';
import { lineExtent } from './traceLine.ts';
import { shownHistory, type Trace } from './traces.ts';

export interface TrendLine {
  readonly trace: Trace;
  readonly history: History;
  readonly low: number;
  readonly high: number;
  /** Behind this nobody knows whether the last value still holds. */
  readonly knownUntilMs: number;
}

export interface TrendModel {
  readonly startMs: number;
  readonly endMs: number;
  readonly axes: readonly Axis[];
  readonly lines: readonly TrendLine[];
  readonly ranges: ReadonlyMap<string, Range>;
}

/**
 * `knownUntil` says until when the samples of a tag are known. `before` is the model shown until now: its ranges are kept where the data still
 * fits them.
 */
export function trendModel(
  traces: readonly Trace[],
  span: readonly [startMs: number, endMs: number],
  knownUntil: (tag: Tag) => number,
  before: TrendModel | undefined,
): TrendModel {
  const [startMs, endMs] = span;
  const lines = traces.map((trace) => {
    const history = shownHistory(trace, startMs, endMs);
    const extent = lineExtent(history.series, startMs * US_PER_MS, endMs * US_PER_MS);
    return { trace, history, ...extent, knownUntilMs: knownUntil(trace.tag) };
  });
  const axes = assignAxes(traces.map(({ tag }) => tag));
  const ranges = new Map(axes.map((axis) => [axis.key, rangeOf(axis, lines, before)]));
  return { startMs, endMs, axes, lines, ranges };
}

function rangeOf(axis: Axis, lines: readonly TrendLine[], before: TrendModel | undefined): Range {
  if (axis.isBoolean) return [-0.15, 1.15];
  const own = lines.filter(({ trace }) => axis.tags.includes(trace.tag.index));
  const low = Math.min(...own.map((line) => line.low));
  const high = Math.max(...own.map((line) => line.high));
  return steadyRange(before?.ranges.get(axis.key), low, high);
}

export interface Reading {
  /** Microseconds since 1970. */
  readonly time: number;
  /** NaN where the sample has no value; for a tag of texts the number of the text in its series. */
  readonly value: number;
  readonly status: number;
}

/** The sample that held at a moment: the newest one not after it. */
export function readingAt(series: SampleSeries, timeUs: number): Reading | undefined {
  const place = series.lowerBound(timeUs + 1) - 1;
  if (place < 0) return undefined;
  return { time: series.timeAt(place), value: series.valueAt(place), status: series.statusAt(place) };
}
