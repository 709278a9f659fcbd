import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { expect, it, onTestFinished } from 'vitest';
import { AlarmJournal } from '../../monitor/alarms/alarmJournal.ts';
import { HistorianDoor } from '../testbed/historianDoor.ts';
import { type FramePlant, openFramePlant } from '../testbed/plantFrames.ts';
import { alarmRows, frameRows } from './meaningTables.ts';
import { at, SqlPlant } from './testbed/sqlPlant.ts';

const S = 1_000_000;
const START = at('2026-01-01T00:00:00Z');
const TEXTS = new Map([
  ['assets/a.yaml', 'assets:\n  - { path: acme/pump, id: P1, attributes: { on: { tag: acme/pump/on } } }\n'],
  [
    'frames/f.yaml',
    `frames:
  - { name: run, kind: run, asset: P1, while: "'on' == 1", figures: { most: { attribute: on, capture: maximum } } }
`,
  ],
]);

it('alarms and frames are tables, with what has come since the last statement', async () => {
  const clock = new ManualClock((START + 600 * S) as Timestamp);
  let frames!: FramePlant;
  const door = await HistorianDoor.open(clock, async (historian, directory) => {
    frames = await openFramePlant(historian, directory, clock, TEXTS);
    return {};
  });
  const journal = AlarmJournal.open(':memory:');
  if (!journal.ok) throw new Error(journal.fault.detail);
  const plant = await SqlPlant.open();
  const sql = plant.openSql({ alarms: alarmRows(journal.value), frames: frameRows(frames.frames, frames.model) });
  onTestFinished(async () => {
    await sql.close();
    await plant.close();
    await frames.close();
    await door.stop();
  });
  const ask = async (statement: string) => (await plant.ask(statement, undefined, undefined, sql)).rows;
  expect(await ask('SELECT count(*) FROM alarms, frames')).toEqual([[0n]]);
  const times = [0, 10, 40, 60].map((second) => START + second * S);
  await door.post('/history/import', {
    series: [{ path: 'acme/pump/on', stepped: true, times, values: [0, 1, 0, 1] }],
  });
  await frames.frames.deriver.settle();
  const record = {
    ...{ alarm: 'wet', time: (START + 20 * S) as Timestamp, received: START, happening: 'activated' as const },
    ...{ origin: 'server', state: 'unacknowledged' as const, priority: 'high' as const, condition: 'high' },
    ...{ value: 91, limit: 80, unit: '%', message: 'wet sump' },
  };
  journal.value.append([record, { ...record, time: (START + 50 * S) as Timestamp, value: 'soaked', by: 'mira' }]);
  expect(
    await ask("SELECT frame, template, kind, asset, began, ended, parent, figures->>'$.most' FROM frames"),
  ).toEqual([
    [1, 'run', 'run', 'acme/pump', START + 10 * S, START + 40 * S, null, '1'],
    [2, 'run', 'run', 'acme/pump', START + 60 * S, null, null, '1'],
  ]);
  expect(await ask('SELECT time, alarm, value, text, limit_value, author FROM alarms')).toEqual([
    [START + 20 * S, 'wet', 91, null, 80, null],
    [START + 50 * S, 'wet', null, 'soaked', 80, 'mira'],
  ]);
  expect(await ask('SELECT frame, alarm FROM frames JOIN alarms ON time BETWEEN began AND ended')).toEqual([
    [1, 'wet'],
  ]);
});
