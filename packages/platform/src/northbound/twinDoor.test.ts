import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOf } from '../historian/archive/sampleRun.ts';
import { type ModelPlant, openModelPlant } from '../model/assets/testbed/modelPlant.ts';
import { TwinEngine } from '../model/twins/engine/twinEngine.ts';
import { loadTwins } from '../model/twins/loadTwins.ts';
import { AttributeHistory } from './contract/historyAnswer.ts';
import { Twin, TwinList } from './contract/twin.ts';
import { EventReader } from './testbed/eventReader.ts';
import { type AnyJson, HistorianDoor } from './testbed/historianDoor.ts';
import { importPumpHistory, PUMP_MODEL } from './testbed/pumpTwin.ts';

const NOW = (Date.parse('2026-11-23T12:00:00Z') * 1_000) as Timestamp;
const HOUR = 3_600_000_000;
const PUMP = 'acme%2Fnorth%2Fpump-1';

let clock: ManualClock;
let door: HistorianDoor;
let plant: ModelPlant;
let engine: TwinEngine;
beforeAll(async () => {
  clock = new ManualClock(NOW);
  plant = await openModelPlant(PUMP_MODEL, { clock });
  door = await HistorianDoor.open(clock, (historian) => {
    engine = new TwinEngine(historian, clock);
    return { model: plant.store, twins: engine };
  });
  await importPumpHistory(door.historian, NOW);
  const { model, texts } = plant.store.current()!;
  engine.load(model, loadTwins(texts, model).twins);
  engine.start();
});
afterAll(async () => {
  engine.stop();
  await door.stop();
  await plant.stop();
});

const history = async (attribute: string, query: string) =>
  AttributeHistory.parse(await door.json(`/assets/${PUMP}/attributes/${attribute}/history?${query}`));
/** By time, from the historian itself. */
const tagValues = async (tag: string, query: string): Promise<number[]> =>
  (await door.json(`/history/at?tag=acme/north/pump-1/${tag}&${query}`)).series[0].values;

describe('twins', () => {
  it('are listed, the least trusted first', async () => {
    const list = TwinList.parse(await door.json('/twins?sort=trust&below=acme/north'));
    expect(list.twins.map(({ path, mode }) => [path, mode])).toEqual([
      ['acme/north/pump-1', 'running'],
      ['acme/north/pump-2', null],
    ]);
    // The one is far from what is expected, the other has no tags: neither is trusted at all.
    expect(list.twins.map(({ trust }) => trust)).toEqual([0, 0]);
    expect(list.twins[0].reason).toMatch(/^'power' has been .* sigma above what is expected/);
    expect(list.twins[1].reason).toBe("'flow' has no value: BadNodeIdUnknown.");
    expect(list.twins[0].worst?.attribute).toBe('power');
    expect(TwinList.parse(await door.json('/twins?mode=running&type=pump')).total).toBe(1);
    expect(TwinList.parse(await door.json('/twins?type=tank')).total).toBe(0);
    expect(TwinList.parse(await door.json('/twins?sort=residual&limit=1&offset=1')).twins).toHaveLength(1);
  });

  it('have live values, comparisons, parameters and reasons', async () => {
    const twin = Twin.parse(await door.json(`/twins/${PUMP}`));
    const by = new Map(twin.attributes.map((attribute) => [attribute.name, attribute]));
    const value = (name: string) => Number(by.get(name)!.value);
    expect(value('load')).toBeCloseTo(value('flow') * value('head'), 6);
    expect(by.get('power')).toMatchObject({ ageUs: 60e6, isStale: false, unit: 'kW', statusName: 'Good' });
    const expected = 0.003 * value('load') + 5;
    const [power] = twin.comparisons;
    expect(power.expected).toBeCloseTo(expected, 6);
    expect(power.residual).toBeCloseTo(value('power') - expected, 6);
    expect(power.sigmas).toBeCloseTo((value('power') - expected) / 0.6, 6);
    expect(twin.trust.score).toBeCloseTo(twin.trust.data * twin.trust.model * twin.trust.calibration, 9);
    expect(twin.trust.reasons).toContain('Its parameters were never fitted to history.');
    expect(twin.parameters.map(({ name }) => name)).toEqual(['specific-energy', 'least-flow', 'idle-power']);
  });

  it.each([
    ['/twins/acme%2Fnorth%2Ftank', 'twin.none'],
    ['/twins/nothing', 'asset.unknown'],
    [`/assets/${PUMP}/attributes/lod/history`, 'attribute.unknown'],
    ['/twins/live?pattern=a//b', 'request.invalid'],
  ])('%s is refused as %s', async (path, code) => {
    expect(((await door.json(path)) as AnyJson).code).toBe(code);
  });
});

