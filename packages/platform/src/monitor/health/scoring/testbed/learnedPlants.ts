/** Plants that have learned: it is done once, and each test has a copy of what came of it. */

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HealthPlant, type HealthPlantOptions } from './healthPlant.ts';

/** Rows up to here are learned from, in days. */
export const LEARNED_DAYS = 4.5;

export interface LearnedPlants {
  /** A directory in which a plant has learned. */
  copy(): Promise<string>;
  remove(): Promise<void>;
}

export async function learnedPlants(options: HealthPlantOptions = {}): Promise<LearnedPlants> {
  const root = await mkdtemp(join(tmpdir(), 'tidegate-health-'));
  const first = join(root, 'first');
  const plant = await HealthPlant.open(first, options);
  await plant.operate(0, LEARNED_DAYS);
  plant.at(LEARNED_DAYS);
  await plant.trainer.check();
  await plant.close();
  let copies = 0;
  return {
    async copy() {
      const directory = join(root, `copy-${copies++}`);
      await cp(first, directory, { recursive: true });
      return directory;
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** It is a day, and all that can be judged is. */
export async function judged(plant: HealthPlant, day: number): Promise<void> {
  plant.at(day);
  await plant.scorer.settle();
}

/** Days after the start at which rows were told of, and what of them. */
export const toldOf = ({ told }: HealthPlant) =>
  told.map(({ assessment, model }) => {
    const { time, score, strange, drifting } = assessment;
    return { time, score, model, isAlarm: strange || drifting };
  });
