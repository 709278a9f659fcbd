import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { expect, test } from 'vitest';
import { TagSpans } from './tagSpans.ts';

const ARRIVED = 20_000 * US_PER_DAY;

test('clocks that are wrong stretch the spans of their own tags only', () => {
  const spans = new TagSpans({ first: ARRIVED, last: ARRIVED + 1_000 });
  spans.add(1, { minTime: ARRIVED - 5, maxTime: ARRIVED + 10 });
  spans.add(2, { minTime: 0, maxTime: ARRIVED + 20 });
  spans.add(4, { minTime: ARRIVED + 3, maxTime: ARRIVED + 30 });
  spans.add(7, { minTime: ARRIVED, maxTime: ARRIVED * 2 });
  expect([1, 2, 4, 7].map((tag) => spans.of(tag))).toEqual([
    { minTime: ARRIVED - 5, maxTime: ARRIVED + 30 },
    { minTime: 0, maxTime: ARRIVED + 20 },
    { minTime: ARRIVED - 5, maxTime: ARRIVED + 30 },
    { minTime: ARRIVED, maxTime: ARRIVED * 2 },
  ]);
  expect([1, 2, 7].map((tag) => spans.expiryTime(tag))).toEqual([ARRIVED + 30, ARRIVED * 2, ARRIVED * 2]);
});
