import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LatencyHistogram } from './latencyHistogram.ts';

it.each([
  [[], 0.5, null],
  [[7], 0.5, 7],
  [[7], 0.99, 7],
  [[1, 2, 3, 4], 0.5, 2],
  [[1, 2, 3, 4], 1, 4],
  [[-3, -2], 0.5, 0],
  [[1e9], 0.5, 60_000],
])('of %j the quantile %d is %j', (latencies, fraction, expected) => {
  expect(histogramOf(latencies).percentile(fraction)).toBe(expected);
});

it('agrees with sorting', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (latencies, fraction) => {
        const sorted = latencies.toSorted((a, b) => a - b);
        expect(histogramOf(latencies).percentile(fraction)).toBe(sorted[Math.ceil(fraction * sorted.length) - 1]);
      },
    ),
  );
});

function histogramOf(latencies: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const ms of latencies) histogram.add(ms);
  return histogram;
}
