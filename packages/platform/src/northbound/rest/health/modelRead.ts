/** Learned models as they are asked for, and what people do with them. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { z } from 'zod';
import type { HealthWatch } from '../../../monitor/health/definition/healthWatch.ts';
import type { LearningRequest } from '../../../monitor/health/models/modelTrainer.ts';
import type { ModelVersion } from '../../../monitor/health/models/modelVersion.ts';
import { rowMaking } from '../../../monitor/health/models/rowMaking.ts';
import type {
  HealthModel,
  HealthModelCard,
  HealthModelDocument,
  HealthModelList,
  HealthModelQuery,
  HealthRowMaking,
  ModelOperationAnswer,
  ModelOperationBody,
} from '../../contract/healthModel.ts';
import { momentOf } from '../history/moments.ts';
import { answer, invalidFields, type Outcome, refusal } from '../outcome.ts';
import type { HealthDoor } from './healthDoor.ts';
import { reportJson } from './watchJson.ts';
import { lookUpWatch } from './watchLookup.ts';

type Operation = z.output<typeof ModelOperationBody>;

export function listModels(door: HealthDoor, name: string): Outcome<HealthModelList> {
  const watch = lookUpWatch(door.watches, name);
  return watch.ok ? modelsOf(door, watch.value) : watch;
}

export function readModel(
  door: HealthDoor,
  { watch: name, number }: z.output<typeof HealthModelQuery>,
): Outcome<HealthModelCard> {
  const watch = lookUpWatch(door.watches, name);
  if (!watch.ok) return watch;
  const model = door.models.get(watch.value.id, number);
  if (!model.ok) return { ...model, extras: {} };
  const trail = door.models.trail(watch.value.id);
  if (!trail.ok) return { ...trail, extras: {} };
  const { featureVersion, features, knownAt, excluded, onnx } = model.value.card;
  const changes = trail.value.filter((change) => change.number === number);
  return answer({
    ...modelJson(watch.value, model.value),
    ...{ featureVersion, features: [...features], knownAt, excluded: excluded.map((period) => ({ ...period })) },
    onnx: onnx ? { ...onnx } : null,
    report: reportJson(model.value.card),
    changes: changes.map(({ at, state, by, why }) => ({ at, state, by, why })),
  });
}

export function readModelDocument(
  door: HealthDoor,
  query: z.output<typeof HealthModelQuery>,
): Outcome<z.output<typeof HealthModelDocument>> {
  const card = readModel(door, query);
  if (!card.ok) return card;
  const artefact = door.models.artefact(card.value.watch, card.value.number);
  if (!artefact.ok) return { ...artefact, extras: {} };
  const { profile, onnx } = artefact.value;
  const bytes = onnx && { onnx: Buffer.from(onnx.bytes).toString('base64') };
  return answer({ card: card.value, rows: rowsJson(door, card.value), profile: profile.toJson(), ...bytes });
}

/** Which tags they come from is what holds now: a sensor may have been replaced since. */
function rowsJson(door: HealthDoor, { watch: id, fits }: HealthModelCard): HealthRowMaking | null {
  const watch = fits ? door.watches.get(id) : undefined;
  if (!watch) return null;
  const { condition, features } = rowMaking(watch, door.tags);
  return {
    condition: condition ?? null,
    features: features.map(({ tag, ...made }) => ({ ...made, tag: tag ?? null })),
  };
}

export async function operateModels(
  door: HealthDoor,
  body: Operation,
  now: Timestamp,
): Promise<Outcome<ModelOperationAnswer>> {
  const watch = lookUpWatch(door.watches, body.watch);
  if (!watch.ok) return watch;
  const done =
    body.operation === 'learn' ? beginLearning(door, watch.value, body, now) : changed(door, watch.value, body, now);
  if (!done.ok) return done;
  const models = modelsOf(door, watch.value);
  return models.ok ? answer({ watch: watch.value.id, done: done.value, ...models.value }) : models;
}

/** Whatever comes of it is told by the watch: it takes longer than anybody waits for an answer. */
function beginLearning(door: HealthDoor, watch: HealthWatch, body: Operation, now: Timestamp): Outcome<string> {
  const { by, number } = body;
  if (number !== undefined) return invalidFields([{ field: 'number', detail: 'has no meaning for learning' }]);
  const period = learningPeriod(door, watch, body, now);
  if (!period.ok) return period;
  void door.trainer.learn(watch, { ...period.value, by });
  return answer(`Learning of a model of ${watch.id} has begun.`);
}

/** Whether a model may be learned now, and from when. */
export function learningPeriod(
  door: HealthDoor,
  watch: HealthWatch,
  body: Pick<Operation, 'start' | 'end'>,
  now: Timestamp,
): Outcome<Pick<LearningRequest, 'start' | 'end'>> {
  const start = body.start === undefined ? answer(undefined) : momentOf('start', body.start, 'UTC', now);
  if (!start.ok) return start;
  const end = body.end === undefined ? answer(undefined) : momentOf('end', body.end, 'UTC', now);
  if (!end.ok) return end;
  if (start.value !== undefined && start.value >= (end.value ?? now)) {
    return invalidFields([{ field: 'start', detail: 'must be before end' }]);
  }
  if (door.trainer.learning(watch.id)?.isUnderWay) {
    return refusal('health.learning-busy', `A model of ${watch.id} is being learned already.`);
  }
  return answer({ start: start.value, end: end.value });
}

function changed(door: HealthDoor, watch: HealthWatch, body: Operation, at: Timestamp): Outcome<string> {
  const { id, featureVersion } = watch;
  const { operation, number, by, comment } = body;
  if (number === undefined) return invalidFields([{ field: 'number', detail: 'must be given' }]);
  const before = door.models.get(id, number);
  if (!before.ok) return { ...before, extras: {} };
  if (operation === 'promote' && before.value.card.featureVersion !== featureVersion) {
    const why = `Model ${number} of ${id} was learned with other features than the watch has now.`;
    return refusal('health.model-unfit', why);
  }
  const order = { watch: id, number, by, why: comment ?? '', at };
  const model = operation === 'promote' ? door.models.promote(order) : door.models.retire(order);
  return model.ok ? answer(`Model ${number} of ${id} is ${model.value.state}.`) : { ...model, extras: {} };
}

export function modelsOf(door: HealthDoor, watch: HealthWatch): Outcome<HealthModelList> {
  const models = door.models.list(watch.id);
  if (!models.ok) return { ...models, extras: {} };
  return answer({ models: models.value.map((model) => modelJson(watch, model)).reverse() });
}

function modelJson({ featureVersion }: HealthWatch, { card, ...model }: ModelVersion): HealthModel {
  const { start, end, report, backtest } = card;
  return {
    ...{ watch: model.watch, number: model.number, state: model.state, learnedAt: model.learnedAt, by: model.by },
    ...{ fits: card.featureVersion === featureVersion, start, end, rows: report.rows, threshold: report.threshold },
    file: card.onnx?.file ?? null,
    ...{ backtest: { ...backtest }, notes: [...report.notes] },
  };
}
