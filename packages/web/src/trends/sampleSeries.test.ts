import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SampleSeries } from './sampleSeries.ts';

type Row = readonly [time: number, value: number | string | null, status?: number];

function seriesOf(limit: number, rows: readonly Row[]): SampleSeries {
  const series = new SampleSeries(limit);
  for (const [time, value, status = 0] of rows) series.add(time, value, status);
  return series;
}

const contents = (series: SampleSeries) =>
  Array.from({ length: series.length }, (_, place) => [series.timeAt(place), series.valueAt(place)]);

it('puts late samples in their place and drops repetitions', () => {
  const series = seriesOf(10, [
    [10, 1],
    [30, 3],
    [20, 2],
    [20, 2],
    [20, 2.5],
    [5, 0],
    [30, null, 0x80000000],
  ]);
  expect(contents(series)).toEqual([
    [5, 0],
    [10, 1],
    [20, 2],
    [20, 2.5],
    [30, 3],
    [30, Number.NaN],
  ]);
  expect(series.statusAt(5)).toBe(0x80000000);
});

it('keeps texts, and finds them by their number', () => {
  const series = seriesOf(10, [
    [1, 'off'],
    [2, 'on'],
    [3, 'off'],
  ]);
  expect(contents(series).map(([, value]) => series.text(value))).toEqual(['off', 'on', 'off']);
});

it.each([
  [0, 0],
  [10, 0],
  [11, 1],
  [20, 1],
  [21, 3],
  [99, 3],
])('the first sample not before %i is at %i', (time, place) => {
  const series = seriesOf(10, [
    [10, 1],
    [20, 2],
    [20, 3],
  ]);
  expect(series.lowerBound(time)).toBe(place);
});

it('holds the newest samples in order of time, whatever the order of arrival, around the ring', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 5_000 }), { maxLength: 3_000 }), (times) => {
      const limit = 1_500;
      const series = seriesOf(
        limit,
        times.map((time) => [time, time * 2]),
      );
      const expected = [...times].sort((a, b) => a - b).slice(-limit);
      expect(contents(series)).toEqual(expected.map((time) => [time, time * 2]));
    }),
    { numRuns: 30 },
  );
});

it('forgets from the front', () => {
  const series = seriesOf(4, [
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
    [5, 5],
  ]);
  series.dropFirst(2);
  expect(contents(series)).toEqual([
    [4, 4],
    [5, 5],
  ]);
  series.dropFirst(9);
  expect(series.length).toBe(0);
});
