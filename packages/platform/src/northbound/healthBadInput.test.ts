/** Bad input end to end: what a watch says of data that carry no judgement, and that no case comes of them. */

import { readFile } from 'node:fs/promises';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Historian } from '../historian/query/historian.ts';
import { definitionOf, GatewayStream, type Row } from '../historian/query/testbed/gatewayStream.ts';
import { historiansOf, mustSucceed } from '../historian/query/testbed/historians.ts';
import { runOf, type SampleRow } from '../historian/query/testbed/sampleRuns.ts';
import { type ModelPlant, openModelPlant } from '../model/assets/testbed/modelPlant.ts';
import type { PlantHealth } from '../monitor/health/plantHealth.ts';
import { noise } from '../monitor/health/scoring/testbed/healthPlant.ts';
import { exportFeatures } from './rest/health/featureExport.ts';
import { healthOver } from './testbed/plantHealth.ts';

const DAY = 86_400e6;
const EVERY = 600e6;
const ROWS_A_DAY = 144;
/** Midnight of 1 January 2026. */
const START: number = Date.parse('2026-01-01T00:00:00Z') * 1_000;
const MODEL = {
  'types/pump.yaml': 'types: [{ type: pump, version: 1, attributes: { flow: { unit: m3/h }, heat: { unit: Cel } } }]\n',
  'assets/acme.yaml': `assets:
  - { path: acme, level: site }
  - { path: acme/p1, id: P1, type: pump, attributes: { flow: { tag: acme/p1/flow }, heat: { tag: acme/p1/heat } } }
`,
  'health/pump.yaml': `health:
  - { type: pump, name: seal, learn: 4d, features: { flow: { attribute: flow }, heat: { attribute: heat } } }
`,
};

/** What a tag has at a row of ten minutes; nothing where it is `undefined`. */
type Course = (row: number) => readonly [value: number, status?: number] | undefined;

const FLOW: Course = (row) => [100 + noise(row)];
const HEAT: Course = (row) => [50 + noise(1e6 + row)];
const fromDay = (day: number, after: Course, before: Course): Course => {
  return (row) => (row < day * ROWS_A_DAY ? before(row) : after(row));
};

let cleanUps: (() => Promise<void>)[] = [];
const { makeDirectory, openHistorian } = historiansOf((cleanUp) => void cleanUps.push(cleanUp));
let clock: ManualClock;
let model: ModelPlant;
let historian: Historian;
let health: PlantHealth;

beforeEach(async () => {
  clock = new ManualClock(START as Timestamp);
  model = await openModelPlant(MODEL, { clock });
  const directory = await makeDirectory();
  historian = await openHistorian(directory, { clock });
  health = healthOver(historian, model.store, directory, clock);
});
afterEach(async () => {
  await health.close();
  await model.stop();
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  cleanUps = [];
});

async function bring(name: string, unit: string, course: Course, from: number, to: number): Promise<void> {
  const rows: SampleRow[] = [];
  for (let row = from * ROWS_A_DAY; row < to * ROWS_A_DAY; row++) {
    const said = course(row);
    if (said) rows.push([START + row * EVERY, ...said]);
  }
  const base = { path: `acme/p1/${name}`, unit, type: 'number' as const, stepped: true, description: '' };
  mustSucceed(await historian.importSamples([{ ...base, run: runOf(rows) }], 'test'));
}

/** All that has come by a day is learned from, and judged. */
async function at(day: number) {
  clock.setWallClock((START + day * DAY) as Timestamp);
  await health.trainer.check();
  await health.scorer.settle();
  const standing = health.scorer.standing('P1/seal');
  if (!standing) throw new Error('it is not watched');
  const { state, why, model: active, latest } = standing;
  const unscored = latest?.assessment.unscored;
  return { state, why, model: active, unscored, score: latest?.assessment.score, latest };
}

async function openCases() {
  return mustSucceed(health.cases.list({})).map(({ reasons }) => reasons);
}

