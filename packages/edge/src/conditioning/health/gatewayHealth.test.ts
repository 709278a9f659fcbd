import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineAlarm } from '@tidegate/alarm/definition/alarmDefinition.ts';
import { alarmSchema } from '@tidegate/alarm/definition/alarmSchema.ts';
import type { AlarmRecord } from '@tidegate/core/alarm/alarmRecord.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { perLane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { StateFile } from '@tidegate/journal/stateFile.ts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GatewayAlarms } from '../alarms/gatewayAlarms.ts';
import { Conditioner } from '../conditioner.ts';
import { watchTogether } from '../readingWatcher.ts';
import type { TagRule } from '../tagRule.ts';
import { blockOf, RecordingLane } from '../testbed/recordingLane.ts';
import { GatewayHealth } from './gatewayHealth.ts';
import { HealthKeeper } from './healthKeeper.ts';
import type { KeptDetector } from './keptDetector.ts';
import { pumpMinutes, pumpProfile, START_US } from './testbed/pump.ts';
import { RowRecorder } from './testbed/rowRecorder.ts';
import type { WatchedProfile } from './watchedProfile.ts';

const [VIBRATION, TEMPERATURE] = [7, 8];
const [SCORE, ALARMING, LATE] = [100, 101, 102];
const [ALARM, OUTSIDE] = [200, 201];
const RULES: readonly TagRule[] = [
  { number: VIBRATION, lane: 'analytical', scale: 0.01, watched: true, exception: { deviation: 100 } },
  { number: TEMPERATURE, lane: 'analytical', watched: true, forbidden: true },
  { number: SCORE, lane: 'operational', exception: { deviation: 0, maxIntervalMs: 600_000 } },
  { number: ALARMING, lane: 'operational', stepped: true, watched: true, exception: { deviation: 0 } },
  { number: LATE, lane: 'operational', stepped: true, exception: { deviation: 0 } },
  ...[ALARM, OUTSIDE].map((number): TagRule => ({ number, lane: 'audit', stepped: true })),
];
const learned = pumpProfile();

let directory: string;
let clock: ManualClock;
let events: PlantEvent[];
let lanes: Record<'operational' | 'analytical' | 'audit', RecordingLane>;
let recorder: RowRecorder;
let profiles: readonly WatchedProfile[];
let keeper: HealthKeeper;
let health: GatewayHealth;
let conditioner: Conditioner;
let stop: AbortController;
let running: Promise<unknown>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-gateway-health-'));
  clock = new ManualClock(START_US as Timestamp);
  events = [];
  recorder = new RowRecorder(learned);
  const tags = { score: SCORE, alarming: ALARMING, late: LATE };
  profiles = [{ name: 'pump-7/bearings', profile: recorder, digest: 'of-3', features: [VIBRATION, TEMPERATURE], tags }];
  await start();
});
afterEach(async () => {
  stop.abort();
  await running;
  await rm(directory, { recursive: true });
});

async function start(): Promise<void> {
  const ports = { clock, events: (event: PlantEvent) => events.push(event) };
  keeper = await HealthKeeper.open(join(directory, 'health'), profiles, ports);
  health = new GatewayHealth({ profiles, kept: keeper.found, ...ports });
  lanes = perLane(() => new RecordingLane());
  const entry = {
    tag: 'pump-7/bearings/alarming',
    condition: 'discrete',
    equals: true,
    exception: 'of a test',
    priority: 'high',
  };
  const definition = defineAlarm(alarmSchema.parse(entry), () => undefined);
  const alarm = { definition, unit: '', signal: ALARMING, reference: undefined, suppressors: [] };
  const numbers = new Map([
    ['pump-7.bearings.alarming.discrete', ALARM],
    ['outside', OUTSIDE],
  ]);
  const alarms = new GatewayAlarms({ alarms: [alarm], tags: numbers, clock, kept: new Map() });
  conditioner = new Conditioner(RULES, lanes, [], watchTogether(alarms, health));
  alarms.attach(conditioner);
  health.attach(conditioner);
  stop = new AbortController();
  running = Promise.all([health.run(stop.signal), keeper.run(health, stop.signal)]);
}

/** Readings of one minute, at its beginning, and the minute. */
async function minute(vibration: number | null, temperature: number | null): Promise<void> {
  const nowMs = clock.now() / 1_000;
  const bad = (value: number | null) => (value === null ? STATUS.BadTimeout : STATUS.Good);
  conditioner.write(
    blockOf([
      [VIBRATION, nowMs, vibration === null ? null : vibration * 100, bad(vibration)],
      [TEMPERATURE, nowMs, temperature, bad(temperature)],
    ]),
  );
  await clock.advance(60_000);
}

function alarmStates(): string[] {
  return lanes.audit.rows.map(([, , text]) => (JSON.parse(String(text)) as AlarmRecord).state);
}

function lastOf(tag: number) {
  return lanes.operational.rows.findLast((row) => row[0] === tag);
}

