import type { AlarmRecord } from '@tidegate/core/alarm/alarmRecord.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { defineAlarm } from '../definition/alarmDefinition.ts';
import { alarmSchema } from '../definition/alarmSchema.ts';
import { AlarmEngine, type EngineAlarm } from './alarmEngine.ts';
import { type KeptAlarm, readKeptAlarms } from './keptAlarm.ts';

const MIN = 60_000;
const ANNA = { by: 'anna', comment: 'seen' };
let clock: ManualClock;
let records: AlarmRecord[];
let engine: AlarmEngine;

const SIGNALS = ['site/t-1', 'site/state', 'site/set'];

function alarm(entry: object): EngineAlarm {
  const parsed = alarmSchema.parse({ tag: 'site/t-1', exception: 'of a test', priority: 'high', ...entry });
  const definition = defineAlarm(parsed, (_subject, name) => (name === 'starting' ? 1 : undefined));
  const signalOf = ({ path }: { path: string }) => SIGNALS.indexOf(path);
  return {
    definition,
    unit: 'Cel',
    signal: signalOf(definition.subject),
    reference: definition.reference && signalOf(definition.reference),
    suppressors: definition.suppressWhile.map(({ subject }) => signalOf(subject)),
  };
}

function run(entries: readonly object[], kept?: ReadonlyMap<string, KeptAlarm>): void {
  const ports = { clock, record: (record: AlarmRecord) => records.push(record) };
  engine = new AlarmEngine(entries.map(alarm), ports, kept);
}

function sample(path: string, value: number, status: number = STATUS.Good): void {
  engine.sample(SIGNALS.indexOf(path), { time: clock.now(), value, text: undefined, status });
}

/** What has happened since the last look. */
function happened(): string[] {
  return records.splice(0).map(({ happening, state }) => `${happening}: ${state}`);
}

beforeEach(() => {
  clock = new ManualClock(1_000_000_000 as Timestamp);
  records = [];
});

const HIGH = { condition: 'high', limit: 120, deadband: 2 };
const NAME = 'site/t-1/high';

it('tells what happens, with what was measured and who did what', async () => {
  run([HIGH]);
  sample('site/t-1', 125);
  await clock.advance(1_000);
  expect(engine.operate(NAME, { kind: 'acknowledge' }, ANNA)).toMatchObject({
    ok: true,
    value: { state: 'acknowledged' },
  });
  sample('site/t-1', 110);
  const said = {
    alarm: NAME,
    priority: 'high',
    condition: 'high',
    limit: 120,
    unit: 'Cel',
    message: 'site/t-1 above 120 Cel',
  };
  expect(records).toEqual([
    { ...said, time: 1_000_000_000, happening: 'activated', state: 'unacknowledged', value: 125 },
    { ...said, time: 1_001_000_000, happening: 'acknowledged', state: 'acknowledged', value: 125, ...ANNA },
    { ...said, time: 1_001_000_000, happening: 'returned', state: 'normal', value: 110 },
  ]);
  expect(engine.views()).toEqual([
    {
      ...{ name: NAME, state: 'normal', since: 1_001_000_000, active: false, priority: 'high', condition: 'high' },
      ...{ value: 110, limit: 120, unit: 'Cel', message: 'site/t-1 above 120 Cel' },
      subject: { kind: 'tag', path: 'site/t-1' },
    },
  ]);
});

describe('shelving', () => {
  const shelve = (forMs: number, comment = 'sensor is exchanged') =>
    engine.operate(NAME, { kind: 'shelve', forMs, oneShot: false }, { by: 'anna', comment });

  it('ends at its time, and the alarm is announced anew', async () => {
    run([HIGH]);
    sample('site/t-1', 125);
    expect(shelve(30 * MIN)).toMatchObject({ ok: true, value: { until: 1_000_000_000 + 30 * MIN * 1_000 } });
    await clock.advance(30 * MIN - 1);
    engine.tick();
    expect(happened()).toEqual(['activated: unacknowledged', 'shelved: shelved']);
    await clock.advance(1);
    engine.tick();
    expect(happened()).toEqual(['unshelved: unacknowledged']);
  });

  it('ends as well where the clock is set back, and where the program is restarted', async () => {
    run([HIGH]);
    shelve(30 * MIN);
    clock.setWallClock(0 as Timestamp);
    await clock.advance(30 * MIN);
    engine.tick();
    expect(happened()).toEqual(['shelved: shelved', 'unshelved: normal']);
    shelve(30 * MIN);
    happened();
    const kept = readKeptAlarms(JSON.parse(JSON.stringify(engine.keep())));
    await clock.advance(31 * MIN);
    run([HIGH], kept);
    engine.tick();
    expect(happened()).toEqual(['unshelved: normal']);
  });

  it('has a longest time, and a reason', () => {
    run([{ ...HIGH, maxShelving: '1h' }]);
    expect(shelve(61 * MIN)).toMatchObject({ fault: { code: 'alarm.refused', detail: /for 60 min at most/ } });
    expect(shelve(MIN, ' ')).toMatchObject({
      fault: { code: 'alarm.refused', detail: /not shelved without a reason/ },
    });
    expect(happened()).toEqual([]);
  });
});

