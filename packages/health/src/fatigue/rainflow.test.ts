import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCycles, type LoadCycle, RainflowCounter } from './rainflow.ts';

interface Vector {
  readonly name: string;
  readonly series: readonly number[] | null;
  readonly totalCycles: number;
  readonly fullCycles: number;
  readonly halfCycles: number;
  readonly maxRange: number;
  readonly sumRangePow: { readonly m3: number; readonly m5: number };
  readonly hist: readonly (readonly [range: number, count: number])[] | null;
}

interface FourPointCase {
  readonly series: readonly number[];
  readonly fromTo: Readonly<Record<string, number>>;
  readonly residue: readonly number[];
}

const read = (name: string) => readFileSync(new URL(`vectors/${name}`, import.meta.url), 'utf8');
const VECTORS = JSON.parse(read('vectors.json')) as Vector[];
const { cases: FOUR_POINT } = JSON.parse(read('fourpoint_cases.json')) as { cases: FourPointCase[] };
const LONG = read('long_series.csv').trim().split(/\s+/).map(Number);

const sumOf = (cycles: readonly LoadCycle[], of: (cycle: LoadCycle) => number) =>
  cycles.reduce((sum, cycle) => sum + cycle.count * of(cycle), 0);

describe.each(VECTORS)('$name', ({ series, ...expected }) => {
  const cycles = countCycles(series ?? LONG);

  it('has the cycles that others count', () => {
    expect(cycles.filter(({ count }) => count === 1)).toHaveLength(expected.fullCycles);
    expect(cycles.filter(({ count }) => count === 0.5)).toHaveLength(expected.halfCycles);
    expect(sumOf(cycles, () => 1)).toBe(expected.totalCycles);
    expect(Math.max(...cycles.map(({ range }) => range))).toBeCloseTo(expected.maxRange, 9);
  });
  it('has the damage that others sum up', () => {
    expect(sumOf(cycles, ({ range }) => range ** 3) / expected.sumRangePow.m3).toBeCloseTo(1, 9);
    expect(sumOf(cycles, ({ range }) => range ** 5) / expected.sumRangePow.m5).toBeCloseTo(1, 9);
  });
  it.runIf(expected.hist)('has them range by range', () => {
    const counts = new Map<number, number>();
    for (const { range, count } of cycles) {
      const key = Math.round(range * 1_000) / 1_000;
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
    // The vectors hold the 400 smallest ranges at most.
    const smallest = [...counts].sort(([a], [b]) => a - b).slice(0, expected.hist?.length);
    expect(smallest).toEqual(expected.hist);
  });
});

it.each(FOUR_POINT)('closes $fromTo, and leaves $residue', ({ series, fromTo, residue }) => {
  const closed: Record<string, number> = {};
  const counter = new RainflowCounter(({ from, to }) => {
    const key = `${from.value}-${to.value}`;
    closed[key] = (closed[key] ?? 0) + 1;
  });
  for (const [at, value] of series.entries()) counter.push(value, at);
  for (const { from, to, count } of counter.unclosed()) {
    const key = `${from.value}-${to.value}`;
    if (count === 1) closed[key] = (closed[key] ?? 0) + 1;
  }
  expect(closed).toEqual(fromTo);
  expect(counter.residue().map(({ value }) => value)).toEqual(residue);
});

/** ASTM E1049-85 (2017), 5.4.4, step by step: what the counter must come to. */
function astm(series: readonly number[]): [range: number, count: number][] {
  const turns = series.filter((value, at) => {
    if (at === 0 || at === series.length - 1) return true;
    const next = series.slice(at + 1).find((later) => later !== value);
    const before = series.slice(0, at).findLast((earlier) => earlier !== value);
    if (series[at + 1] === value || next === undefined || before === undefined) return false;
    return value - before > 0 === value - next > 0;
  });
  const counted: [number, number][] = [];
  const points: number[] = [];
  for (const value of turns) {
    if (points.at(-1) === value) continue;
    points.push(value);
    while (points.length >= 3) {
      const [third, second, first] = points.slice(-3);
      const [x, y] = [Math.abs(first - second), Math.abs(second - third)];
      if (x < y) break;
      counted.push([y, points.length === 3 ? 0.5 : 1]);
      points.splice(points.length === 3 ? 0 : -3, points.length === 3 ? 1 : 2);
    }
  }
  for (let at = 1; at < points.length; at++) counted.push([Math.abs(points[at] - points[at - 1]), 0.5]);
  return counted;
}

function histogram(cycles: readonly (readonly [range: number, count: number])[]) {
  const counts = new Map<number, number>();
  for (const [range, count] of cycles) counts.set(range, (counts.get(range) ?? 0) + count);
  return [...counts].sort(([a], [b]) => a - b);
}

it('counts as the standard does, whatever the signal', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -6, max: 6 }), { maxLength: 60 }), (series) => {
      const ours = countCycles(series).map(({ range, count }) => [range, count] as const);
      expect(histogram(ours)).toEqual(histogram(astm(series)));
    }),
    { numRuns: 2_000 },
  );
});

describe('what is no signal', () => {
  it.each([
    ['nothing', []],
    ['one value', [5]],
    ['one that stands still', [5, 5, 5]],
    ['not a number', [Number.NaN, Number.NaN]],
  ])('%s has no cycles', (_what, series) => expect(countCycles(series)).toEqual([]));
  it('a gap is passed over', () => {
    expect(countCycles([0, Number.NaN, 5, 1, Number.NaN, 4, 0])).toEqual(
      expect.arrayContaining([expect.objectContaining({ range: 3, count: 1 })]),
    );
  });
  it('noise within the hysteresis counts for nothing', () => {
    const closed: LoadCycle[] = [];
    const counter = new RainflowCounter((cycle) => closed.push(cycle), 0.5);
    for (const [at, value] of [0, 10, 9.7, 10.1, 0, 0.3, 0.1, 10].entries()) counter.push(value, at);
    expect([...closed, ...counter.unclosed()].map(({ range, count }) => [range, count])).toEqual([
      [10.1, 0.5],
      [10.1, 0.5],
      [10, 0.5],
    ]);
  });
});
