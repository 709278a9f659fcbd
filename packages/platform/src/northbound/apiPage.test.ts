import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { SqlEngine } from '../historian/lake/engine/sqlEngine.ts';
import { definitionOf } from '../historian/query/testbed/gatewayStream.ts';
import { type ModelPlant, openModelPlant } from '../model/assets/testbed/modelPlant.ts';
import { TwinEngine } from '../model/twins/engine/twinEngine.ts';
import { loadTwins } from '../model/twins/loadTwins.ts';
import { standing } from '../monitor/health/cases/testbed/standings.ts';
import type { PlantHealth } from '../monitor/health/plantHealth.ts';
import { ENDPOINTS } from './contract/endpoint.ts';
import type { Endpoint } from './contract/endpointParts.ts';
import { DEFAULT_INTERVALS, DEFAULT_SAMPLE_LIMIT, MAX_SAMPLE_LIMIT, MAX_VALUES } from './contract/historyQuestion.ts';
import { LIVE_EVENTS, LiveSamples } from './contract/live.ts';
import { FLUSH_INTERVAL_MS } from './live/liveGroup.ts';
import type { AlarmDoor } from './serve/alarmRoutes.ts';
import { HistoryDoor } from './sql/historyDoor.ts';
import { plantSql } from './sql/plantSql.ts';
import { RecentEvents } from './sql/recentEvents.ts';
import { HistorianDoor } from './testbed/historianDoor.ts';
import { closePlantAlarms, openPlantAlarms } from './testbed/plantAlarms.ts';
import { type FramePlant, framesOver } from './testbed/plantFrames.ts';
import { healthOver } from './testbed/plantHealth.ts';
import { importPumpHistory, PUMP_MODEL } from './testbed/pumpTwin.ts';

const page = await readFile(new URL('../../../../docs/api.md', import.meta.url), 'utf8');
const commands = [...page.matchAll(/^curl (.*)$/gm)].map((match) => match[1]);

/** The least that is a PNG: its signature (W3C PNG, 5.2). The page names it by its hash. */
const PHOTO = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const MODEL = readFileSync(join(import.meta.dirname, '../monitor/health/models/onnx/vectors/forest.onnx'));

/** What a command sends; `undefined` where it only asks. */
function bodyOf(command: string): Uint8Array | string | undefined {
  if (command.includes('.onnx')) return MODEL;
  return command.includes(' --data-binary ') ? PHOTO : / -d '([^']+)'/.exec(command)?.[1];
}

/** First column of the table whose head begins with `head`. */
function firstColumn(head: string): string[] {
  const table = page.slice(page.indexOf(`| ${head} |`)).split('\n\n')[0];
  return [...table.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1]);
}

/** What the examples ask for beside the pump. */
const ACCOUNTED = {
  'assets/press.yaml':
    'assets:\n  - { path: acme/north/press-1, attributes: { mode: { value: 2 }, items: { value: 0 } } }\n',
  'frames/north.yaml': `frames:
  - { name: run, kind: run, asset: acme/north/pump-1, while: "'power' > 0" }
  - { name: flowing, asset: acme/north/pump-1, while: "'flow' > 0" }
machines:
  - { asset: acme/north/press-1, state: mode, states: { 2: execute }, pieces: items, idealCycle: 30s }
energy:
  - name: electricity
    asset: acme/north/pump-1
    meter: { attribute: power, measure: integral }
    drivers: [{ attribute: flow, measure: integral }]
    interval: 1h
    baseline: { before: 12h }
`,
  'health/pump.yaml': `health:
  - type: pump
    name: hydraulics
    every: 10min
    learn: 1d
    features: { flow: { attribute: flow }, power: { attribute: power, limit: { high: 500 } } }
    failures:
      worn-impeller:
        signs: { power: up }
        says: the impeller is worn
        severity: minor
        consequence: it takes more power
        action: change the wear ring
lives:
  - type: pump
    name: impeller-life
    watch: hydraulics
    failure: worn-impeller
    records:
      - { asset: acme/north/pump-1, from: 2023-01-10, to: 2023-11-20, ended: failure }
      - { asset: acme/north/pump-1, from: 2023-11-20, to: 2024-08-01, ended: failure }
      - { asset: acme/north/pump-1, from: 2024-08-01, to: 2025-07-05, ended: failure }
`,
};

