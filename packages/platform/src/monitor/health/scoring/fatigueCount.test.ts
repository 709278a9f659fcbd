import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  DAY,
  EVERY,
  FILES,
  HealthPlant,
  type HealthPlantOptions,
  PUMP,
  START,
  samples,
} from './testbed/healthPlant.ts';
import { judged } from './testbed/learnedPlants.ts';

async function open(options: HealthPlantOptions = {}, into?: string): Promise<HealthPlant> {
  const directory = into ?? (await mkdtemp(join(tmpdir(), 'tidegate-fatigue-')));
  const plant = await HealthPlant.open(directory, options);
  onTestFinished(async () => {
    await plant.close();
    await rm(directory, { recursive: true, force: true });
  });
  return plant;
}

/** Each day the shaft gets 20 degrees warmer and colder again: by its curve the 125th part of its life, were it one cycle. */
const daily = (at: number) => 50 + 10 * Math.sin((2 * Math.PI * at) / 144);
const heat = (from: number, to: number) => ({ 'acme/p1/heat': samples(from, to, daily) });
const PER_DAY = 1 / 125;

const damageOf = (plant: HealthPlant) => plant.state().latest?.fatigue[0]?.damage ?? Number.NaN;

it('is counted from the first day, without a model, and told', async () => {
  const plant = await open();
  await plant.add(heat(0, 30));
  await judged(plant, 30);
  expect(plant.state()).toMatchObject({ state: 'learning', model: undefined, latest: { model: 0 } });
  expect(damageOf(plant)).toBeCloseTo(30 * PER_DAY, 2);
  const [{ life, perDay }] = plant.state().latest?.fatigue ?? [];
  expect(perDay).toBeCloseTo(PER_DAY, 3);
  expect(life?.medianDays).toBeCloseTo((1 - damageOf(plant)) / (perDay ?? Number.NaN), 6);
  const { times, values } = await plant.scores('shaft/damage');
  expect(values.at(-1)).toBe(damageOf(plant));
  expect(times.at(-1)).toBe(START + 30 * DAY - EVERY);
  expect(plant.told.every(({ assessment, model }) => model === 0 && !assessment.strange && !assessment.drifting)).toBe(
    true,
  );
});

it('history that is brought in later is counted as well, and damage is told once of each time', async () => {
  const plant = await open();
  await plant.add(heat(20, 30));
  await judged(plant, 30);
  expect(damageOf(plant)).toBeCloseTo(10 * PER_DAY, 2);
  await plant.add(heat(0, 20));
  await judged(plant, 30);
  expect(damageOf(plant)).toBeCloseTo(30 * PER_DAY, 2);
  await plant.add(heat(30, 31));
  await judged(plant, 31);
  const { times, values } = await plant.scores('shaft/damage');
  expect(new Set(times).size).toBe(times.length);
  expect(values.at(-1)).toBeCloseTo(31 * PER_DAY, 2);
});

it('begins anew when the part is changed', async () => {
  let changedAt: number | undefined;
  const plant = await open({ repairedAt: () => changedAt });
  await plant.add(heat(0, 30));
  await judged(plant, 20);
  changedAt = START + 20 * DAY;
  await judged(plant, 30);
  expect(damageOf(plant)).toBeCloseTo(10 * PER_DAY, 2);
});

it('is counted anew where the law is another, and goes on where it is not', async () => {
  const plant = await open();
  await plant.add(heat(0, 20));
  await judged(plant, 10);
  const text = FILES['health/pump.yaml'];
  await plant.apply({ ...FILES, 'health/pump.yaml': text.replace('name: seal', 'name: seal\n    description: other') });
  await judged(plant, 20);
  expect(damageOf(plant)).toBeCloseTo(20 * PER_DAY, 2);
  await plant.apply({ ...FILES, 'health/pump.yaml': text.replace('kneeCycles: 1000', 'kneeCycles: 2000') });
  await plant.add(heat(20, 21));
  await judged(plant, 21);
  expect(damageOf(plant)).toBeCloseTo((21 * PER_DAY) / 2, 2);
});

it('time without usable values is not taken for time that was seen', async () => {
  const plant = await open();
  await plant.add(heat(0, 10));
  await plant.add({ 'acme/p1/heat': [[START + 10 * DAY, null, 0x80000000]] });
  await plant.add(heat(15, 20));
  await judged(plant, 20);
  expect(damageOf(plant) / 15).toBeCloseTo(PER_DAY, 3);
  expect(plant.state().latest?.fatigue[0].perDay).toBeCloseTo(PER_DAY, 3);
});

it('a load that never came is no damage', async () => {
  const plant = await open();
  await plant.add({ 'acme/p1/flow': samples(0, 2, () => 100), 'acme/p1/leak': samples(0, 2, () => 5) });
  await judged(plant, 2);
  expect(plant.state().watch.id).toBe(PUMP);
  expect(plant.state().latest).toBeUndefined();
});
