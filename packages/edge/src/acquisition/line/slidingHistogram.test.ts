import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SlidingHistogram } from './slidingHistogram.ts';

it('tells nothing of nothing', () => {
  const histogram = new SlidingHistogram(new ManualClock());
  expect([histogram.total, histogram.quantileMs(0.5), histogram.maxMs]).toEqual([0, undefined, 0]);
});

it('tells quantiles that are never too low, and at most 9 % too high', () => {
  const times = fc.array(fc.double({ min: 0.01, max: 100_000, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (ms, fraction) => {
      const histogram = new SlidingHistogram(new ManualClock());
      for (const one of ms) histogram.add(one);
      const exact = ms.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(fraction * ms.length)) - 1];
      expect(histogram.quantileMs(fraction)).toBeGreaterThanOrEqual(exact * 0.999_999);
      expect(histogram.quantileMs(fraction)).toBeLessThanOrEqual(exact * 1.091);
      expect(histogram.maxMs).toBe(Math.max(...ms));
    }),
  );
});

it('takes what is out of all proportion', () => {
  const histogram = new SlidingHistogram(new ManualClock());
  for (const ms of [0, -1, 1e12]) histogram.add(ms);
  expect([histogram.quantileMs(0.5), histogram.quantileMs(1)]).toEqual([0.01, expect.any(Number)]);
  expect(histogram.maxMs).toBe(1e12);
});

it('forgets what is older than two minutes, and keeps what is younger than one', async () => {
  const clock = new ManualClock();
  const histogram = new SlidingHistogram(clock);
  histogram.add(500);
  await clock.advance(59_999);
  histogram.add(2);
  await clock.advance(59_999);
  histogram.add(30);
  expect([histogram.total, histogram.maxMs]).toEqual([3, 500]);
  await clock.advance(59_999);
  expect([histogram.total, histogram.maxMs]).toEqual([1, 30]);
  await clock.advance(120_000);
  expect([histogram.total, histogram.quantileMs(1)]).toEqual([0, undefined]);
});