describe('docs/api.md', () => {
  let door: HistorianDoor;
  let engine: SqlEngine;
  let alarms: AlarmDoor;
  let plant: ModelPlant;
  let frames: FramePlant;
  let twins: TwinEngine;
  let health: PlantHealth;
  beforeAll(async () => {
    plant = await openModelPlant({ ...PUMP_MODEL, ...ACCOUNTED });
    door = await HistorianDoor.open(systemClock, async (historian, directory) => {
      alarms = await openPlantAlarms(historian, directory, systemClock);
      engine = plantSql({
        ...{ lake: join(directory, 'lake'), spill: join(directory, 'spill'), events: new RecentEvents() },
        tags: { revision: () => historian.tagRevision, rows: () => historian.tags() },
        history: new HistoryDoor(historian, systemClock),
      });
      twins = new TwinEngine(historian, systemClock);
      frames = framesOver(historian, directory, systemClock, plant.store);
      health = healthOver(historian, plant.store, directory, systemClock);
      return {
        alarms,
        frames,
        twins,
        health,
        model: plant.store,
        sql: { engine, limits: { timeMs: 20_000, rows: 1_000 } },
      };
    });
    const reactor = { path: 'acme/north/reactor/temperature', unit: 'Cel' };
    const pump = { path: 'acme/north/pump/running', type: 'boolean', stepped: true } as const;
    await door.historian.sink.defineTags('station-1', [
      definitionOf(0, reactor),
      definitionOf(1, pump),
      definitionOf(2, { path: 'acme/north/flow' }),
    ]);
    await importPumpHistory(door.historian, systemClock.now());
    const { model, texts } = plant.store.current()!;
    twins.load(model, loadTwins(texts, model).twins);
    await frames.frames.deriver.settle();
    const watch = health.watches.get('P1/hydraulics')!;
    const [start, end] = [40, 14].map((hours) => systemClock.now() - hours * 3_600e6);
    const learned = await health.trainer.learn(watch, { start, end, by: 'ada' });
    if (!learned.ok) throw new Error(learned.fault.detail);
    await health.lives.check();
    const since = systemClock.now() - 20 * 86_400e6;
    const worn = { level: 130, normal: 100, evidence: 3, since, perDay: 1.5, noLife: undefined };
    const life = { medianDays: 200, lowDays: 90, highDays: 400 };
    health.keeper.see(standing({ watch, time: systemClock.now(), drifts: { power: { ...worn, life } } }));
  });
  afterAll(async () => {
    await engine.close();
    closePlantAlarms(alarms);
    await frames.close();
    await health.close();
    await door.stop();
    await plant.stop();
  });

  test('lists the addresses of the contract, all and no others', () => {
    expect(firstColumn('address')).toEqual([...new Set(Object.values(ENDPOINTS).map(({ path }) => path))]);
  });

  test('lists the live events of the contract, and what is in them', () => {
    expect(firstColumn('event')).toEqual(Object.keys(LIVE_EVENTS));
    for (const field of Object.keys(LiveSamples.shape)) expect(page).toContain(`\`${field}\``);
  });

  test('states the limits that hold', () => {
    for (const limit of [DEFAULT_SAMPLE_LIMIT, MAX_SAMPLE_LIMIT, MAX_VALUES])
      expect(page).toContain(limit.toLocaleString('en'));
    expect(page).toContain(`${DEFAULT_INTERVALS} of them`);
    expect(page).toContain(`at most every ${FLUSH_INTERVAL_MS} ms`);
  });

  test('shows commands for every kind of address', () => {
    expect(commands.length).toBeGreaterThan(10);
    for (const { path, method } of Object.values<Endpoint>(ENDPOINTS)) {
      const address = new RegExp(`/api/v1${path.replaceAll(/\{\w+\}/g, '[^/]+')}[?']`);
      const shown = commands.some(
        (command) => address.test(command) && / -d | --data-binary /.test(command) === (method === 'POST'),
      );
      expect(shown, `${method} ${path}`).toBe(true);
    }
  });

  test.each(commands)('curl %s is answered', async (command) => {
    const url = /'(http:[^']+)'/.exec(command)?.[1] ?? '';
    const accept = /Accept: ([^']+)/.exec(command)?.[1] ?? '*/*';
    const body = bodyOf(command);
    // One model of a watch is learned at a time.
    const isLearning = () => health.trainer.learning('P1/hydraulics')?.isUnderWay ?? false;
    await vi.waitUntil(() => !isLearning(), { timeout: 20_000 });
    const type = /content-type: ([^']+)/i.exec(command)?.[1] ?? '';
    const abort = new AbortController();
    const answer = await fetch(`${door.url}${url.slice(url.indexOf('/api'))}`, {
      ...(body !== undefined && { method: 'POST', body }),
      headers: { accept, ...(body !== undefined && { 'content-type': type }) },
      signal: abort.signal,
    });
    if (answer.status !== 200) expect(await answer.text()).toBe('');
    if (accept !== '*/*') expect(answer.headers.get('content-type')).toContain(accept);
    abort.abort();
  });
});
