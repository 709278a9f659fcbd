/** A store in a directory of its own, with a small model in it where texts are given. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Clock, systemClock } from '@tidegate/core/clock/clock.ts';
import { ModelStore } from '../modelStore.ts';
import type { TagUnits } from '../version/bindingDefects.ts';

export interface ModelPlant {
  readonly store: ModelStore;
  /** Closes the store and removes its directory. */
  stop(): Promise<void>;
}

export async function openModelPlant(
  files: Readonly<Record<string, string>> = {},
  { clock = systemClock, tagOf }: { readonly clock?: Clock; readonly tagOf?: TagUnits } = {},
): Promise<ModelPlant> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tidegate-model-'));
  const opened = await ModelStore.open({ directory, clock, ...(tagOf && { tagOf }) });
  if (!opened.ok) throw new Error(opened.fault.detail);
  const store = opened.value;
  const texts = new Map(Object.entries(files));
  const applied = texts.size > 0 ? await store.apply({ texts, by: 'test', comment: 'the first' }) : undefined;
  if (applied?.ok === false) throw new Error(applied.fault.detail);
  return {
    store,
    async stop() {
      store.close();
      await rm(directory, { recursive: true });
    },
  };
}
