import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineAlarm } from '@tidegate/alarm/definition/alarmDefinition.ts';
import { alarmSchema } from '@tidegate/alarm/definition/alarmSchema.ts';
import type { AlarmRecord } from '@tidegate/core/alarm/alarmRecord.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { perLane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Conditioner } from '../conditioner.ts';
import type { TagRule } from '../tagRule.ts';
import { blockOf, RecordingLane, type Row } from '../testbed/recordingLane.ts';
import { AlarmKeeper } from './alarmKeeper.ts';
import { GatewayAlarms } from './gatewayAlarms.ts';

/** Tag numbers: what is watched, what is watched and may not cross, the system tags of the alarms. */
const LEVEL = 0;
const SECRET = 1;
const OF_LEVEL = 10;
const OF_SECRET = 11;
const OUTSIDE = 12;
const RULES: readonly TagRule[] = [
  { number: LEVEL, lane: 'analytical', scale: 0.1, watched: true, exception: { deviation: 1_000 } },
  { number: SECRET, lane: 'operational', watched: true, forbidden: true },
  ...[OF_LEVEL, OF_SECRET, OUTSIDE].map((number): TagRule => ({ number, lane: 'audit', stepped: true })),
];

let directory: string;
let clock: ManualClock;
let lanes: Record<'operational' | 'analytical' | 'audit', RecordingLane>;
let keeper: AlarmKeeper;
let alarms: GatewayAlarms;
let conditioner: Conditioner;

function alarm(signal: number, entry: object) {
  const parsed = alarmSchema.parse({ tag: 'site/level', exception: 'of a test', priority: 'high', ...entry });
  const definition = defineAlarm(parsed, () => undefined);
  return { definition, unit: 'm', signal, reference: undefined, suppressors: [] };
}

async function start(): Promise<void> {
  keeper = await AlarmKeeper.open(join(directory, 'alarms'));
  const tags = new Map([
    ['site.level', OF_LEVEL],
    ['secret', OF_SECRET],
    ['outside', OUTSIDE],
  ]);
  const configured = [
    alarm(LEVEL, { name: 'site/level', condition: 'high', limit: 5, latching: true }),
    alarm(SECRET, { name: 'secret', condition: 'discrete', equals: true }),
  ];
  alarms = new GatewayAlarms({ alarms: configured, tags, clock, kept: keeper.found });
  conditioner = new Conditioner(RULES, lanes, [], alarms);
  alarms.attach(conditioner);
}

async function read(...rows: Row[]): Promise<void> {
  conditioner.write(blockOf(rows));
  await Promise.resolve();
}

function told(): [tag: number, time: number, text: string][] {
  return lanes.audit.rows.splice(0).map(([tag, timeMs, text]) => {
    const { happening, state } = JSON.parse(String(text)) as AlarmRecord;
    return [tag, timeMs, `${happening}: ${state}`];
  });
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-gateway-alarms-'));
  clock = new ManualClock(1_000_000_000 as Timestamp);
  lanes = perLane(() => new RecordingLane());
  await start();
});
afterEach(() => rm(directory, { recursive: true }));

it('sees every reading, scaled, before exceptions leave any out, and of tags that may not cross', async () => {
  await read([LEVEL, 1_000, 40], [LEVEL, 2_000, 51], [LEVEL, 3_000, 40], [SECRET, 4_000, 1]);
  expect(lanes.analytical.rows).toHaveLength(1);
  expect(lanes.operational.rows).toHaveLength(0);
  expect(told()).toEqual([
    [OF_LEVEL, 2_000, 'activated: unacknowledged'],
    [OF_LEVEL, 3_000, 'returned: latched-unacknowledged'],
    [OF_SECRET, 4_000, 'activated: unacknowledged'],
  ]);
});

it('is a discrete alarm with the times of the device where an outstation tells of its events afterwards', async () => {
  // The state as it was polled, and then the two events between the polls, as DNP3 brings them.
  await read([SECRET, 1_000, 0], [SECRET, 5_000, 0], [SECRET, 3_000.25, 1], [SECRET, 3_000.5, 0]);
  expect(told()).toEqual([
    [OF_SECRET, 3_000.25, 'activated: unacknowledged'],
    [OF_SECRET, 3_000.5, 'returned: returned-unacknowledged'],
  ]);
});

