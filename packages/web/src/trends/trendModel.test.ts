import type { Tag } from '@tidegate/platform/northbound/contract/tag.ts';
import { expect, it } from 'vitest';
import { SampleSeries } from './sampleSeries.ts';
import type { Trace } from './traces.ts';
import { readingAt, trendModel } from './trendModel.ts';

type Rows = readonly (readonly [timeMs: number, value: number])[];

function history(rows: Rows, startMs: number, endMs: number, coarseMs?: number) {
  const series = new SampleSeries(100);
  for (const [timeMs, value] of rows) series.add(timeMs * 1_000, value, 0);
  return { series, startMs, endMs, coarseMs };
}

const trace = (index: number, unit: string, rows: Rows, more: Partial<Trace> = {}): Trace => ({
  tag: { index, unit, type: 'number' } as Tag,
  colour: 0,
  state: { kind: 'ready' },
  history: history(rows, 0, 1_000),
  detail: undefined,
  ...more,
});

it('gives each unit the range of its lines in the span, and keeps it while the lines fit', () => {
  const traces = [
    trace(1, 'Cel', [
      [100, 0],
      [200, 50],
    ]),
    trace(2, 'Cel', [[100, 100]]),
    trace(3, 'bar', [
      [100, 7],
      [900, 99],
    ]),
  ];
  const first = trendModel(traces, [0, 500], () => 500, undefined);
  expect(first.ranges.get('Cel')).toEqual([-8, 108]);
  expect(first.ranges.get('bar')).toEqual([6.65, 7.35]);
  traces[0].history.series.add(300_000, 104, 0);
  expect(trendModel(traces, [0, 500], () => 500, first).ranges.get('Cel')).toEqual([-8, 108]);
});

it('shows the detail of a stretch where there is one that covers it', () => {
  const detail = history([[250, 5]], 200, 300);
  const [fine] = trendModel([trace(1, 'Cel', [], { detail })], [210, 290], () => 500, undefined).lines;
  expect(fine.history).toBe(detail);
  const [coarse] = trendModel([trace(1, 'Cel', [], { detail })], [100, 290], () => 500, undefined).lines;
  expect(coarse.history).not.toBe(detail);
});

it.each([
  [99, undefined],
  [100, 1],
  [150, 1],
  [200, 2],
  [9_999, 2],
])('at %i ms the value %s holds', (timeMs, value) => {
  const { series } = history(
    [
      [100, 1],
      [200, 2],
    ],
    0,
    1,
  );
  expect(readingAt(series, timeMs * 1_000)?.value).toBe(value);
});
