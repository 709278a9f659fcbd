import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS, statusName } from '@tidegate/core/sample/statusCode.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadAssetModel } from '../../assets/loadAssetModel.ts';
import { loadTwins } from '../loadTwins.ts';
import { MemoryFeed } from '../testbed/memoryFeed.ts';
import { type CellBatch, TICK_MS, TwinEngine } from './twinEngine.ts';

const S = 1_000_000;
const T0 = 1_700_000_000 * S;

const TYPES = `types:
  - type: compressor
    version: 1
    attributes:
      speed: { tag: "{path}/speed", unit: /min, low: 0, high: 12000 }
      suction-pressure: { tag: "{path}/suction-pressure", unit: kPa }
      discharge-pressure: { tag: "{path}/discharge-pressure", unit: kPa }
      suction-temperature: { tag: "{path}/suction-temperature", unit: Cel }
      discharge-temperature: { tag: "{path}/discharge-temperature", unit: Cel }
      state: { tag: "{path}/state", type: string }
      ratio: { formula: "'discharge-pressure' / 'suction-pressure'", unit: "1" }
      smooth: { formula: "avg('suction-pressure', \\"10s\\")", unit: kPa }
      twice: { formula: "'ratio' * 2", unit: "1" }
      maker: { value: Acme }
      nothing: { unit: kW }
`;
const ASSETS = `assets:
  - path: acme/train-1
    type: compressor
    id: T1
  - path: acme/train-2
    type: compressor
    id: T2
`;
const TWIN = `type: compressor
parameters:
  exponent: { value: 0.25, unit: "1" }
  lag: { value: 100, unit: s, fitted: false }
modes:
  stopped: "'speed' < 100"
  running: "'speed' >= 1000"
expected:
  discharge-temperature:
    formula: "absolute('suction-temperature') * pow('discharge-pressure' / 'suction-pressure', 'exponent')"
    modes: [running]
    sigma: 2
states:
  casing:
    unit: Cel
    initial: "'suction-temperature'"
    rate: "('discharge-temperature' - 'casing') / 'lag'"
trust: { stale-after: 30s, window: 10min }
`;
const TEXTS = new Map([
  ['types/t.yaml', TYPES],
  ['assets/a.yaml', ASSETS],
  ['twins/compressor.yaml', TWIN],
]);
const SIGNALS = ['speed', 'suction-pressure', 'discharge-pressure', 'suction-temperature', 'discharge-temperature'];
const UNITS: Readonly<Record<string, string>> = {
  speed: '/min',
  'suction-pressure': 'bar',
  'discharge-pressure': 'kPa',
};

let feed: MemoryFeed;
let clock: ManualClock;
let engine: TwinEngine;
let batches: CellBatch[];

async function load(texts: ReadonlyMap<string, string> = TEXTS) {
  const { model, defects } = await loadAssetModel(texts);
  expect(defects).toEqual([]);
  const twins = loadTwins(texts, model);
  expect(twins.defects).toEqual([]);
  return engine.load(model, twins.twins);
}

beforeEach(async () => {
  feed = new MemoryFeed();
  for (const train of ['train-1', 'train-2']) {
    for (const signal of SIGNALS) feed.define(`acme/${train}/${signal}`, UNITS[signal] ?? 'Cel');
    feed.define(`acme/${train}/state`, '', 'string');
  }
  clock = new ManualClock(T0 as Timestamp);
  engine = new TwinEngine(feed, clock);
  batches = [];
  engine.subscribe((batch) => batches.push(batch));
  engine.start();
});

const cellOf = (attribute: string, asset = 'T1') => engine.directory.cellOf(asset, attribute)!;
const held = (attribute: string, asset = 'T1') => engine.columns.valueAt(cellOf(attribute, asset));
const statusOf = (attribute: string, asset = 'T1') => statusName(engine.columns.statuses[cellOf(attribute, asset)]);
const timeOf = (attribute: string, asset = 'T1') => engine.columns.times[cellOf(attribute, asset)];

/** A train at work: 1 bar to 400 kPa from 20 °C, so that 20 °C becomes what 4^0.25 makes of it. */
const RUNNING = { speed: 9_000, 'suction-pressure': 1, 'discharge-pressure': 400, 'suction-temperature': 20 };
const EXPECTED = 293.15 * 4 ** 0.25 - 273.15;

function run(values: Readonly<Record<string, number>>, time = T0, train = 'train-1') {
  feed.store(Object.entries(values).map(([signal, value]) => [`acme/${train}/${signal}`, time, value]));
}

