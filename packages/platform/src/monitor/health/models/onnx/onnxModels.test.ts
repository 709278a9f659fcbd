import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { mustSucceed } from '../../../../historian/query/testbed/historians.ts';
import {
  DAY,
  EVERY,
  HealthPlant,
  type HealthPlantOptions,
  noise,
  PUMP,
  START,
  samples,
} from '../../scoring/testbed/healthPlant.ts';
import {
  judged,
  LEARNED_DAYS,
  type LearnedPlants,
  learnedPlants,
  toldOf,
} from '../../scoring/testbed/learnedPlants.ts';
import { learnModel } from '../learnModel.ts';
import type { StrangerSide } from './onnxModel.ts';
import { OnnxRoom } from './onnxRoom.ts';
import { kept } from './testbed/vectors.ts';

let plants: LearnedPlants;

beforeAll(async () => {
  plants = await learnedPlants();
});
afterAll(() => plants.remove());

async function open(directory?: string, options: HealthPlantOptions = {}): Promise<HealthPlant> {
  const plant = await HealthPlant.open(directory ?? (await plants.copy()), options);
  plant.at(LEARNED_DAYS);
  onTestFinished(() => plant.close());
  return plant;
}

async function brings(plant: HealthPlant, name: string, stranger: StrangerSide = 'higher') {
  return plant.trainer.learn(plant.watch(), { by: 'mira', onnx: kept(name, stranger) });
}

async function promoted(plant: HealthPlant, number: number): Promise<void> {
  const done = plant.registry.promote({ watch: PUMP, number, by: 'ada', why: 'agrees', at: plant.clock.now() });
  if (!done.ok) throw new Error(done.fault.detail);
}

/** Litres an hour more, from day 8 on. */
const bursts = (day: number) => (day < 8 ? 0 : 20);

it('a model of scikit-learn begins as a shadow, is compared, gets the voice, outlives a restart and tells of a burst', async () => {
  const directory = await plants.copy();
  const plant = await HealthPlant.open(directory);
  plant.at(LEARNED_DAYS);
  const model = await brings(plant, 'reconstruction');
  const ends = { input: 'rows', output: 'error', stranger: 'higher' };
  const onnx = { file: 'reconstruction.onnx', ...ends, comment: 'by hand' };
  const report = { rows: 4 * 144, notes: expect.arrayContaining([expect.stringMatching(/brought by mira/)]) };
  const card = { onnx, report, features: ['flow', 'leak'], backtest: { rows: 4 * 144, days: 4 } };
  expect(model).toMatchObject({ ok: true, value: { number: 2, state: 'shadow', card } });
  expect(plant.events.at(-1)?.detail).toBe(
    'model 2, reconstruction.onnx, has its threshold from 576 rows; it is shadow',
  );
  await plant.operate(LEARNED_DAYS, 9, bursts);
  await judged(plant, 7);
  expect(plant.state()).toMatchObject({ state: 'scoring', model: 1, shadows: [2] });
  const compared = { model: 2, against: 1, agreement: 1, until: START + 7 * DAY };
  expect(plant.scorer.comparisons(PUMP)).toMatchObject({ ok: true, value: [compared] });
  await promoted(plant, 2);
  // The second row of the burst is the last before the restart.
  await judged(plant, 8 + 2 / 144);
  expect(toldOf(plant).at(-1)).toMatchObject({ time: START + 8 * DAY + 2 * EVERY, model: 2, isAlarm: false });
  await plant.close();
  const restarted = await open(directory);
  await judged(restarted, 9);
  expect(restarted.state()).toMatchObject({ state: 'scoring', why: undefined, model: 2 });
  // Three rows in line make an alarm.
  const [third, ...others] = toldOf(restarted);
  expect(mustSucceed(restarted.registry.get(PUMP, 2)).card.report.notes.join()).not.toMatch(/raise nothing/);
  expect(third).toMatchObject({ time: START + 8 * DAY + 3 * EVERY, model: 2, isAlarm: true });
  const score = await restarted.scores('score');
  expect(Array.from(score.values).slice(-others.length)).toEqual(others.map((row) => row.score));
});