it('says nothing by itself where a device cannot be read', async () => {
  await read([LEVEL, 1_000, 60], [LEVEL, 2_000, null, STATUS.BadTimeout], [LEVEL, 3_000, 60]);
  expect(told()).toEqual([[OF_LEVEL, 1_000, 'activated: unacknowledged']]);
});

it('keeps what people did over a crash', async () => {
  await read([LEVEL, 1_000, 60], [SECRET, 1_000, 1]);
  alarms.operate('site/level', { kind: 'acknowledge' }, { by: 'anna', comment: 'valve closed' });
  alarms.operate('secret', { kind: 'shelve', forMs: 60_000, oneShot: false }, { by: 'ben', comment: 'works' });
  await keeper.keep(alarms);
  const before = alarms.views();
  // Nothing is stopped: the next life finds what is on disk.
  await start();
  expect(alarms.views()).toEqual(before);
  lanes.audit.rows.length = 0;
  await read([LEVEL, 2_000, 60], [SECRET, 2_000, 1]);
  expect(told()).toEqual([]);
  await clock.advance(60_000);
  alarms.tick();
  alarms.flush();
  expect(told()).toEqual([[OF_SECRET, 1_060_000, 'unshelved: unacknowledged']]);
});

it('writes nothing to disk while nothing happens', async () => {
  await keeper.keep(alarms);
  await read([LEVEL, 1_000, 10]);
  await keeper.keep(alarms);
  expect((await AlarmKeeper.open(join(directory, 'alarms'))).found.size).toBe(0);
});

it('tells of an alarm that stood and is configured no more, once', async () => {
  await read([LEVEL, 1_000, 60]);
  await keeper.keep(alarms);
  told();
  for (const expected of [[[OUTSIDE, 1_000_000, 'out-of-service: out-of-service']], []]) {
    keeper = await AlarmKeeper.open(join(directory, 'alarms'));
    alarms = new GatewayAlarms({ alarms: [], tags: new Map([['outside', OUTSIDE]]), clock, kept: keeper.found });
    alarms.attach(conditioner);
    expect(told()).toEqual(expected);
    await keeper.keep(alarms);
  }
});

it('goes on where the disk takes nothing, and says so once', async () => {
  await read([LEVEL, 1_000, 60]);
  alarms.operate('site/level', { kind: 'shelve', forMs: 5_000, oneShot: false }, { by: 'ben', comment: 'works' });
  told();
  await rm(join(directory, 'alarms'), { recursive: true });
  const said: string[] = [];
  const stop = new AbortController();
  const running = keeper.run(alarms, clock, stop.signal, (detail) => said.push(detail));
  for (let step = 0; step < 60; step++) {
    await clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await vi.waitFor(() => expect(said).toEqual([expect.stringMatching(/cannot be kept: ENOENT/)]));
  await vi.waitFor(async () => {
    await clock.advance(100);
    expect(alarms.views()[0].state).toBe('unacknowledged');
  });
  stop.abort();
  await running;
});

it('takes what a device tells of alarms of its own, with their times', async () => {
  const record: AlarmRecord = {
    ...{ time: 5_000_000 as Timestamp, alarm: 'plc-9/overcurrent', happening: 'activated', state: 'unacknowledged' },
    ...{ priority: 'high', condition: 'outside', message: 'overcurrent in feeder 3' },
  };
  alarms.report(record);
  await Promise.resolve();
  expect(lanes.audit.rows).toEqual([[OUTSIDE, 5_000, JSON.stringify(record), STATUS.Good]]);
});

it('loses none of 1,000 happenings a second, and keeps their order', async () => {
  for (let second = 0; second < 30; second++) {
    const rows = Array.from({ length: 1_000 }, (_, at): Row => [LEVEL, second * 1_000 + at, at % 2 === 0 ? 60 : 40]);
    conditioner.write(blockOf(rows));
    await Promise.resolve();
    await clock.advance(1_000);
    alarms.tick();
  }
  const times = lanes.audit.rows.map(([, timeMs]) => timeMs);
  expect(times).toEqual(Array.from({ length: 30_000 }, (_, at) => at));
  expect(lanes.audit.counts).toMatchObject({ read: 30_000, suppressed: 0, refused: 0 });
});
