import { expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

it.each([
  [0, 0, 50],
  [0, 1, 100],
  [1, 1, 200],
  [4, 0.5, 1_200],
  [7, 1, 10_000],
  [7, 0, 5_000],
  [100_000, 1, 10_000],
])('attempt %i with the random number %f waits %i ms', (attempt, random, expected) => {
  expect(backoffMs(attempt, { firstMs: 100, maxMs: 10_000 }, () => random)).toBe(expected);
});

it.each([
  [0, 250],
  [1, 500],
  [2, 1000],
  [6, 15_000],
  [9_999, 15_000],
])('attempt %i waits from half of %i ms up to that', (attempt, longestMs) => {
  const limits = { firstMs: 250, maxMs: 15_000 };
  expect(backoffMs(attempt, limits, () => 0)).toBe(longestMs / 2);
  expect(backoffMs(attempt, limits, () => 0.999_999)).toBeCloseTo(longestMs, 0);
  expect(longestMs).toBeLessThanOrEqual(limits.maxMs);
});
