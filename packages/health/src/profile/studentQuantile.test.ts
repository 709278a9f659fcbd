import { expect, it } from 'vitest';
import { studentQuantile } from './studentQuantile.ts';

/** Table of the t distribution (Abramowitz and Stegun, 26.10). */
it.each([
  [0.05, 1, 6.314],
  [0.005, 5, 4.032],
  [0.025, 10, 2.228],
  [0.0005, 30, 3.646],
  [0.025, 1e9, 1.968],
])('exceeded with %s, %s degrees: %s', (exceeded, degrees, value) => {
  expect(studentQuantile(exceeded, degrees)).toBeCloseTo(value, 2);
});
