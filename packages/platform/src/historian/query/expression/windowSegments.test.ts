import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runOf, type SampleRow } from '../testbed/sampleRuns.ts';
import { calculate } from './calculate.ts';
import { parseExpression } from './parseExpression.ts';
import { WINDOW_AGGREGATES, type WindowAggregate } from './timeWindow.ts';
import { WINDOW_SEGMENTS, WindowSegments } from './windowSegments.ts';

const { Good, UncertainDataSubNormal, BadNoData, BadTimeout } = STATUS;
const S = 1_000_000;

function read(samples: readonly (readonly [number, number])[], widthUs: number, time: number) {
  const segments = new WindowSegments(widthUs);
  for (const [at, value] of samples) segments.add(at, value, false);
  return (aggregate: WindowAggregate) => {
    const { value, status } = segments.read(aggregate, time, { value: 0, status: 0 });
    return [value, status];
  };
}

it('weighs each value with how long it held', () => {
  const at = read(
    [
      [0, 10],
      [4 * S, 20],
      [9 * S, 60],
    ],
    10 * S,
    12 * S,
  );
  // From 2 s to 4 s 10, to 9 s 20, to 12 s 60.
  const average = (2 * 10 + 5 * 20 + 3 * 60) / 10;
  expect(at('avg')).toEqual([average, Good]);
  expect(at('stddev')[0]).toBeCloseTo(
    Math.sqrt((2 * (10 - average) ** 2 + 5 * (20 - average) ** 2 + 3 * (60 - average) ** 2) / 10),
    9,
  );
  expect(at('min')).toEqual([10, Good]);
  expect(at('max')).toEqual([60, Good]);
  expect(at('count')).toEqual([2, Good]);
  expect(at('sum')).toEqual([80, Good]);
  expect(at('delta')).toEqual([50, Good]);
  expect(at('rate')).toEqual([5, Good]);
});

it('is uncertain until the window is full, and has nothing where nothing was', () => {
  const young = read([[6 * S, 3]], 10 * S, 8 * S);
  expect(young('avg')).toEqual([3, UncertainDataSubNormal]);
  expect(young('count')).toEqual([1, Good]);
  const empty = read([], 10 * S, 8 * S);
  expect(empty('avg')[1]).toBe(BadNoData);
  expect(empty('count')).toEqual([0, Good]);
  const bad = read([[6 * S, Number.NaN]], 10 * S, 8 * S);
  expect(bad('max')[1]).toBe(BadNoData);
});

/** What the aggregates are, from all samples, each held until the next. */
function slow(samples: readonly (readonly [number, number])[], widthUs: number, time: number) {
  const edge = time - widthUs;
  const holds = samples.map(([from, value], at) => {
    const start = Math.max(edge, from);
    return { value, us: Math.max(0, (samples[at + 1]?.[0] ?? time) - start), isIn: from > edge };
  });
  const usable = holds.filter(({ value }) => !Number.isNaN(value));
  const heldUs = usable.reduce((sum, { us }) => sum + us, 0);
  const mean = usable.reduce((sum, { us, value }) => sum + us * value, 0) / heldUs;
  const squares = usable.reduce((sum, { us, value }) => sum + us * (value - mean) ** 2, 0);
  const inside = usable.filter(({ isIn }) => isIn);
  return {
    avg: mean,
    stddev: Math.sqrt(squares / heldUs),
    count: inside.length,
    sum: inside.reduce((sum, { value }) => sum + value, 0),
  };
}

describe('against a slow reckoning', () => {
  it('is exact while every segment holds one sample', () => {
    const width = WINDOW_SEGMENTS * 10;
    const gaps = fc.array(fc.tuple(fc.integer({ min: 10, max: 400 }), fc.integer({ min: -9, max: 9 })), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(gaps, fc.nat(500), (list, later) => {
        const samples = list.map(([, value], at) => {
          const time = list.slice(0, at + 1).reduce((sum, [gap]) => sum + gap, 0);
          return [time, value === 9 ? Number.NaN : value] as const;
        });
        const now = samples[samples.length - 1][0] + later;
        const at = read(samples, width, now);
        const expected = slow(samples, width, now);
        expect(at('count')[0]).toBe(expected.count);
        expect(at('sum')[0]).toBe(expected.sum);
        if (at('avg')[1] === BadNoData || Number.isNaN(expected.avg)) return;
        expect(at('avg')[0]).toBeCloseTo(expected.avg, 9);
        expect(at('stddev')[0]).toBeCloseTo(expected.stddev, 6);
      }),
      { numRuns: 500 },
    );
  });

  it('of many samples it forgets at most a part of the oldest segment', () => {
    const width = 60 * S;
    const samples = Array.from({ length: 20_000 }, (_, at) => [at * 10_000, Math.sin(at / 500)] as const);
    const now = samples.at(-1)![0];
    const at = read(samples, width, now);
    const expected = slow(samples, width, now);
    expect(at('avg')[0]).toBeCloseTo(expected.avg, 3);
    expect(at('stddev')[0]).toBeCloseTo(expected.stddev, 3);
    expect(Math.abs(Number(at('count')[0]) - expected.count)).toBeLessThan(expected.count / WINDOW_SEGMENTS);
  });
});

it('in history a window is what it would have been live, wherever the reading begins', () => {
  const rows: SampleRow[] = Array.from({ length: 50 }, (_, at) =>
    at % 17 === 5 ? [at * S, null, BadTimeout] : [at * S, at % 7],
  );
  for (const aggregate of WINDOW_AGGREGATES) {
    const parsed = parseExpression(`${aggregate}('a', "10s")`);
    if (!parsed.ok) throw new Error(parsed.fault.detail);
    const times = Float64Array.from({ length: 20 }, (_, at) => (25 + at) * S + 1);
    const of = (from: number) => calculate(parsed.value, [{ run: runOf(rows.slice(from)), stepped: true }], times);
    const [whole, part] = [of(0), of(15)];
    expect([...part.values]).toEqual([...whole.values]);
    expect([...part.statuses]).toEqual([...whole.statuses]);
  }
});
