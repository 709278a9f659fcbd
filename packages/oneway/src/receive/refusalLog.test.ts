import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { expect, it } from 'vitest';
import { RefusalLog } from './refusalLog.ts';

it('SR 2.8: reports so many a minute, and counts in the next event what it left out', async () => {
  const clock = new ManualClock();
  const events: PlantEvent[] = [];
  const log = new RefusalLog(clock, (event) => events.push(event), 2);
  for (let count = 0; count < 5; count++) log.refuse('a', 'b');
  expect(events.map(({ detail }) => detail)).toEqual(['b', 'b']);
  await clock.advance(60_000);
  log.refuse('a', 'b');
  log.refuse('a', 'b');
  expect(events.slice(2).map(({ detail }) => detail)).toEqual(['b (3 refusals before it were not reported)', 'b']);
});
