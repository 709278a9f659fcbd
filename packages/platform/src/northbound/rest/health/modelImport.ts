/** A model that somebody learned elsewhere and brings: it is tried at once, and its threshold is learned like any model. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { z } from 'zod';
import { checkOnnx } from '../../../monitor/health/models/onnx/onnxCheck.ts';
import type { ModelImportQuery, ModelOperationAnswer } from '../../contract/healthModel.ts';
import { answer, type Outcome } from '../outcome.ts';
import type { HealthDoor } from './healthDoor.ts';
import { learningPeriod, modelsOf } from './modelRead.ts';
import { lookUpWatch } from './watchLookup.ts';

/** What the file is unfit for is answered; what comes of the threshold is told by the watch, as of any model. */
export async function importModel(
  door: HealthDoor,
  { watch: name, by, ...query }: z.output<typeof ModelImportQuery>,
  bytes: Uint8Array,
  now: Timestamp,
): Promise<Outcome<ModelOperationAnswer>> {
  const watch = lookUpWatch(door.watches, name);
  if (!watch.ok) return watch;
  const { id, features } = watch.value;
  const names = features.map((feature) => feature.name);
  const { start, end, ...brought } = query;
  const period = learningPeriod(door, watch.value, { start, end }, now);
  if (!period.ok) return period;
  const model = await checkOnnx({ ...brought, bytes }, names);
  if (!model.ok) return { ...model, extras: {} };
  void door.trainer.learn(watch.value, { ...period.value, by, onnx: model.value });
  const models = modelsOf(door, watch.value);
  const done = `${brought.file} can judge ${names.join(', ')}; its threshold is being learned, then it is a shadow of ${id}.`;
  return models.ok ? answer({ watch: id, done, ...models.value }) : models;
}