describe('a twin', () => {
  it('has live values in the units of its attributes, formulas, what is expected, residuals and a mode', async () => {
    await load();
    run({ ...RUNNING, 'discharge-temperature': EXPECTED + 3 });
    await clock.advance(TICK_MS);
    expect(held('suction-pressure')).toBe(100);
    expect(held('ratio')).toBe(4);
    expect(held('twice')).toBe(8);
    expect(held('twin.mode')).toBe('running');
    expect(held('discharge-temperature.expected')).toBeCloseTo(EXPECTED, 9);
    expect(held('discharge-temperature.residual')).toBeCloseTo(3, 9);
    expect(held('discharge-temperature.sigmas')).toBeCloseTo(1.5, 9);
    expect(timeOf('discharge-temperature.residual')).toBe(T0);
    expect(held('maker')).toBe('Acme');
    expect(statusOf('nothing')).toBe('BadConfigurationError');
    expect(statusOf('ratio', 'T2')).toBe('BadWaitingForInitialData');
    expect(held('twin.mode', 'T2')).toBeNull();
  });

  it('expects nothing outside of the modes that it was made for', async () => {
    await load();
    run({ ...RUNNING, 'discharge-temperature': 30 });
    await clock.advance(TICK_MS);
    run({ speed: 10 }, T0 + S);
    await clock.advance(TICK_MS);
    expect(held('twin.mode')).toBe('stopped');
    expect([held('discharge-temperature.residual'), statusOf('discharge-temperature.residual')]).toEqual([
      null,
      'GoodNoData',
    ]);
    run({ speed: 500 }, T0 + 2 * S);
    await clock.advance(TICK_MS);
    expect(held('twin.mode')).toBe('other');
  });

  it('names the cells that have changed, once, and reckons only with those', async () => {
    await load(new Map(TEXTS).set('types/t.yaml', TYPES.replace(/ {6}smooth: .*\n/, '')));
    run(RUNNING);
    run(RUNNING, T0, 'train-2');
    await clock.advance(1_000);
    const evaluated = engine.statistics().evaluatedRows;
    batches.length = 0;
    run({ 'discharge-pressure': 800 }, T0 + S);
    run({ 'discharge-pressure': 500 }, T0 + 2 * S);
    await clock.advance(TICK_MS);
    expect(batches.length).toBe(1);
    const names = [...batches[0].cells].map((cell) => engine.directory.nameOf(cell)!);
    expect(new Set(names.map(({ asset }) => asset))).toEqual(new Set(['T1']));
    expect(names.map(({ column }) => column.attribute).sort()).toEqual(
      [
        'discharge-pressure',
        'discharge-temperature.expected',
        'discharge-temperature.residual',
        'discharge-temperature.sigmas',
        'ratio',
        'twice',
      ].sort(),
    );
    expect(engine.statistics().evaluatedRows - evaluated).toBe(5);
    expect(held('ratio')).toBe(5);
  });

  it('leaves what it has where a sample comes late, and says how many came', async () => {
    await load();
    run({ ...RUNNING, speed: 9_000 }, T0 + 10 * S);
    run({ speed: 1 }, T0 + 5 * S);
    await clock.advance(TICK_MS);
    expect(held('speed')).toBe(9_000);
    expect(engine.statistics().lateSamples).toBe(1);
  });

  it('goes on after a sample from the future', async () => {
    await load();
    run({ ...RUNNING, speed: 9_000 }, T0 + 86_400 * S);
    run({ speed: 8_000 }, T0 + S);
    await clock.advance(TICK_MS);
    run({ speed: 7_000 }, T0 + 2 * S);
    await clock.advance(TICK_MS);
    expect(held('speed')).toBe(7_000);
    expect(engine.statistics().lateSamples).toBe(0);
  });

  it('fills windows from history, and again where a sample came late', async () => {
    run({ 'suction-pressure': 1 }, T0 - 20 * S);
    run({ 'suction-pressure': 2 }, T0 - 5 * S);
    await load();
    await clock.advance(0);
    await clock.advance(1_000);
    expect(held('smooth')).toBeCloseTo((4 * 100 + 6 * 200) / 10, 6);
    expect(statusOf('smooth')).toBe('Good');
    run({ 'suction-pressure': 4 }, T0 - 8 * S);
    await clock.advance(1_000);
    await clock.advance(1_000);
    // At T0 + 3 s: from -7 s to -5 s 400 kPa, then 200 kPa.
    expect(held('smooth')).toBeCloseTo((2 * 400 + 8 * 200) / 10, 6);
  });

  it('lets what has inertia go on between samples', async () => {
    await load();
    run({ ...RUNNING, 'discharge-temperature': 120 });
    await clock.advance(1_000);
    expect(held('casing')).toBe(20);
    await clock.advance(50_000);
    expect(Number(held('casing'))).toBeCloseTo(120 - 100 * 0.99 ** 50, 6);
  });
});

