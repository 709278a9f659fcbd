import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DAY, EVERY, HealthPlant, type HealthPlantOptions, PUMP, START } from './testbed/healthPlant.ts';

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'tidegate-health-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A plant that has learned from its first four days. */
async function learnedPlant(path: string, options: HealthPlantOptions = {}): Promise<HealthPlant> {
  const plant = await HealthPlant.open(path, options);
  await plant.operate(0, 4.1);
  plant.at(4.1);
  await plant.trainer.check();
  console.log(plant.trainer.learning(PUMP));
  return plant;
}

it('learns by itself, scores what follows, and tells of a leak that grows', async () => {
  const plant = await learnedPlant(await directory());
  expect(plant.registry.list(PUMP)).toMatchObject({ value: [{ number: 1, state: 'active', by: 'Tidegate' }] });
  await plant.operate(4.1, 10, (day) => (day < 6 ? 0 : 4 * (day - 6)));
  plant.at(10);
  await plant.scorer.settle();
  expect(plant.state()).toMatchObject({ state: 'scoring', why: undefined, model: 1 });
  console.log(
    plant.told.length,
    plant.told.findIndex((s) => s.assessment.drifting || s.assessment.strange),
    plant.events,
  );
  const score = await plant.scores('score');
  console.log(score.times.length, score.statuses.slice(0, 3), await plant.scores('shaft/damage'));
  await plant.close();
});
