import { failure } from '@tidegate/core/fault/fault.ts';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  DAY,
  EVERY,
  FILES,
  HealthPlant,
  type HealthPlantOptions,
  noise,
  PUMP,
  START,
  samples,
} from './testbed/healthPlant.ts';
import { judged, LEARNED_DAYS, type LearnedPlants, learnedPlants, toldOf } from './testbed/learnedPlants.ts';

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

describe('models', () => {
  // The rows that the first model was learned from.
  const LEARN = { start: START, end: START + 4 * DAY, by: 'mira' };

  it('a shadow judges without a voice, is compared, and gets the voice when it is promoted', async () => {
    const plant = await open();
    expect(await plant.trainer.learn(plant.watch(), LEARN)).toMatchObject({ value: { number: 2, state: 'shadow' } });
    await plant.operate(LEARNED_DAYS, 9, (day) => 4 * Math.max(0, day - 6));
    await judged(plant, 8);
    expect(new Set(plant.told.map(({ model }) => model))).toEqual(new Set([1]));
    expect(plant.state()).toMatchObject({ model: 1, shadows: [2] });
    const compared = plant.scorer.comparisons(PUMP);
    expect(compared).toMatchObject({ value: [{ model: 2, against: 1, rows: plant.told.length }] });
    const alarms = toldOf(plant).filter(({ isAlarm }) => isAlarm).length;
    expect(compared).toMatchObject({ value: [{ active: alarms, shadow: alarms, both: alarms, agreement: 1 }] });
    plant.registry.promote({ watch: PUMP, number: 2, by: 'ada', why: 'same', at: 1 });
    await judged(plant, 9);
    expect(plant.state()).toMatchObject({ model: 2, shadows: [] });
    // It goes on where it stood: the drift that it saw as a shadow is told at once.
    expect(toldOf(plant).find(({ model }) => model === 2)).toMatchObject({ isAlarm: true });
  });

  it('a model with other features does not score, and a new one is learned', async () => {
    const plant = await open();
    const text = FILES['health/pump.yaml'].replace(
      'flow: { attribute: flow }',
      'flow: { attribute: flow, measure: maximum }',
    );
    await plant.apply({ ...FILES, 'health/pump.yaml': text });
    await plant.operate(LEARNED_DAYS, 5);
    await judged(plant, 5);
    expect(plant.told.every(({ model }) => model === 0)).toBe(true);
    expect(plant.state()).toMatchObject({ state: 'learning', model: undefined });
    expect(plant.state().why).toContain('Model 1 was learned with other features than the watch has now.');
    await plant.trainer.check();
    await plant.operate(5, 6);
    await judged(plant, 6);
    expect(plant.state()).toMatchObject({ state: 'scoring', model: 2 });
    await plant.apply(FILES);
    expect(plant.registry.promote({ watch: PUMP, number: 1, by: 'ada', why: 'as before', at: 1 })).toMatchObject({
      ok: true,
    });
    await plant.operate(6, 7);
    await judged(plant, 7);
    expect(plant.state()).toMatchObject({ state: 'scoring', model: 1 });
  });

  it('a watch whose only model is retired does not score, until it has its voice back', async () => {
    const plant = await open();
    const order = { watch: PUMP, number: 1, by: 'ada', why: 'false alarms', at: 1 };
    expect(plant.registry.retire(order)).toMatchObject({ ok: true });
    await plant.operate(LEARNED_DAYS, 6);
    await judged(plant, 5);
    await plant.trainer.check();
    expect(plant.state()).toMatchObject({ state: 'learning', why: 'All of its models are retired.' });
    expect(plant.told.every(({ model }) => model === 0)).toBe(true);
    expect(plant.registry.promote(order)).toMatchObject({ ok: true });
    await judged(plant, 6);
    expect(plant.state()).toMatchObject({ state: 'scoring', model: 1 });
  });

  it('that no longer know what comes are told of once', async () => {
    const plant = await open();
    await plant.add({
      'acme/p1/flow': samples(LEARNED_DAYS, 9, (at) => 140 + noise(at)),
      'acme/p1/leak': samples(LEARNED_DAYS, 9, (at) => 5 + noise(1e6 + at)),
    });
    for (const day of [6, 7, 9]) await judged(plant, day);
    const told = plant.events.filter(({ kind }) => kind === 'health.model-outdated');
    expect(told).toHaveLength(1);
    expect(told[0].detail).toContain('lie outside what the model has seen: flow.');
    expect(plant.scorer.modelHealth(PUMP)).toMatchObject({
      outside: expect.closeTo(0.9, 1),
      features: [{ name: 'flow' }, { name: 'leak' }],
    });
  });

  it('a damaged model scores nothing, and says so', async () => {
    const plant = await open();
    vi.spyOn(plant.registry, 'artefact').mockReturnValue(failure('health.model-damaged', 'Model 1 is damaged.'));
    await plant.operate(LEARNED_DAYS, 5);
    await judged(plant, 5);
    expect(plant.state()).toMatchObject({ state: 'blind', why: 'Model 1 is damaged.' });
    expect(plant.told.every(({ model }) => model === 0)).toBe(true);
  });
});

it('a damaged shadow judges nothing, which is told and stands beside the watch, until it is retired', async () => {
  const plant = await open();
  expect(await plant.trainer.learn(plant.watch(), { by: 'mira' })).toMatchObject({ ok: true });
  const artefact = plant.registry.artefact.bind(plant.registry);
  const why = 'Model 2 is damaged.';
  vi.spyOn(plant.registry, 'artefact').mockImplementation((watch, number) =>
    number === 2 ? failure('health.model-damaged', why) : artefact(watch, number),
  );
  await plant.operate(LEARNED_DAYS, 6);
  await judged(plant, 5);
  const brokenShadows = [{ model: 2, why }];
  expect(plant.state()).toMatchObject({ state: 'scoring', model: 1, shadows: [2], brokenShadows });
  await plant.apply({
    ...FILES,
    'health/pump.yaml': FILES['health/pump.yaml'].replace('negligible: 0.5', 'negligible: 0.6'),
  });
  await judged(plant, 6);
  expect(plant.events.filter(({ detail }) => detail === `health.model-damaged: ${why}`)).toHaveLength(1);
  expect(plant.registry.retire({ watch: PUMP, number: 2, by: 'ada', why: 'damaged', at: 1 })).toMatchObject({
    ok: true,
  });
  await plant.operate(6, 7);
  await judged(plant, 7);
  expect(plant.state()).toMatchObject({ state: 'scoring', shadows: [], brokenShadows: [] });
});

describe('the model of the plant', () => {
  it('a watch that is gone is judged no more, and goes on when it is back', async () => {
    const plant = await open();
    await plant.operate(LEARNED_DAYS, 7);
    await judged(plant, 5);
    const rows = plant.told.length;
    await plant.apply({ ...FILES, 'health/pump.yaml': 'health: []' });
    await judged(plant, 6);
    expect(plant.scorer.standings()).toEqual([]);
    expect(plant.told.length).toBe(rows);
    await plant.apply(FILES);
    await judged(plant, 7);
    const { times } = await plant.scores('score');
    expect(Array.from(times).every((time, at) => at === 0 || time - times[at - 1] === EVERY)).toBe(true);
  });
});
