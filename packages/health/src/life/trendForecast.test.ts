import type { Result } from '@tidegate/core/fault/fault.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { learnTrendForecast, type TrendForecast } from './trendForecast.ts';

function valueIn<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

function forecastOf(values: ArrayLike<number>, coverage?: number): TrendForecast {
  return valueIn(
    learnTrendForecast(
      Float64Array.from(values, (_, i) => i),
      Float64Array.from(values),
      coverage,
    ),
  );
}

/** Falls from 1 by 0.002 a step, with noise, and recovers in jumps that fade, as a battery does that has rested. */
function battery(count: number, seed: number, course = (share: number) => share): Float64Array {
  const random = seededRandom(seed);
  let recovered = 0;
  return Float64Array.from({ length: count }, (_, i) => {
    recovered = 0.85 * recovered + (random() < 0.03 ? 0.06 * random() : 0);
    return 1 - 0.4 * course(i / 200) + recovered + 0.01 * (random() - 0.5);
  });
}

describe('a trend', () => {
  it('that is a line goes on as one, and nothing is unsure of it', () => {
    const forecast = forecastOf(Array.from({ length: 50 }, (_, i) => 10 - 0.1 * i));
    const { median, lower, upper } = forecast.at(20);
    expect([median, lower, upper]).toEqual([3.1, 3.1, 3.1].map((value) => expect.closeTo(value, 9)));
    const crossing = forecast.crossing(3.1);
    expect(crossing.median).toBeCloseTo(20, 6);
    expect(crossing.lower).toBeCloseTo(20, 6);
    expect(crossing.upper / 20).toBeLessThan(1.1);
  });
  it('that rises is a line, too, by times of its own', () => {
    const times = Float64Array.from({ length: 40 }, (_, i) => 1_000 + i * 7 + (i % 3));
    const forecast = valueIn(
      learnTrendForecast(
        times,
        times.map((time) => time / 2),
      ),
    );
    expect(forecast.at(100).median).toBeCloseTo((times[39] + 100) / 2, 6);
    expect(forecast.crossing(700).lower).toBeGreaterThan(0);
    expect(forecast.crossing(0)).toEqual({ median: 0, lower: 0, upper: 0 });
  });
  it('is not moved by a recovery, nor by values that are none', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => 1 - 0.002 * i);
    const calm = forecastOf(values).at(50).median;
    values[99] += 0.1;
    values[98] += 0.12;
    for (let i = 30; i < 36; i++) values[i] = 0.1;
    values[60] = Number.NaN;
    expect(forecastOf(values).at(50).median).toBeCloseTo(calm, 2);
  });
  it('never gets better than it is', () => {
    const forecast = forecastOf(battery(100, 4));
    for (const ahead of [1, 50, 500]) expect(forecast.at(ahead).upper).toBeLessThan(forecast.line.level + 0.05);
  });
  it('that stands reaches nothing', () => {
    const { median, upper } = forecastOf(new Float64Array(30).fill(5)).crossing(4);
    expect([median, upper]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });
});

describe('a range', () => {
  const COURSES: [string, (share: number) => number][] = [
    ['as a line', (share) => share],
    ['ever slower', (share) => Math.sqrt(share)],
    ['ever faster', (share) => share ** 1.5],
  ];
  it.each(COURSES)('holds nine of ten that wear %s, or somewhat less', (_how, course) => {
    let [held, asked] = [0, 0];
    for (let seed = 0; seed < 12; seed++) {
      const values = battery(200, seed, course);
      for (const known of [80, 120, 160]) {
        const { lower, upper } = forecastOf(values.subarray(0, known)).at(200 - known);
        if (values[199] >= lower && values[199] <= upper) held++;
        asked++;
      }
    }
    expect(held / asked).toBeGreaterThan(0.75);
  });
  it('is narrower where less is asked of it', () => {
    const values = battery(120, 9);
    const [half, most] = [0.5, 0.9].map((coverage) => forecastOf(values, coverage).at(40));
    expect(half.upper - half.lower).toBeLessThan(most.upper - most.lower);
  });
  it('is no narrower ahead than now, whatever the past', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 20, max: 150 }), (seed, count) => {
        const forecast = forecastOf(battery(count, seed));
        const [now, ahead] = [0, 3 * count].map((time) => forecast.at(time));
        expect(ahead.upper - ahead.lower).toBeGreaterThanOrEqual(now.upper - now.lower - 1e-12);
        const { median, lower, upper } = forecast.crossing(0.3);
        expect(lower).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(upper);
      }),
      { numRuns: 30 },
    );
  });
});

describe('refused', () => {
  const times = Float64Array.from({ length: 30 }, (_, i) => i);
  it.each([
    ['a dozen values', times.slice(0, 12), new Float64Array(12), 0.9, 'health.too-little'],
    ['nothing', new Float64Array(), new Float64Array(), 0.9, 'health.too-little'],
    ['values that are none', times, new Float64Array(30).fill(Number.NaN), 0.9, 'health.too-little'],
    ['times that go back', times.slice().reverse(), new Float64Array(30), 0.9, 'health.bad-data'],
    ['a time twice', times.map((time) => time >> 1), new Float64Array(30), 0.9, 'health.bad-data'],
    ['other lengths', times, new Float64Array(29), 0.9, 'health.bad-data'],
    ['certainty', times, new Float64Array(30), 1, 'health.bad-data'],
  ])('%s', (_what, of, values, coverage, code) => {
    expect(learnTrendForecast(of, values, coverage)).toMatchObject({ fault: { code } });
  });
});
