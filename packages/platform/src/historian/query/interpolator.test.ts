import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { describe, expect, test } from 'vitest';
import { type InterpolationOptions, Interpolator } from './interpolator.ts';
import vectors from './vectors/interpolative.json' with { type: 'json' };

interface Point {
  readonly offsetMs: number;
  readonly value: number | null;
  readonly status: number;
}

const STATUS_OF: Record<string, number> = { Good: STATUS.Good, Bad: STATUS.Bad, Uncertain: STATUS.Uncertain };

function interpolate(
  points: readonly Point[],
  [start, end, interval]: readonly [number, number, number],
  options: InterpolationOptions,
) {
  const interpolator = new Interpolator(start, end, interval, options);
  for (const { offsetMs, value, status } of points) interpolator.push(offsetMs, value, status);
  const { times, values, statuses } = interpolator.finish();
  return Array.from(times, (offsetMs, at) => ({ offsetMs, value: values[at], status: statuses[at] }));
}

describe('interpolation gives the published results', () => {
  test.each(vectors.part13)('$id', ({ points, expected, startOffsetMs, endOffsetMs, intervalMs, ...options }) => {
    const raw = points.map((point) => ({ ...point, status: STATUS_OF[point.status] }));
    const results = interpolate(raw, [startOffsetMs, endOffsetMs, intervalMs], options);
    expect(results.map(({ offsetMs }) => offsetMs)).toEqual(expected.map(({ offsetMs }) => offsetMs));
    for (const [at, { value, statusCodeHex }] of expected.entries()) {
      const where = `at ${expected[at].offsetMs} ms`;
      expect(results[at].status.toString(16), where).toBe(Number(statusCodeHex).toString(16));
      if (value === null) expect(results[at].value, where).toBeNull();
      else expect(Math.abs((results[at].value as number) - value), where).toBeLessThan(0.0011);
    }
  });

  test.each(vectors.definition)('of the definition at $atOffsetMs ms', ({ atOffsetMs, sloped, stepped }) => {
    const points = vectors.definitionPoints.map((point) => ({ ...point, status: STATUS.Good }));
    const at = [atOffsetMs, atOffsetMs + 1, 1] as const;
    expect(interpolate(points, at, { stepped: false, slopedExtrapolation: true })[0].value).toBe(sloped);
    expect(interpolate(points, at, { stepped: true })[0].value).toBe(stepped);
  });

  test.each(vectors.aveva.expected)('of a commercial historian at $offsetMs ms', ({ offsetMs, value }) => {
    const points = vectors.aveva.points.map((point) => ({ ...point, status: STATUS.Good }));
    const [result] = interpolate(points, [offsetMs, offsetMs + 1, 1], { stepped: false });
    expect((result.value as number).toFixed(1)).toBe(value.toFixed(1));
  });
});

const good = (offsetMs: number, value: number | null) => ({ offsetMs, value, status: STATUS.Good });
const bad = (offsetMs: number) => ({ offsetMs, value: null, status: STATUS.BadTimeout });
const GOOD = 0x402;
const SUB_NORMAL = 0x40a40402;

describe('interpolation', () => {
  // biome-ignore format: a table of cases
  test.each([
    ['between good samples', [good(0, 0), good(10, 10)], 5, 5, GOOD],
    ['across a bad sample before it', [good(0, 0), bad(3), good(10, 10)], 5, 5, SUB_NORMAL],
    ['across a bad sample behind it', [good(0, 0), bad(8), good(10, 10)], 5, 5, SUB_NORMAL],
    ['at the time of a bad sample', [good(0, 0), bad(5), good(10, 10)], 5, 5, SUB_NORMAL],
    ['behind a bad sample with no good one after', [good(0, 7), bad(3), bad(8)], 5, 7, SUB_NORMAL],
    ['at the time of a good sample', [good(0, 0), good(5, 8), good(10, 10)], 5, 8, 0],
    ['at the time of two samples', [good(0, 0), good(5, 8), good(5, 9), good(10, 10)], 5, 9, 0],
    ['with nothing but bad samples', [bad(0), bad(10)], 5, null, STATUS.BadNoData],
    ['with a good status and no value', [good(0, 4), good(3, null), good(10, 4)], 5, 4, SUB_NORMAL],
    ['with no samples', [], 5, null, STATUS.BadNoData],
  ] as const)('%s', (_name, points, time, value, status) => {
    expect(interpolate(points, [time, time + 1, 1], { stepped: false })).toEqual([{ offsetMs: time, value, status }]);
  });

  test('holds a text until the next sample, even for a tag of numbers', () => {
    const interpolator = new Interpolator(0, 30, 5, { stepped: false });
    interpolator.push(0, 'open', 0);
    interpolator.push(10, 1, 0);
    interpolator.push(20, 'shut', 0);
    expect(interpolator.finish().values).toEqual(['open', 'open', 1, 1, 'shut', 'shut']);
  });

  test.each([
    [0, 10, 3, [0, 3, 6, 9]],
    [0, 9, 3, [0, 3, 6]],
    [5, 5, 1, []],
    [9, 5, 1, []],
  ])('from %d to %d every %d', (start, end, interval, times) => {
    const interpolator = new Interpolator(start, end, interval, { stepped: true });
    expect([...interpolator.finish().times]).toEqual(times);
  });
});
