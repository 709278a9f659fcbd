/** Alarms as people and programs meet them, over HTTP. */

import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { definitionOf } from '../historian/query/testbed/gatewayStream.ts';
import { emptyModel } from '../model/assets/assetModel.ts';
import { loadAlarms } from '../monitor/alarms/loadAlarms.ts';
import type { AlarmDoor } from './serve/alarmRoutes.ts';
import { HistorianDoor } from './testbed/historianDoor.ts';
import { closePlantAlarms, openPlantAlarms } from './testbed/plantAlarms.ts';

const START = Date.parse('2026-05-04T08:00:00Z') * 1_000;
const S = 1_000_000;
const REASONS =
  'rationalisation: { cause: c, consequence: hose ages, severity: severe, action: wash it, responseTime: 3min }';
const ALARMS = `alarms:
  - { tag: plant/area/tag-0, name: hot, condition: high, limit: 80, ${REASONS} }
  - { tag: plant/area/tag-1, name: wet, condition: high, limit: 80, priority: low, exception: trial }`;

const clock = new ManualClock(START as Timestamp);
let door: HistorianDoor;
let plant: AlarmDoor;

beforeAll(async () => {
  door = await HistorianDoor.open(clock, async (historian, directory) => {
    plant = await openPlantAlarms(historian, directory, clock);
    return { alarms: plant };
  });
  await door.historian.sink.defineTags('station-1', [definitionOf(0), definitionOf(1)]);
  plant.alarms.use(loadAlarms(new Map([['alarms/a.yaml', ALARMS]]), emptyModel(), () => undefined));
});
afterAll(async () => {
  closePlantAlarms(plant);
  await door.stop();
});

const operate = async (body: object) => {
  const response = await door.post('/alarms/operations', { by: 'mira', ...body });
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
};

it('an alarm comes, is acknowledged, shelved, and all of it can be read', async () => {
  await door.append([
    [0, START + S, 91],
    [1, START + S, 92],
  ]);
  await clock.advance(2_000);
  expect(await door.json('/alarms')).toMatchObject({
    alarms: [
      {
        name: 'hot',
        origin: 'server',
        state: 'unacknowledged',
        priority: 'critical',
        value: 91,
        limit: 80,
        action: 'wash it',
      },
      { name: 'wet', priority: 'low' },
    ],
    counts: { unacknowledged: 2, active: 2, quiet: 0, all: 2 },
  });
  expect(await operate({ operation: 'acknowledge', alarms: ['hot', 'nothing'], comment: 'on my way' })).toMatchObject({
    done: [{ name: 'hot', state: 'acknowledged', by: 'mira', comment: 'on my way' }],
    refused: [{ name: 'nothing', code: 'alarm.unknown' }],
  });
  expect(
    await operate({ operation: 'shelve', alarms: ['wet'], forSeconds: 600, comment: 'probe loose' }),
  ).toMatchObject({
    done: [{ state: 'shelved', until: clock.now() + 600 * S }],
  });
  expect((await door.json('/alarms')).alarms).toMatchObject([{ name: 'hot' }]);
  expect((await door.json('/alarms?show=quiet')).alarms).toMatchObject([{ name: 'wet' }]);
  const history = await door.json('/alarms/history?order=oldest&limit=3');
  expect(history.records.map(({ name, happening }: Record<string, string>) => `${name} ${happening}`)).toEqual([
    'hot activated',
    'wet activated',
    'hot acknowledged',
  ]);
  const rest = await door.json(`/alarms/history?order=oldest&cursor=${history.next}`);
  expect(rest).toMatchObject({ records: [{ name: 'wet', happening: 'shelved', by: 'mira' }], next: null });
});

it('brings in the log of another system, twice without harm, and analyses it', async () => {
  const records = Array.from({ length: 12 }, (_, at) => ({
    ...{ time: new Date((START - 3_600 * S) / 1_000 + at * 20_000).toISOString(), alarm: `loop-${at % 4}/high` },
    happening: 'activated',
  }));
  const bring = async () => (await door.post('/alarms/import', { origin: 'dcs', records })).json();
  expect(await bring()).toEqual({ added: 12, known: 0 });
  expect(await bring()).toEqual({ added: 0, known: 12 });
  for (const origin of ['server', 'station-1']) {
    const forged = await door.post('/alarms/import', { origin, records });
    expect(await forged.json()).toMatchObject({ code: 'alarm.import-refused', status: 409 });
  }
  expect(await door.json('/alarms/analysis?start=*-2h&origin=dcs')).toMatchObject({
    activations: 12,
    floods: [{ activations: 12, peak: 12, sequence: [{ alarm: 'dcs:loop-0/high' }, {}, {}, {}] }],
    alarms: [{ alarm: 'dcs:loop-0/high', activations: 3, neverActedUpon: true }, {}, {}, {}],
  });
});

it.each([
  ['shelving without an end', { operation: 'shelve', alarms: ['wet'], comment: 'x' }, 'forSeconds'],
  ['nobody', { operation: 'acknowledge', alarms: ['hot'], by: '' }, 'by'],
  ['an operation that there is not', { operation: 'silence', alarms: ['hot'] }, 'operation'],
])('%s is refused with the field that is wrong', async (_what, body, field) => {
  expect(await operate(body)).toMatchObject({
    status: 400,
    code: 'request.invalid',
    errors: [{ field: expect.stringContaining(field) }],
  });
});
