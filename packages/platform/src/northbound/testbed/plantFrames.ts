/** A model with event frames and accounts over a historian, as the server app puts them together. */

import { join } from 'node:path';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Historian } from '../../historian/query/historian.ts';
import { ModelStore } from '../../model/assets/modelStore.ts';
import { PlantFrames } from '../../monitor/events/plantFrames.ts';
import { PlantAccounts } from '../../monitor/performance/plantAccounts.ts';
import type { FrameDoor } from '../serve/frameRoutes.ts';

export interface FramePlant extends FrameDoor {
  readonly model: ModelStore;
  close(): Promise<void>;
}

/** Refuses texts that have any defect. */
export async function openFramePlant(
  historian: Historian,
  directory: string,
  clock: Clock,
  texts: ReadonlyMap<string, string>,
): Promise<FramePlant> {
  const model = await ModelStore.open({ directory, clock });
  if (!model.ok) throw new Error(model.fault.detail);
  const plant = framesOver(historian, directory, clock, model.value);
  const applied = await model.value.apply({ texts, by: 'test', comment: 'the first' });
  if (!applied.ok) throw new Error(applied.fault.detail);
  return {
    ...plant,
    async close() {
      await plant.close();
      model.value.close();
    },
  };
}

/** The same over a model that somebody else opened, and closes. */
export function framesOver(historian: Historian, directory: string, clock: Clock, model: ModelStore): FramePlant {
  const path = join(directory, 'events.sqlite');
  const frames = PlantFrames.open({ path, historian, model, clock, events: () => undefined });
  if (!frames.ok) throw new Error(frames.fault.detail);
  const accounts = new PlantAccounts(model, frames.value.history);
  return { model, frames: frames.value, accounts, close: () => frames.value.close() };
}