it('raises an alarm of the gateway, of tags of which nothing crosses, and none over a device that is dead', async () => {
  const minutes = pumpMinutes(2);
  for (let count = 0; count < 60; count++) await minute(...minutes.next().value);
  expect(alarmStates()).toEqual([]);
  for (let count = 0; count < 10; count++) await minute(null, null);
  expect(lastOf(SCORE)).toMatchObject([SCORE, expect.any(Number), null, STATUS.BadNoData]);
  expect(alarmStates()).toEqual([]);
  // It shakes, and is cold all the same.
  for (let count = 0; count < 20; count++) await minute(4, 50);
  await clock.advance(10_000);
  expect(lastOf(ALARMING)).toMatchObject([ALARMING, expect.any(Number), 1, STATUS.Good]);
  expect(alarmStates()).toEqual(['unacknowledged']);
  expect(recorder.rows.slice(1, 60).every(({ quality }) => quality === 1)).toBe(true);
  // What stands still says nothing new.
  expect(lanes.operational.rows.filter(([tag]) => tag === LATE)).toHaveLength(1);
});

it('goes on after a crash where it was kept within the minute before', async () => {
  const minutes = pumpMinutes(3);
  for (let count = 0; count < 5; count++) await minute(...minutes.next().value);
  const until = await vi.waitFor(async () => {
    await clock.advance(250);
    const { found } = await StateFile.open<KeptDetector>(join(directory, 'health', String(SCORE)));
    const kept = found?.averages.until ?? 0;
    expect(kept).toBeGreaterThan(clock.now() - 60e6 - 6e6);
    return kept;
  });
  stop.abort();
  const before = recorder.rows.length;
  // Nothing else is stopped: the next life finds what is on disk.
  await start();
  expect(keeper.found[0]?.averages.until).toBeGreaterThanOrEqual(until);
  await minute(...minutes.next().value);
  await minute(...minutes.next().value);
  expect(recorder.rows.length).toBeGreaterThan(before);
  expect(recorder.rows.every(({ time }, at) => at === 0 || time > recorder.rows[at - 1].time)).toBe(true);
  expect(events).toEqual([]);
});

it('is all there after a stop', async () => {
  await minute(2, 60);
  stop.abort();
  await running;
  health.detach();
  await keeper.keep(health);
  const state = health.detectors[0].keep();
  await start();
  expect(keeper.found[0]).toEqual(JSON.parse(JSON.stringify(state)));
  expect(state.averages.until).toBe(clock.now());
});

it('begins anew where what was kept is damaged, and says so', async () => {
  await keeper.keep(health);
  for (const file of ['state', 'state.next'])
    await writeFile(join(directory, 'health', String(SCORE), file), '1 {}\n0\n');
  stop.abort();
  await start();
  expect(events).toMatchObject([
    { kind: 'health.failed', source: 'pump-7/bearings', detail: expect.stringMatching(/state-damaged.*begins anew/) },
  ]);
  await minute(2, 60);
  await clock.advance(10_000);
  expect(lastOf(SCORE)).toBeDefined();
});

it('goes on where the disk takes nothing, and says so once, and when it does again', async () => {
  await keeper.keep(health);
  await rm(join(directory, 'health'), { recursive: true });
  await keeper.keep(health);
  await keeper.keep(health);
  await start();
  await keeper.keep(health);
  expect(events.map(({ kind }) => kind)).toEqual(['health.unwritable']);
});

it('loses its own rows to a model that throws, and no reading', async () => {
  recorder.throwsAt.add(START_US + 120e6);
  for (let count = 0; count < 4; count++) await minute(2 + count / 100, 60);
  await clock.advance(10_000);
  expect(events).toMatchObject([
    { kind: 'worker.crashed', source: 'health of pump-7/bearings', detail: 'TypeError: no such mode; it begins anew' },
  ]);
  const statuses = lanes.operational.rows.filter(([tag]) => tag === SCORE).map(([, , , status]) => status);
  expect(statuses).toEqual([STATUS.Good, STATUS.Bad, STATUS.Good, STATUS.Good]);
  expect(lanes.analytical.counts.read).toBe(8);
});

it('shares a tag among models, and its rows among turns', async () => {
  const [watched] = profiles;
  profiles = Array.from({ length: 100 }, (_, at) => ({
    ...watched,
    tags: { score: 1_000 + at, alarming: 2_000 + at, late: 3_000 + at },
  }));
  stop.abort();
  await start();
  conditioner.write(
    blockOf([
      [VIBRATION, START_US / 1e3, 200],
      [TEMPERATURE, START_US / 1e3, 60],
    ]),
  );
  await clock.advance(65_500);
  recorder.rows.length = 0;
  clock.setWallClock((START_US + 66e6) as Timestamp);
  const turns: number[] = [];
  let isMoreDue = true;
  while (isMoreDue) {
    isMoreDue = health.tick();
    turns.push(recorder.rows.length);
  }
  expect(turns).toEqual([32, 64, 96, 100]);
});