it('suppresses while the plant is in a state, and for so long after it', async () => {
  run([{ ...HIGH, suppressWhile: [{ tag: 'site/state', equals: 'starting', hold: '1min' }] }]);
  sample('site/state', 1);
  sample('site/t-1', 125);
  sample('site/state', 2);
  await clock.advance(MIN - 1);
  engine.tick();
  expect(happened()).toEqual(['suppressed: suppressed-by-design']);
  await clock.advance(1);
  engine.tick();
  expect(happened()).toEqual(['unsuppressed: unacknowledged']);
});

it('goes on after a restart as it was', () => {
  const suppressed = { ...HIGH, name: 'b', suppressWhile: [{ tag: 'site/state', equals: 1 }] };
  const all = [{ ...HIGH, name: 'a', latching: true }, suppressed, { ...HIGH, name: 'c' }, { ...HIGH, name: 'd' }];
  run(all);
  sample('site/state', 1);
  sample('site/t-1', 125);
  engine.operate('a', { kind: 'acknowledge' }, ANNA);
  sample('site/t-1', 100);
  engine.operate('c', { kind: 'remove-from-service' }, ANNA);
  engine.operate('d', { kind: 'acknowledge' }, ANNA);
  const before = engine.views();
  const kept: unknown = JSON.parse(JSON.stringify(engine.keep()));
  expect(Object.keys(kept as object)).toEqual(['a', 'b', 'c']);
  happened();
  run(all, readKeptAlarms(kept));
  expect(engine.views().slice(0, 3)).toEqual(before.slice(0, 3));
  sample('site/state', 1);
  expect(happened()).toEqual([]);
  sample('site/state', 0);
  expect(happened()).toEqual(['unsuppressed: normal']);
});

it('is no longer suppressed where what suppressed it is configured no more', () => {
  run([{ ...HIGH, suppressWhile: [{ tag: 'site/state', equals: 1 }] }]);
  sample('site/state', 1);
  happened();
  run([HIGH], readKeptAlarms(engine.keep()));
  expect(happened()).toEqual(['unsuppressed: normal']);
});

it.each<unknown>([
  undefined,
  'text',
  { 'site/t-1/high': 5 },
  { 'site/t-1/high': { situation: { annunciation: 'shelved' }, since: 0, suppressing: [] } },
])('begins anew where what was kept is %j', (kept) => {
  run([HIGH], readKeptAlarms(kept));
  expect(engine.view(NAME)).toMatchObject({ state: 'normal' });
});

it.each([
  ['nothing', { kind: 'acknowledge' as const }, 'alarm.unknown'],
  [NAME, { kind: 'acknowledge' as const }, 'alarm.refused'],
])('refuses to acknowledge %s', (name, operation, code) => {
  run([HIGH]);
  expect(engine.operate(name, operation, ANNA)).toMatchObject({ fault: { code } });
});

it('only writes down what nobody has to acknowledge', () => {
  run([{ ...HIGH, priority: 'journal' }]);
  sample('site/t-1', 125);
  sample('site/t-1', 100);
  expect(happened()).toEqual(['activated: acknowledged', 'returned: normal']);
});

it('loses none of 1,000 happenings a second over 10 minutes, and keeps their order', async () => {
  const count = 1_000;
  const names = Array.from({ length: count }, (_, index) => `alarm-${index}`);
  const ports = { clock, record: (record: AlarmRecord) => records.push(record) };
  engine = new AlarmEngine(
    names.map((name, signal) => ({ ...alarm({ ...HIGH, name }), signal })),
    ports,
  );
  const reading = { time: 0, value: 0, text: undefined, status: STATUS.Good };
  for (let second = 0; second < 600; second++) {
    await clock.advance(1_000);
    reading.time = clock.now();
    reading.value = second % 2 === 0 ? 125 : 100;
    for (let signal = 0; signal < count; signal++) engine.sample(signal, reading);
    engine.tick();
  }
  expect(records).toHaveLength(600 * count);
  const isInOrder = records.every(({ alarm: name, time, happening }, index) => {
    const second = Math.floor(index / count);
    const expected = second % 2 === 0 ? 'activated' : 'returned';
    return name === names[index % count] && happening === expected && time === 1_000_000_000 + (second + 1) * 1e6;
  });
  expect(isInOrder).toBe(true);
});