describe('the history of an attribute', () => {
  it('is calculated from tags, at even distances or wherever one of them has a sample', async () => {
    const range = 'start=*-3h&end=*-2h';
    const load = await history('load', `${range}&interval=10min`);
    const [series] = load.series;
    const at = series.times.map((time) => `time=${new Date(time / 1_000).toISOString()}`).join('&');
    const [flow, head] = [await tagValues('flow', at), await tagValues('head', at)];
    expect(series.times).toHaveLength(6);
    expect(series.values.map(Number)).toEqual(flow.map((value, row) => value * head[row]));
    expect(series).toMatchObject({ path: 'acme/north/pump-1/load', unit: 'm4/h', versions: [1] });
    expect((await history('load', range)).series[0].times).toHaveLength(60);
    const power = await tagValues('power', at);
    const residual = (await history('power.residual', `${range}&interval=10min`)).series[0].values.map(Number);
    for (const [row, value] of residual.entries()) {
      expect(value).toBeCloseTo(power[row] - (0.003 * flow[row] * head[row] + 5), 6);
    }
    expect((await history('twin.mode', `${range}&interval=30min`)).series[0].values).toEqual(['running', 'running']);
  });

  it('comes as CSV', async () => {
    const answered = await door.get(`/assets/${PUMP}/attributes/flow/history?start=*-3min`, { accept: 'text/csv' });
    expect((await answered.text()).split('\r\n')[0]).toBe('path,time,value,status');
  });

  it('goes by the version of the model that held at each time', async () => {
    const texts = new Map(Object.entries(PUMP_MODEL)).set(
      'types/pump.yaml',
      PUMP_MODEL['types/pump.yaml']
        .replace('version: 1', 'version: 2')
        .replace("'flow' * 'head'", "2 * 'flow' * 'head'"),
    );
    const effective = (NOW - 2.5 * HOUR) as Timestamp;
    const applied = await plant.store.apply({ texts, by: 'anna', comment: 'twice', effective });
    expect(applied.ok).toBe(true);
    const query = 'start=*-3h&end=*-2h&interval=10min';
    const [{ values, times, versions }] = (await history('load', query)).series;
    const at = times.map((time) => `time=${new Date(time / 1_000).toISOString()}`).join('&');
    const [flow, head] = [await tagValues('flow', at), await tagValues('head', at)];
    expect(versions).toEqual([1, 2]);
    expect(values.map((value, row) => Math.round(Number(value) / (flow[row] * head[row])))).toEqual([1, 1, 1, 2, 2, 2]);
  });
});

it('who watches is told what there is, then what changes, and a model that would break it is refused with its name', async () => {
  const reader = await EventReader.open(`${door.url}/api/v1/twins/live?pattern=acme/north/pump-1/**&name=the-screen`);
  await reader.until(() => reader.count('samples') === 1);
  expect(reader.count('attributes' as never)).toBe(1);
  const flow = engine.directory.cellOf('P1', 'flow')!;
  const residual = engine.directory.cellOf('P1', 'power.residual')!;
  const run = runOf([{ time: NOW, value: 123, status: 0 }]);
  await door.historian.importSamples(
    [{ path: 'acme/north/pump-1/flow', type: 'number', unit: 'm3/h', stepped: false, description: '', run }],
    'test',
  );
  await clock.advance(200);
  await reader.until(() => reader.count('samples') === 2);
  const [, { tags, values }] = reader.all('samples');
  expect(values[tags.indexOf(flow)]).toBe(123);
  expect(tags).toContain(residual);
  const texts = new Map(Object.entries(PUMP_MODEL)).set(
    'types/pump.yaml',
    PUMP_MODEL['types/pump.yaml'].replace('version: 1', 'version: 3').replace(/ {6}load: .*\n/, ''),
  );
  texts.set('twins/pump.yaml', PUMP_MODEL['twins/pump.yaml'].replace("'load'", "'flow' * 'head'"));
  const refused = await plant.store.apply({ texts, by: 'ben', comment: 'less' });
  expect(refused.ok ? '' : refused.fault.detail).toMatch(/^"the-screen" listens to acme\/north\/pump-1\/load/);
  await reader.close();
});
