/** A model with event frames and accounts over a historian, as the server app puts them together. */

import { join } from 'node:path';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Historian } from '../../historian/query/historian.ts';
import { ModelStore } from '../../model/assets/modelStore.ts';
import { PlantFrames } from '../../monitor/events/plantFrames.ts';
import { PlantAccounts } from '../../monitor/performance/plantAccounts.ts';

export interface FramePlant {
  readonly model: ModelStore;
  readonly frames: PlantFrames;
  readonly accounts: PlantAccounts;
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
  const path = join(directory, 'events.sqlite');
  const events = () => undefined;
  const frames = PlantFrames.open({ path, historian, model: model.value, clock, events });
  if (!frames.ok) throw new Error(frames.fault.detail);
  const accounts = new PlantAccounts(model.value, frames.value.history);
  const applied = await model.value.apply({ texts, by: 'test', comment: 'the first' });
  if (!applied.ok) throw new Error(applied.fault.detail);
  return {
    model: model.value,
    frames: frames.value,
    accounts,
    async close() {
      await frames.value.close();
      model.value.close();
    },
  };
}
