import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { expect, it } from 'vitest';
import { SlidingShare } from './slidingShare.ts';

it('tells the share of the time so far, then of the last minute or two', async () => {
  const clock = new ManualClock();
  const taken = new SlidingShare(clock);
  expect(taken.share).toBe(0);
  taken.add(3_000);
  await clock.advance(10_000);
  expect(taken.share).toBe(0.3);
  await clock.advance(50_000);
  expect(taken.share).toBe(0.05);
  await clock.advance(30_000);
  taken.add(27_000);
  expect(taken.share).toBeCloseTo(30_000 / 90_000);
  await clock.advance(29_999);
  expect(taken.share).toBeCloseTo(30_000 / 120_000);
  // The first minute is forgotten, and a minute later the second.
  await clock.advance(1);
  expect(taken.share).toBeCloseTo(27_000 / 60_000);
  await clock.advance(60_000);
  expect(taken.share).toBe(0);
});

it('never tells more than the whole', async () => {
  const clock = new ManualClock();
  const taken = new SlidingShare(clock);
  await clock.advance(1_000);
  taken.add(5_000);
  expect(taken.share).toBe(1);
});
