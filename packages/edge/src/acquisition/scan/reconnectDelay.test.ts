import { expect, it } from 'vitest';
import { RECONNECT, reconnectDelayMs } from './reconnectDelay.ts';

it.each([
  [1, 250],
  [2, 500],
  [3, 1000],
  [7, 15_000],
  [10_000, 15_000],
])('after %i failures in a row waits from half of %i ms up to that', (failures, longestMs) => {
  expect(reconnectDelayMs(failures, 0)).toBe(longestMs / 2);
  expect(reconnectDelayMs(failures, 0.999_999)).toBeCloseTo(longestMs, 0);
  expect(longestMs).toBeLessThanOrEqual(RECONNECT.longestMs);
});
