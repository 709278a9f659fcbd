/** Versions and plans of the model as the contract writes them. */

import type { ModelPlan } from '../../../model/assets/modelStore.ts';
import type { AssetChange } from '../../../model/assets/version/modelChanges.ts';
import type { ModelVersion } from '../../../model/assets/version/modelVersions.ts';
import {
  type ModelPlan as JsonPlan,
  type ModelVersion as JsonVersion,
  MAX_PLANNED_ASSETS,
} from '../../contract/model.ts';

const MAX_WAITING = 100;

export function versionJson(version: ModelVersion, current: number | undefined): JsonVersion {
  const { number, effective, applied, by, comment } = version;
  return { number, effective, applied, by, comment, current: number === current };
}

export function planJson({ follows, effective, isNew, defects, changes, broken, waiting }: ModelPlan): JsonPlan {
  const { types, assets, relations, likelyRenames } = changes;
  const count = (kind: AssetChange['kind']) => assets.filter((asset) => asset.kind === kind).length;
  return {
    ...{ follows: follows?.number ?? null, effective, isNew },
    defects: defects.map(({ file, line, column, message, hint = null }) => ({ file, line, column, message, hint })),
    types: types.map(({ kind, name, fields }) => ({ kind, name, fields: [...fields] })),
    assets: assets.slice(0, MAX_PLANNED_ASSETS).map(({ type = null, fields, attributes, ...rest }) => ({
      ...{ ...rest, type, fields: [...fields] },
      attributes: attributes.map(({ breaks = null, fields: own, ...more }) => ({ ...more, fields: [...own], breaks })),
    })),
    counts: { added: count('added'), changed: count('changed'), removed: count('removed') },
    relations: { added: [...relations.added], removed: [...relations.removed] },
    likelyRenames: likelyRenames.map(({ id, from, to }) => ({ id, from, to })),
    broken: broken.map(({ subscriber, attribute, reason }) => ({ subscriber, attribute, reason })),
    waiting: {
      count: waiting.length,
      first: waiting.slice(0, MAX_WAITING).map(({ attribute, tag }) => ({ attribute, tag })),
    },
  };
}
