/** The times at which a twin is studied: a step apart, over a stretch of history and what its windows look back over. */

import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

export const MOST_ROWS = 20_000;
/** Where nobody says how far apart, a stretch has about so many. */
const USUAL_ROWS = 2_000;
const USUAL_STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600];

/** A step that leaves about 2000 rows in a stretch of so many microseconds, and is a length that people use. */
export function usualStepUs(lengthUs: number): number {
  const steps = USUAL_STEPS_S.map((step) => step * US_PER_S);
  return steps.find((step) => lengthUs / step <= USUAL_ROWS) ?? Math.ceil(lengthUs / USUAL_ROWS / US_PER_S) * US_PER_S;
}

/** From at most `lookBackUs` before `start` up to before `end`. Fault: `history.too-much`. */
export function twinGrid(start: number, end: number, stepUs: number, lookBackUs: number): Result<Float64Array> {
  const before = Math.ceil(lookBackUs / stepUs);
  const rows = before + Math.ceil((end - start) / stepUs);
  if (rows > MOST_ROWS) {
    const detail = `${rows} moments, of which ${before} before the beginning, are more than ${MOST_ROWS}: take a longer interval.`;
    return failure('history.too-much', detail);
  }
  return success(Float64Array.from({ length: rows }, (_, row) => start + (row - before) * stepUs));
}
