import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { perLane } from '@tidegate/core/sample/lane.ts';
import type { DurableBlock } from '@tidegate/edge/spool/durableBlock.ts';
import { beforeEach, expect, it } from 'vitest';
import { BoundaryTrend } from './boundaryTrend.ts';

let clock: ManualClock;
let trend: BoundaryTrend;
beforeEach(() => {
  clock = new ManualClock();
  trend = new BoundaryTrend(clock);
  trend.look(perLane(() => false));
});

async function second(bytes: number, connected = false): Promise<void> {
  await clock.advance(1_000);
  trend.listener({} as DurableBlock, new Uint8Array(bytes));
  trend.look(perLane((lane) => connected && lane === 'audit'));
}

it('says since when a lane is connected or cut', async () => {
  const start = trend.startedAt;
  await second(0);
  expect(trend.links.audit).toEqual({ connected: false, since: start });
  await second(0, true);
  await second(0, true);
  expect(trend.links.audit).toEqual({ connected: true, since: start + 2_000_000 });
  expect(trend.links.operational).toEqual({ connected: false, since: start });
  await second(0);
  expect(trend.links.audit).toEqual({ connected: false, since: start + 4_000_000 });
});

it('says how long the spool lasts at the rate of the last minute', async () => {
  for (const _ of [1, 2]) await second(500);
  expect(trend.spool(0, 10_000)).toEqual({ usedBytes: 0, maxBytes: 10_000 });
  await second(500);
  expect(trend.spool(1_000, 10_000)).toEqual({
    usedBytes: 1_000,
    maxBytes: 10_000,
    bytesPerSecond: 500,
    lastsSeconds: 18,
  });
  expect(trend.spool(11_000, 10_000).lastsSeconds).toBe(0);
  // What was written before the last minute is forgotten.
  for (let count = 0; count < 60; count++) await second(100);
  expect(trend.spool(0, 10_000).bytesPerSecond).toBe(100);
});

it('promises nothing where nothing is written', async () => {
  for (const _ of [1, 2, 3, 4]) await second(0);
  expect(trend.spool(7, 10_000)).toEqual({ usedBytes: 7, maxBytes: 10_000, bytesPerSecond: 0 });
});
