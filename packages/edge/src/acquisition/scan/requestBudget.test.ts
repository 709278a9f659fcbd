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

it('counts the spacing from the moment of the last request, and of as many as there were', async () => {
  const clock = new ManualClock();
  const pace = new RequestBudget(clock, { maxRequestsPerSecond: 10 });
  pace.started();
  await clock.advance(50);
  pace.finished(1, 40);
  expect(pace.waitMs()).toBe(90);
  await clock.advance(100);
  pace.started();
  pace.finished(3, 150);
  expect(pace.waitMs()).toBe(300);
});

it('keeps a serial line free for its share of the time, late answers counted and noise not', async () => {
  const clock = new ManualClock();
  // 1 ms for each byte, and a quarter of the time.
  const pace = new RequestBudget(clock, { maxBusShare: 0.25 }, 1);
  pace.started(0);
  await clock.advance(30);
  pace.finished(1, 0, 20);
  expect(pace.waitMs()).toBe(50);
  await clock.advance(50);
  pace.started(35);
  pace.finished(1, 80, 45);
  expect(pace.waitMs()).toBe((15 + 10) * 4);
  await clock.advance(1000);
  pace.started(1_000_000);
  pace.finished(1, 1080, 1_000_000);
  expect(pace.waitMs()).toBe(300 * 4);
});

it('begins anew with a new link', async () => {
  const clock = new ManualClock();
  const pace = new RequestBudget(clock, { maxBusShare: 0.5 }, 1);
  pace.started(500);
  pace.finished(1, 0, 520);
  await clock.advance(100_000);
  pace.started(0);
  pace.finished(1, 0, 8);
  expect(pace.waitMs()).toBe(16);
});

it('says how much of it is used, where there is a limit', async () => {
  const clock = new ManualClock();
  expect(new RequestBudget(clock, {}).used).toBeUndefined();
  const pace = new RequestBudget(clock, { maxRequestsPerSecond: 10 });
  for (let second = 0; second < 10; second++) {
    pace.started();
    pace.finished();
    await clock.advance(1000);
  }
  expect(pace.used).toBeCloseTo(0.1);
});