describe('before there is a model', () => {
  it.each<[string, Course, Course, number, { state: string; why: RegExp }]>([
    [
      'constant tags',
      () => [100],
      () => [50],
      5,
      { state: 'learning', why: /^None of flow, heat has values that change/ },
    ],
    [
      'NaN alone',
      () => [Number.NaN],
      HEAT,
      5,
      { state: 'learning', why: /^0 of 4 days of normal operation are there/ },
    ],
    ['bad data alone', () => [1, STATUS.Bad], HEAT, 5, { state: 'learning', why: /^0 of 4 days/ }],
    [
      'two rows',
      (row) => (row < 2 ? [100] : undefined),
      HEAT,
      2 / ROWS_A_DAY,
      { state: 'learning', why: /0\.0\d+ of 4 days/ },
    ],
    ['an empty tag', () => undefined, HEAT, 5, { state: 'learning', why: /There is no value of flow/ }],
    [
      'a unit that was changed without a word while it was learned',
      FLOW,
      fromDay(2, (row) => [(HEAT(row)?.[0] ?? 0) * 1.8 + 32], HEAT),
      5,
      { state: 'learning', why: /'heat' goes from .* Celsius to Fahrenheit/ },
    ],
  ])('%s: no model, and the reason', async (_what, flow, heat, days, { state, why }) => {
    await bring('flow', 'm3/h', flow, 0, days);
    await bring('heat', 'Cel', heat, 0, days);
    const said = await at(days);
    expect(said).toMatchObject({ state, why: expect.stringMatching(why), model: undefined, latest: undefined });
  });
});

describe('with a model', () => {
  beforeEach(async () => {
    await bring('flow', 'm3/h', FLOW, 0, 4.5);
    await bring('heat', 'Cel', HEAT, 0, 4.5);
    expect(await at(4.5)).toMatchObject({ state: 'scoring', model: 1, unscored: undefined });
  });

  it.each<[string, Course, { state: string; why: RegExp; unscored?: string }]>([
    ['NaN', () => [Number.NaN], { state: 'blind', why: /heat/, unscored: 'missing' }],
    ['a bad status', () => [50, STATUS.BadSensorFailure], { state: 'blind', why: /heat|good/, unscored: 'missing' }],
    ['no sample for a week', () => undefined, { state: 'scoring', why: /^What comes is spread otherwise .*: heat\.$/ }],
    ['the same value for a week', () => [50], { state: 'scoring', why: /^What comes is spread otherwise .*: heat\.$/ }],
  ])('%s: it is told, and there is no case', async (_what, heat, { state, why, unscored }) => {
    await bring('flow', 'm3/h', FLOW, 4.5, 12);
    await bring('heat', 'Cel', heat, 4.5, 12);
    const said = await at(12);
    expect(said).toMatchObject({ state, unscored });
    expect(said.why).toMatch(why);
    expect(await openCases()).toEqual([]);
  });

  it('a gap of weeks is told while it lasts, and what comes after it is judged', async () => {
    const dark = await at(30);
    expect(dark).toMatchObject({
      state: 'blind',
      why: expect.stringMatching(/^There are no samples since 2026-01-05/),
    });
    await bring('flow', 'm3/h', FLOW, 30, 32);
    await bring('heat', 'Cel', HEAT, 30, 32);
    expect(await at(32)).toMatchObject({ state: 'scoring', unscored: undefined, score: expect.any(Number) });
    expect(await openCases()).toEqual([]);
  });

  it('a unit that changes without a word is a case of a step, and names the conversion', async () => {
    await bring('flow', 'm3/h', FLOW, 4.5, 9);
    await bring('heat', 'Cel', (row) => [(HEAT(row)?.[0] ?? 0) * 1.8 + 32], 4.5, 9);
    await at(9);
    const reasons = await openCases();
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatchObject({ kind: 'step', sentence: expect.stringContaining('Celsius to Fahrenheit') });
  });
});

