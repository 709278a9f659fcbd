import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { expect, test } from 'vitest';
import type { SeenEvent } from './plantTables.ts';
import { RecentEvents } from './recentEvents.ts';

const eventOf = (detail: string, gateway?: string): SeenEvent => ({
  ...{ at: 0 as Timestamp, kind: 'guard.refused', source: 'plc-1', detail },
  ...(gateway !== undefined && { gateway }),
});

test('events are kept in the order in which the server learnt of them, whosever they are', () => {
  const events = new RecentEvents();
  for (const [detail, gateway] of [['1', 'north'], ['2'], ['3', 'south'], ['4', 'north']] as const)
    events.record(eventOf(detail, gateway));
  expect(events.rows().map(({ detail }) => detail)).toEqual(['1', '2', '3', '4']);
  expect(events.revision()).toBe(4);
});

test('SR 6.1: a gateway that reports without end hides nothing that others report, and takes no memory without end', () => {
  const events = new RecentEvents();
  events.record(eventOf('own'));
  events.record(eventOf('quiet', 'south'));
  for (let at = 0; at < 25_000; at++) events.record(eventOf(`flood ${at}`, 'north'));
  const rows = events.rows();
  expect(rows.slice(0, 2).map(({ detail }) => detail)).toEqual(['own', 'quiet']);
  expect(rows).toHaveLength(5_002);
  expect(rows.at(-1)?.detail).toBe('flood 24999');
});
