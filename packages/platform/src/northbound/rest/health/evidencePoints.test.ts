import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planPoints, reduced } from './evidencePoints.ts';

it.each([
  ['a point for each interval', [0, 100, 10, 500], { first: 0, pointUs: 10, count: 10 }],
  ['whole intervals at both ends', [15, 95, 10, 500], { first: 10, pointUs: 10, count: 9 }],
  ['several intervals a point', [0, 100, 10, 4], { first: 0, pointUs: 30, count: 4 }],
  ['a range shorter than an interval', [3, 4, 10, 500], { first: 0, pointUs: 10, count: 1 }],
] as const)('%s', (_what, [start, end, intervalUs, most], plan) => {
  expect(planPoints(start, end, intervalUs, most)).toEqual({ ...plan, intervalUs });
});

it('puts values into the point of the interval that ends with them', () => {
  const plan = planPoints(0, 40, 10, 2);
  const times = Float64Array.of(10, 20, 30, 40, 50);
  const values = Float64Array.of(1, 3, Number.NaN, 7, 100);
  expect([...reduced(plan, times, values, 'mean')]).toEqual([2, 7]);
  expect([...reduced(plan, times, values, 'least')]).toEqual([1, 7]);
  expect([...reduced(plan, times, values, 'greatest')]).toEqual([3, 7]);
  expect([...reduced(plan, times, values, 'last')]).toEqual([3, 7]);
  expect([...reduced(plan, times.subarray(0, 2), values, 'mean')]).toEqual([2, Number.NaN]);
});

it('is never more than was asked for, and leaves no value of the range out', () => {
  const spans = fc.tuple(fc.nat(1e6), fc.integer({ min: 1, max: 1e5 }), fc.integer({ min: 1, max: 977 }));
  fc.assert(
    fc.property(spans, fc.integer({ min: 1, max: 300 }), ([start, length, intervalUs], most) => {
      const end = start + length;
      const plan = planPoints(start, end, intervalUs, most);
      expect(plan.count).toBeLessThanOrEqual(most);
      const firstEnd = Math.floor(start / intervalUs) * intervalUs + intervalUs;
      const rows = Math.ceil((end - (firstEnd - intervalUs)) / intervalUs);
      const times = Float64Array.from({ length: rows }, (_, row) => firstEnd + row * intervalUs);
      const all = reduced(plan, times, times, 'greatest').filter(Number.isFinite);
      expect(all.at(-1)).toBe(times.at(-1));
      expect(reduced(plan, times, times, 'least').find(Number.isFinite)).toBe(times[0]);
    }),
  );
});
