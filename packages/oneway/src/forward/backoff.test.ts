import { expect, it } from 'vitest';
import { backoffMs, DEFAULT_BACKOFF } from './backoff.ts';

it.each([
  [0, 0, 50],
  [0, 1, 100],
  [1, 1, 200],
  [4, 0.5, 1_200],
  [7, 1, 10_000],
  [7, 0, 5_000],
  [100_000, 1, 10_000],
])('attempt %i with the random number %f waits %i ms', (attempt, random, expected) => {
  expect(backoffMs(attempt, DEFAULT_BACKOFF, () => random)).toBe(expected);
});
