/** Versions of the model: listed, given as texts, planned and applied. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import type { z } from 'zod';
import type { AppliedModel, ModelStore } from '../../../model/assets/modelStore.ts';
import type {
  ApplyAnswer,
  ApplyBody,
  ModelPlan,
  ModelTexts,
  ModelTextsQuery,
  ModelVersions,
  PlanBody,
} from '../../contract/model.ts';
import { momentOf } from '../history/moments.ts';
import { answer, type FieldError, type Outcome, refusal } from '../outcome.ts';
import { modelAt } from './assetRead.ts';
import { planJson, versionJson } from './modelJson.ts';

/** A refusal names so many defects one by one; `plan` names them all. */
const MOST_DEFECTS = 50;
const NO_STORE = 'This server keeps no model.';

export function listModelVersions(store: ModelStore | undefined): Outcome<ModelVersions> {
  const current = store?.current()?.version.number;
  return answer({ versions: (store?.versions() ?? []).map((version) => versionJson(version, current)) });
}

export async function readModelTexts(
  store: ModelStore | undefined,
  { version, at }: z.output<typeof ModelTextsQuery>,
  now: Timestamp,
): Promise<Outcome<ModelTexts>> {
  const found: Outcome<AppliedModel> =
    version === undefined || !store ? await modelAt(store, at, now) : asOutcome(await store.version(version));
  if (!found.ok) return found;
  const current = store?.current()?.version.number;
  return answer({ version: versionJson(found.value.version, current), texts: Object.fromEntries(found.value.texts) });
}

export async function planModel(
  store: ModelStore | undefined,
  { texts, effective }: z.output<typeof PlanBody>,
  now: Timestamp,
): Promise<Outcome<ModelPlan>> {
  if (!store) return refusal('model.none', NO_STORE);
  const moment = effectiveOf(effective, now);
  if (!moment.ok) return moment;
  const plan = await store.plan(new Map(Object.entries(texts)), moment.value);
  return plan.ok ? answer(planJson(plan.value)) : { ...plan, extras: {} };
}

export async function applyModel(
  store: ModelStore | undefined,
  { texts, effective, ...rest }: z.output<typeof ApplyBody>,
  now: Timestamp,
): Promise<Outcome<ApplyAnswer>> {
  if (!store) return refusal('model.none', NO_STORE);
  const moment = effectiveOf(effective, now);
  if (!moment.ok) return moment;
  const since = moment.value === undefined ? {} : { effective: moment.value };
  const applied = await store.apply({ texts: new Map(Object.entries(texts)), ...rest, ...since });
  if (!applied.ok) {
    const errors = applied.plan?.defects.slice(0, MOST_DEFECTS).map(
      ({ file, line, column, message, hint }): FieldError => ({
        field: `${file}:${line}:${column}`,
        detail: hint === undefined ? message : `${message} (${hint})`,
      }),
    );
    return { ok: false, fault: applied.fault, extras: errors && errors.length > 0 ? { errors } : {} };
  }
  const { version, plan } = applied.value;
  return answer({ version: versionJson(version, store.current()?.version.number), plan: planJson(plan) });
}

function effectiveOf(text: string | undefined, now: Timestamp): Outcome<Timestamp | undefined> {
  return text === undefined ? answer(undefined) : momentOf('effective', text, 'UTC', now);
}

function asOutcome<T>(result: Result<T>): Outcome<T> {
  return result.ok ? result : { ...result, extras: {} };
}
