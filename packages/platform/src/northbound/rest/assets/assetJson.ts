/** Assets, attributes and types as the contract writes them. */

import type {
  Asset,
  AssetId,
  AssetModel,
  AssetType,
  Attribute,
  AttributeDefinition,
  AttributeSource,
} from '../../../model/assets/assetModel.ts';
import type { AppliedModel } from '../../../model/assets/modelStore.ts';
import type {
  AssetAttribute,
  AssetSource,
  AssetSummary,
  Asset as JsonAsset,
  AssetType as JsonType,
} from '../../contract/asset.ts';

/** How many assets are directly below each. */
export function childCounts({ assets }: AssetModel): ReadonlyMap<AssetId, number> {
  const counts = new Map<AssetId, number>();
  for (const { parent } of assets.values()) if (parent !== undefined) counts.set(parent, (counts.get(parent) ?? 0) + 1);
  return counts;
}

export function assetSummary(asset: Asset, counts: ReadonlyMap<AssetId, number>): AssetSummary {
  return { ...placed(asset), children: counts.get(asset.id) ?? 0, attributes: asset.attributes.size };
}

function placed({ id, path, description, level, type, parent }: Asset) {
  return { id, path, description, level, type: type ?? null, parent: parent ?? null };
}

export function assetJson(asset: Asset, { model, version }: AppliedModel): JsonAsset {
  const counts = childCounts(model);
  const children = [...model.assets.values()].filter(({ parent }) => parent === asset.id);
  const relations = model.relations.flatMap(({ kind, from, to }): JsonAsset['relations'] => {
    if (from !== asset.id && to !== asset.id) return [];
    const id = from === asset.id ? to : from;
    return [{ kind, direction: from === asset.id ? 'to' : 'from', id, path: model.assets.get(id)!.path }];
  });
  return {
    ...placed(asset),
    formerPaths: [...asset.formerPaths],
    nameplate: Object.fromEntries(asset.nameplate),
    attributes: [...asset.attributes.values()].map((attribute) => attributeJson(asset, attribute, model)),
    children: children.map((child) => assetSummary(child, counts)),
    relations,
    place: { file: asset.place.file, line: asset.place.line },
    version: version.number,
    effective: version.effective,
  };
}

export function attributeJson(asset: Asset, attribute: Attribute, model: AssetModel): AssetAttribute {
  return {
    ...fieldJson(attribute),
    path: `${asset.path}/${attribute.name}`,
    uncertainty: attribute.uncertainty ?? null,
    source: sourceJson(attribute.source, model),
  };
}

function fieldJson({ name, description, type, unit, low, high, required }: AttributeDefinition) {
  return { name, description, type, unit, low: low ?? null, high: high ?? null, required };
}

function sourceJson(source: AttributeSource, { assets }: AssetModel): AssetSource {
  switch (source.kind) {
    case 'tag':
      return { kind: 'tag', tag: source.path };
    case 'constant':
      return { kind: 'constant', value: source.value };
    case 'formula':
      return { kind: 'formula', formula: source.text };
    case 'reference':
      return { kind: 'reference', asset: assets.get(source.asset)!.path, attribute: source.attribute };
    case 'unbound':
      return { kind: 'unbound' };
  }
}

export function typeJson(
  { name, version, description, abstract, lineage, components, attributes }: AssetType,
  assets: number,
): JsonType {
  return {
    ...{ name, version, description, abstract, assets },
    lineage: [...lineage],
    components: Object.fromEntries(components),
    fields: [...attributes.values()].map(fieldJson),
  };
}
