import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { perLane } from '@tidegate/core/sample/lane.ts';
import { afterEach, expect, it, vi } from 'vitest';
import { BoundaryTrend } from './boundaryTrend.ts';
import { type LiveParts, startLive } from './live.ts';

const directory = mkdtempSync(join(tmpdir(), 'tidegate-live-'));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('is an event where there can be no socket, and goes on to know since when the boundary is there', async () => {
  const clock = new ManualClock();
  const events: PlantEvent[] = [];
  const trend = new BoundaryTrend(clock);
  const live = startLive({
    config: { gateway: 'north-1', dataDirectory: join(directory, 'd'.repeat(100)) },
    clock,
    events: (event: PlantEvent) => events.push(event),
    trend,
    status: () => ({ lanes: perLane(() => ({ connected: true })) }),
  } as unknown as LiveParts);
  await vi.waitFor(() => expect(trend.links.audit.connected).toBe(true));
  expect(events).toEqual([
    {
      at: clock.now(),
      kind: 'live.unavailable',
      source: 'north-1',
      detail: expect.stringMatching(/^there is no live view: .+ has \d+ bytes, and a socket can have 107 at most$/),
    },
  ]);
  await live.stop();
});