it('two findings for one time: a failure counts, and not that nothing was found before; two failures are told, with their cases', async () => {
  const hotter: Course = (row) => [(HEAT(row)?.[0] ?? 0) + 3 * Math.max(0, row / ROWS_A_DAY - 4.5)];
  await bring('flow', 'm3/h', FLOW, 0, 30);
  await bring('heat', 'Cel', hotter, 0, 30);
  await at(4.5);
  await at(9);
  const now = (day: number) => (START + day * DAY) as Timestamp;
  const finding = { notes: '', repaired: false, photos: [], by: 'ada' };
  const nothing = { outcome: 'nothing-found', failure: undefined, at: now(9), ...finding } as const;
  mustSucceed(health.keeper.find(1, nothing));
  mustSucceed(health.keeper.close(1, { by: 'ada', comment: '' }));
  await at(20);
  const fouled = { outcome: 'confirmed', failure: 'fouled', at: now(20), ...finding } as const;
  mustSucceed(health.keeper.find(2, fouled));
  const body = { watch: 'P1/seal', start: '2026-01-01', end: '2026-01-21', labels: true, by: 'ada' };
  const exported = await exportFeatures(health, body, now(20));
  if (!exported.ok) throw new Error(exported.fault.detail);
  const card = JSON.parse(await readFile(exported.value.card, 'utf8'));
  expect(card.labels).toMatchObject([{ label: 'sound' }, { label: 'fouled' }]);
  expect(card.labels[1].start < card.labels[0].end).toBe(true);
  // Nothing is learned of the time before the failure was seen for what it was.
  const learned = await health.trainer.learn(health.watches.get('P1/seal')!, { start: START, end: now(20), by: 'ada' });
  expect(learned).toMatchObject({ value: { card: { excluded: [{ reason: 'case 2: fouled', end: now(20) }] } } });

  mustSucceed(health.keeper.close(2, { by: 'ada', comment: '' }));
  mustSucceed(health.keeper.reopen(1, { by: 'ada', comment: 'it was clogged' }));
  mustSucceed(health.keeper.find(1, { ...nothing, outcome: 'confirmed', failure: 'clogged' }));
  const detail = expect.stringMatching(/more than one label: clogged \(case 1\), fouled \(case 2\)\. Put one/);
  expect(await exportFeatures(health, body, now(20))).toMatchObject({ fault: { code: 'health.bad-data', detail } });
});

describe('a unit that is declared anew', () => {
  let gateway: GatewayStream;
  beforeEach(() => {
    gateway = new GatewayStream();
  });
  const declare = (unit: string) =>
    historian.sink.defineTags('north', [definitionOf(0, { path: 'acme/p1/heat', id: 'heat', unit, stepped: true })]);
  const send = async (course: Course, from: number, to: number) => {
    const rows: Row[] = [];
    for (let row = from * ROWS_A_DAY; row < to * ROWS_A_DAY; row++)
      rows.push([0, START + row * EVERY, ...course(row)!]);
    const { header, bytes } = gateway.sealRows(rows);
    mustSucceed(await historian.sink.append(header, bytes));
  };

  it.each<[string, string, Course, object]>([
    [
      'that fits is converted, and all goes on',
      '[degF]',
      (row) => [HEAT(row)![0] * 1.8 + 32],
      { unscored: undefined, score: expect.any(Number) },
    ],
    [
      'that fits no more gives no score',
      'kPa',
      HEAT,
      { state: 'blind', unscored: 'missing', score: Number.NaN, why: expect.any(String) },
    ],
  ])('%s', async (_what, unit, course, told) => {
    mustSucceed(await declare('Cel'));
    await bring('flow', 'm3/h', FLOW, 0, 8);
    await send(HEAT, 0, 6);
    expect(await at(6)).toMatchObject({ model: 1, unscored: undefined });
    mustSucceed(await declare(unit));
    // The unit holds from the moment of its declaration on.
    await send(course, 6 + 1 / ROWS_A_DAY, 8);
    expect(await at(9)).toMatchObject(told);
    expect(await openCases()).toEqual([]);
  });
});
