import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { logEvents } from './eventLog.ts';

interface Line {
  readonly level: number;
  readonly event: string;
  readonly source: string;
  readonly msg: string;
  readonly unwritten?: number;
}

let lines: Line[];
let clock: ManualClock;
let sink: EventSink;
beforeEach(() => {
  lines = [];
  clock = new ManualClock();
  sink = logEvents(pino({ base: null }, { write: (line) => lines.push(JSON.parse(line)) }), clock);
});

function report(kind: EventKind, source: string, detail = 'something'): void {
  sink({ at: clock.now(), kind, source, detail });
}

describe('the event log', () => {
  it.each<[EventKind, number]>([
    ['device.connected', 30],
    ['device.lost', 40],
    ['guard.refused', 50],
    ['worker.crashed', 50],
  ])('writes %s at level %d', (kind, level) => {
    report(kind, 'plc-1', 'a detail');
    expect(lines).toEqual([expect.objectContaining({ level, event: kind, source: 'plc-1', msg: 'a detail' })]);
  });

  it('counts what a source says more than five times a minute, and tells the count afterwards', async () => {
    for (let index = 0; index < 100; index++) report('device.lost', 'plc-1', `attempt ${index}`);
    expect(lines).toHaveLength(5);
    report('device.lost', 'plc-2');
    report('device.connected', 'plc-1');
    expect(lines).toHaveLength(7);
    await clock.advance(60_000);
    report('device.lost', 'plc-1', 'attempt 100');
    expect(lines.at(-1)).toMatchObject({ msg: 'attempt 100', unwritten: 95 });
    report('device.lost', 'plc-1', 'attempt 101');
    expect(lines.at(-1)).not.toHaveProperty('unwritten');
  });

  it('owes the count of a source also where thousands of strangers have come since', async () => {
    for (let index = 0; index < 10; index++) report('device.lost', 'plc-1');
    for (const minute of [1, 2]) {
      for (let stranger = 0; stranger < 2_000; stranger++) report('boundary.refused', `${minute}:${stranger}`);
      await clock.advance(60_000);
    }
    report('device.lost', 'plc-1');
    expect(lines.at(-1)).toMatchObject({ source: 'plc-1', unwritten: 5 });
  });
});