it('a score that ends below the threshold is told of', () => {
  const days = 6;
  const times = Float64Array.from({ length: days * 144 }, (_, row) => START + (row + 1) * EVERY);
  const columns = [1, 2].map((seed) => times.map((_, row) => noise(seed * 1e6 + row)));
  const table = { names: ['flow', 'leak'], times, columns, quality: times.map(() => 1) };
  const spec = {
    features: table.names.map((name) => ({ name, unit: '', negligible: 0 })),
    ...{ intervalUs: EVERY, budget: { alarms: 1, perUs: 365 * DAY } },
  };
  const scores = columns[0].map((value, row) => Math.hypot(value, columns[1][row]));
  const notes = (farthest: number) =>
    mustSucceed(learnModel({ table, spec, outside: { scores, farthest } })).report.notes;
  const most = Math.max(...scores);
  expect(notes(most)[0]).toMatch(
    /^Of rows far outside all that is normal it says 2\.\d, which is below its threshold of/,
  );
  expect(notes(100).join()).not.toMatch(/far outside/);
});

it('where it gives no number there is no score, and it is said', async () => {
  const plant = await open();
  await plant.add({ 'acme/p1/flow': samples(0, LEARNED_DAYS, () => 120) });
  expect(await brings(plant, 'root')).toMatchObject({ ok: true });
  await promoted(plant, 2);
  const bad = samples(LEARNED_DAYS, 5, () => 0).map(([time]) => [time, null, STATUS.BadSensorFailure] as const);
  await plant.add({ 'acme/p1/flow': samples(LEARNED_DAYS, 5.5, () => 100), 'acme/p1/leak': bad });
  await judged(plant, 5);
  expect(plant.state()).toMatchObject({ state: 'blind', latest: { assessment: { unscored: 'missing' } } });
  await plant.add({ 'acme/p1/leak': samples(5, 5.5, () => 1) });
  await judged(plant, 5.5);
  const { latest, why, state } = plant.state();
  expect({ state, why }).toEqual({
    state: 'blind',
    why: expect.stringMatching(/^Model 2 gave no score for the row of/),
  });
  expect(latest?.assessment).toMatchObject({ unscored: 'missing', strange: false });
});

it('one that hangs: a shadow is told of once; with the voice its watch is blind, until another has it', async () => {
  const plant = await open(undefined, { room: new OnnxRoom({ openMs: 60_000, batchMs: 1_000 }) });
  const told = () => plant.events.filter(({ kind }) => kind === 'health.failed').map(({ detail }) => detail);
  const why = 'Model 2 cannot judge. It took more than 1 s.';
  await brings(plant, 'endless');
  await plant.add({
    'acme/p1/flow': samples(LEARNED_DAYS, 7, () => 2_000),
    'acme/p1/leak': samples(LEARNED_DAYS, 7, () => 5),
  });
  for (const day of [5, 6]) await judged(plant, day);
  const brokenShadows = [{ model: 2, why }];
  expect(plant.state()).toMatchObject({ state: 'scoring', model: 1, shadows: [2], brokenShadows });
  expect(told()).toEqual([`health.onnx-failed: ${why}`]);
  await promoted(plant, 2);
  await judged(plant, 7);
  expect(plant.state()).toMatchObject({ state: 'blind', why });
  expect(told()).toHaveLength(2);
  const before = plant.told.length;
  await promoted(plant, 1);
  await plant.clock.advance(60_000);
  await plant.scorer.settle();
  expect(plant.state()).toMatchObject({ state: 'scoring', model: 1 });
  expect(plant.told[before].assessment.time).toBe(START + 6 * DAY + EVERY);
});

it('it never has the voice by itself: the first that is learned here does', async () => {
  const plant = await open();
  const files = Object.fromEntries(plant.store.current()?.texts ?? []);
  const text = files['health/pump.yaml'].replace('attribute: flow', 'attribute: flow, measure: maximum');
  await plant.apply({ ...files, 'health/pump.yaml': text });
  const [known, artefact] = [plant.registry.get(PUMP, 1), plant.registry.artefact(PUMP, 1)];
  if (!known.ok || !artefact.ok) throw new Error('no model');
  const onnx = kept('forest', 'lower');
  const card = { ...known.value.card, featureVersion: plant.watch().featureVersion, onnx: onnx.origin };
  const parts = { profile: artefact.value.profile.toJson(), seen: artefact.value.seen, onnx };
  plant.registry.add({ watch: PUMP, by: 'mira', learnedAt: 5, card, ...parts });
  await plant.trainer.check();
  const models = plant.registry.list(PUMP);
  const standing = models.ok && models.value.map(({ number, state }) => `${number} ${state}`);
  expect(standing).toEqual(['1 retired', '2 shadow', '3 active']);
});