describe('the contract of a type', () => {
  it('is kept: what breaks it is published with a status, and counted', async () => {
    await load();
    feed.store([
      ['acme/train-1/speed', T0, 13_000],
      ['acme/train-1/state', T0, 5],
      ['acme/train-2/speed', T0, 'fast'],
    ]);
    await clock.advance(TICK_MS);
    expect([held('speed'), statusOf('speed')]).toEqual([13_000, 'UncertainEngineeringUnitsExceeded']);
    expect([held('state'), statusOf('state')]).toEqual([null, 'BadTypeMismatch']);
    expect([held('speed', 'T2'), statusOf('speed', 'T2')]).toEqual([null, 'BadTypeMismatch']);
    expect(engine.violations()).toEqual([
      { asset: 'T1', attribute: 'speed', count: 1 },
      { asset: 'T2', attribute: 'speed', count: 1 },
      { asset: 'T1', attribute: 'state', count: 1 },
    ]);
  });

  it('names attributes whose tag there is not, or whose unit does not fit', async () => {
    const texts = new Map(TEXTS).set(
      'types/t.yaml',
      TYPES.replace('unit: kPa', 'unit: kg').replace('{path}/state', '{path}/stat'),
    );
    const { model } = await loadAssetModel(texts);
    const defects = engine.load(model, new Map());
    const said = defects.map(({ file, line, message }) => `${file}:${line} ${message}`);
    expect(said).toContain('types/t.yaml:6 acme/train-1/suction-pressure is in bar, which is no kg');
    expect(said).toContain('types/t.yaml:10 it is bound to the tag acme/train-1/stat, which no gateway has sent');
    expect(statusOf('state')).toBe('BadNodeIdUnknown');
    expect(statusOf('suction-pressure')).toBe('BadConfigurationError');
    feed.define('acme/train-1/stat', '', 'string');
    feed.store([['acme/train-1/stat', T0, 'running']]);
    await clock.advance(TICK_MS);
    expect(held('state')).toBe('running');
  });
});

describe('trust', () => {
  const trustOf = () => engine.trustOf(engine.twins[0], 0);

  it('falls with bad, stale and missing data, with large residuals, and without a fit; each with a reason', async () => {
    await load();
    run({ ...RUNNING, 'discharge-temperature': EXPECTED });
    await clock.advance(TICK_MS);
    expect(trustOf()).toEqual({
      score: 0.5,
      data: 1,
      model: 1,
      calibration: 0.5,
      reasons: ['Its parameters were never fitted to history.'],
    });
    feed.store([['acme/train-1/suction-temperature', T0 + S, null, STATUS.BadSensorFailure]]);
    await clock.advance(40_000);
    run({ speed: 9_000, 'suction-pressure': 1, 'discharge-pressure': 400 }, T0 + 40 * S);
    const stale = trustOf();
    expect(stale.data).toBeCloseTo(3 / 5, 9);
    expect(stale.reasons).toContain("'suction-temperature' has no value: BadSensorFailure.");
    expect(stale.reasons).toContain("'discharge-temperature' is stale: its last sample is 40 s old.");
  });

  it('falls where residuals are far off for long', async () => {
    await load();
    for (let minute = 0; minute < 60; minute++) {
      run({ ...RUNNING, 'discharge-temperature': EXPECTED + 8 }, T0 + minute * 60 * S);
      await clock.advance(60_000);
    }
    expect(trustOf().model).toBeCloseTo((6 - 4) / 4.5, 6);
    expect(trustOf().reasons).toContain(
      "'discharge-temperature' has been 4 sigma above what is expected: the machine has changed, or the model does not fit.",
    );
    expect(held('twin.trust')).toBeCloseTo(trustOf().score, 6);
  });

  it.each([
    [0, 1, "'speed' is 9000, outside of the 8000 to 8500 that the model was fitted on."],
    [180, 0.5, 'It was fitted 180 days ago.'],
  ])('of a twin that was fitted %i days ago is %f', async (days, calibration, reason) => {
    const fit = `type: compressor
fits:
  - fitted: ${new Date(T0 / 1_000 - days * 86_400_000).toISOString()}
    start: 2023-01-01T00:00:00Z
    end: 2023-02-01T00:00:00Z
    parameters: { exponent: { value: 0.5, uncertainty: 0.01 } }
    residuals: { discharge-temperature: { sigma: 0.5, count: 100 } }
    inputs: { speed: { low: 8000, high: 8500 } }
`;
    await load(new Map(TEXTS).set('twins/compressor.fit.yaml', fit));
    run({ ...RUNNING, 'discharge-temperature': 293.15 * 2 - 273.15 + 1 });
    await clock.advance(TICK_MS);
    expect(held('discharge-temperature.sigmas')).toBeCloseTo(2, 9);
    expect(trustOf().calibration).toBeCloseTo(calibration, 6);
    expect(trustOf().reasons).toContain(reason);
  });
});

it('a new model keeps what it has of unchanged attributes, and forgets what has changed', async () => {
  await load();
  for (let second = 0; second < 12; second++) {
    run({ ...RUNNING, 'discharge-temperature': EXPECTED + 8 }, T0 + second * S);
    await clock.advance(1_000);
  }
  const [casing, sigmas] = [held('casing'), engine.recentSigmas(engine.twins[0], 0)];
  await load(new Map(TEXTS).set('types/t.yaml', `${TYPES}      extra: { formula: "'speed' * 2", unit: /min }\n`));
  expect(engine.generation).toBe(2);
  expect([held('extra'), held('casing'), held('smooth')]).toEqual([18_000, casing, 100]);
  expect(statusOf('smooth')).toBe('Good');
  expect(engine.recentSigmas(engine.twins[0], 0)).toEqual(sigmas);
  await load(new Map(TEXTS).set('twins/compressor.yaml', TWIN.replace('absolute(', '1 * absolute(')));
  expect(engine.recentSigmas(engine.twins[0], 0)).toEqual([0.5 * 8]);
});
