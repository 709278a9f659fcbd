/** Assets and types as they are asked for: the list in pages, one of them, the templates. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { TagPattern, tagPatternDefect } from '@tidegate/core/sample/tagPattern.ts';
import type { Asset, AssetModel } from '../../../model/assets/assetModel.ts';
import type { AppliedModel, ModelStore } from '../../../model/assets/modelStore.ts';
import type { AssetListQuery, AssetPage, AssetTypes, Asset as JsonAsset } from '../../contract/asset.ts';
import { momentOf } from '../history/moments.ts';
import { nearestNames } from '../nearestNames.ts';
import { answer, invalidFields, type Outcome, refusal } from '../outcome.ts';
import { assetJson, assetSummary, childCounts, typeJson } from './assetJson.ts';

/** The model that holds now, or held at `at`. */
export async function modelAt(
  store: ModelStore | undefined,
  at: string | undefined,
  now: Timestamp,
): Promise<Outcome<AppliedModel>> {
  const current = store?.current();
  if (at === undefined || !store) {
    return current ? answer(current) : refusal('model.none', 'No version of the model holds at this moment.');
  }
  const moment = momentOf('at', at, 'UTC', now);
  if (!moment.ok) return moment;
  const applied = await store.asOf(moment.value);
  return applied.ok ? applied : { ...applied, extras: {} };
}

export function lookUpAsset({ lookup, model }: AppliedModel, name: string): Outcome<Asset> {
  const asset = lookup.asset(name);
  if (asset) return answer(asset);
  const suggestions = nearestNames(
    name,
    [...model.assets.values()].flatMap(({ path, id }) => [path, id]),
  );
  const hint = suggestions.length > 0 ? ` The nearest is "${suggestions[0]}".` : '';
  return refusal('asset.unknown', `No asset has the path or id "${name}".${hint}`, {
    suggestions: [...new Set(suggestions)],
  });
}

export function listAssets(applied: AppliedModel, query: AssetListQuery): Outcome<AssetPage> {
  const { pattern, cursor } = query;
  const defect = pattern === undefined ? undefined : tagPatternDefect(pattern);
  if (defect !== undefined) return invalidFields([{ field: 'pattern', detail: defect }]);
  const root = query.below === undefined ? undefined : lookUpAsset(applied, query.below);
  if (root && !root.ok) return root;
  const after = cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString();
  const matching = chosen(applied.model, query, root?.value);
  const start = after === undefined ? 0 : matching.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && start === 0) {
    return invalidFields([{ field: 'cursor', detail: 'must be the `next` of a page of the same question' }]);
  }
  const page = matching.slice(start, start + query.limit);
  const isLast = start + page.length === matching.length;
  const counts = childCounts(applied.model);
  return answer({
    version: applied.version.number,
    assets: page.map((asset) => assetSummary(asset, counts)),
    total: matching.length,
    next: isLast ? null : Buffer.from(page[page.length - 1].id).toString('base64url'),
  });
}

function chosen({ assets, types }: AssetModel, query: AssetListQuery, root: Asset | undefined): Asset[] {
  const { type, depth, search } = query;
  const pattern = query.pattern === undefined ? undefined : new TagPattern(query.pattern);
  const prefix = root ? `${root.path}/` : '';
  const top = root ? depthOf(root.path) : 0;
  const wanted = search?.toLowerCase();
  return [...assets.values()].filter((asset) => {
    const { path, id, description, nameplate } = asset;
    if (root && asset !== root && !path.startsWith(prefix)) return false;
    if (depth !== undefined && depthOf(path) - top > depth) return false;
    if (type !== undefined && asset.type !== type && !(types.get(asset.type ?? '')?.lineage.includes(type) ?? false)) {
      return false;
    }
    if (pattern && !pattern.matches(path)) return false;
    return (
      wanted === undefined ||
      [path, id, description, ...nameplate.values()].some((text) => text.toLowerCase().includes(wanted))
    );
  });
}

function depthOf(path: string): number {
  return path.split('/').length;
}

export function readAsset(applied: AppliedModel, name: string): Outcome<JsonAsset> {
  const asset = lookUpAsset(applied, name);
  return asset.ok ? answer(assetJson(asset.value, applied)) : asset;
}

export function listTypes({ model, version }: AppliedModel): Outcome<AssetTypes> {
  const counts = new Map<string, number>();
  for (const { type } of model.assets.values()) if (type !== undefined) counts.set(type, (counts.get(type) ?? 0) + 1);
  const types = [...model.types.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return answer({ version: version.number, types: types.map((type) => typeJson(type, counts.get(type.name) ?? 0)) });
}
