import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { expect, it } from 'vitest';
import { RequestBudget } from './requestBudget.ts';

it('lets the first request start at once', () => {
  expect(
    new RequestBudget(new ManualClock(), { minRequestPauseMs: 50, maxRequestsPerSecond: 1 }).waitMs(),
  ).toBeLessThanOrEqual(0);
});

it('keeps the pause between an answer and the next request', async () => {
  const clock = new ManualClock();
  const pace = new RequestBudget(clock, { minRequestPauseMs: 50 });
  pace.started();
  await clock.advance(400);
  pace.finished();
  expect(pace.waitMs()).toBe(50);
  await clock.advance(50);
  expect(pace.waitMs()).toBe(0);
});

it('spreads the requests of a second, quick answers or slow', async () => {
  const clock = new ManualClock();
  const pace = new RequestBudget(clock, { maxRequestsPerSecond: 4 });
  pace.started();
  await clock.advance(10);
  pace.finished();
  expect(pace.waitMs()).toBe(240);
  await clock.advance(240);
  pace.started();
  await clock.advance(300);
  pace.finished();
  expect(pace.waitMs()).toBe(0);
  await clock.advance(50);
  expect(pace.waitMs()).toBe(-50);
});
