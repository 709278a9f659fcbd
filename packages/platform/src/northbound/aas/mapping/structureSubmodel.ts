/** Hierarchical Structures enabling Bills of Material (IDTA 02011-1-1): parts of an asset, and what it is related to. */

import type { Asset, AssetId, RelationKind } from '../../../model/assets/assetModel.ts';
import {
  described,
  externalReference,
  modelReference,
  names,
  property,
  relationship,
  selfManaged,
  valueQualifier,
} from '../metamodel/elements.ts';
import type { Reference, Submodel, SubmodelElement } from '../metamodel/environment.ts';
import { SiblingNames } from '../metamodel/idShort.ts';
import type { PlantView } from './plantView.ts';

const ROOT = 'https://admin-shell.io/idta/HierarchicalStructures';
export const STRUCTURE = `${ROOT}/1/1/Submodel`;
const ENTRY_NODE = 'EntryNode';
const RELATION = 'urn:tidegate:semantics/relation';
const LEVEL = 'urn:tidegate:semantics/qualifier/level/1/0';

/** A node below the entry node, and how the two are related. */
interface Node {
  readonly asset: Asset;
  readonly idShort: string;
}

export function structureSubmodel(asset: Asset, view: PlantView): Submodel {
  const { ids, model } = view;
  const parts = partsOf(view).get(asset.id) ?? [];
  const parent = asset.parent === undefined ? undefined : model.assets.get(asset.parent);
  // One step down shows what an asset consists of; what consists of nothing shows what it is part of.
  const isUp = parts.length === 0 && parent !== undefined;
  const siblings = new SiblingNames();
  const nodes = (isUp ? [parent] : parts).map((one) => ({ asset: one, idShort: siblings.take(lastName(one)) }));
  const statements = nodes.flatMap((node) => [
    nodeEntity(asset, node, view),
    link(asset, node, isUp ? 'IsPartOf' : 'HasPart', siblings, view),
  ]);
  const related = model.relations
    .filter(({ from }) => from === asset.id)
    .map(({ kind, to }) => relation(asset, kind, to, siblings, view));
  const entry = { idShort: ENTRY_NODE, semanticId: `${ROOT}/EntryNode/1/0` };
  return {
    modelType: 'Submodel',
    ...{ id: ids.submodel('structure', asset.id), idShort: 'HierarchicalStructures', kind: 'Instance' },
    administration: {
      version: '1',
      revision: '1',
      templateId: 'https://admin-shell.io/idta/SubmodelTemplate/HierarchicalStructuresBoM/1/1',
    },
    semanticId: externalReference(STRUCTURE),
    submodelElements: [
      { ...selfManaged(entry, ids.globalAsset(asset.id), [...statements, ...related]), ...names(asset.path) },
      property({ idShort: 'ArcheType', semanticId: `${ROOT}/ArcheType/1/0` }, 'xs:string', isUp ? 'OneUp' : 'OneDown'),
    ],
  };
}

const PARTS = new WeakMap<PlantView['model'], ReadonlyMap<AssetId, readonly Asset[]>>();

/** By asset what is directly below it; found once for each model. */
function partsOf({ model }: PlantView): ReadonlyMap<AssetId, readonly Asset[]> {
  const known = PARTS.get(model);
  if (known) return known;
  const parts = new Map<AssetId, Asset[]>();
  for (const asset of model.assets.values()) {
    if (asset.parent === undefined) continue;
    const siblings = parts.get(asset.parent);
    if (siblings) siblings.push(asset);
    else parts.set(asset.parent, [asset]);
  }
  PARTS.set(model, parts);
  return parts;
}

function lastName({ path }: Asset): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A part as a node, which is the same as the entry node of its own structure. */
function nodeEntity(owner: Asset, { asset, idShort }: Node, view: PlantView): SubmodelElement {
  const sameAs = relationship(
    { idShort: 'SameAs', semanticId: `${ROOT}/SameAs/1/0` },
    entryOf(owner.id, view, idShort),
    entryOf(asset.id, view),
  );
  return {
    ...selfManaged({ idShort, semanticId: `${ROOT}/Node/1/0` }, view.ids.globalAsset(asset.id), [sameAs]),
    ...names(asset.path),
    ...described(asset.description),
    qualifiers: [valueQualifier('Level', 'xs:string', asset.level, LEVEL)],
  };
}

function link(
  owner: Asset,
  { asset, idShort }: Node,
  kind: 'HasPart' | 'IsPartOf',
  siblings: SiblingNames,
  view: PlantView,
): SubmodelElement {
  const meaning = { idShort: siblings.take(`${kind}_${idShort}`), semanticId: `${ROOT}/${kind}/1/0` };
  return { ...relationship(meaning, entryOf(owner.id, view), entryOf(owner.id, view, idShort)), ...names(asset.path) };
}

/** A typed relation leads to the entry node of the other asset; the kinds are those of the model. */
function relation(
  asset: Asset,
  kind: RelationKind,
  to: AssetId,
  siblings: SiblingNames,
  view: PlantView,
): SubmodelElement {
  const other = view.model.assets.get(to)!;
  const meaning = { idShort: siblings.take(`${kind}_${lastName(other)}`), semanticId: `${RELATION}/${kind}/1/0` };
  return {
    ...relationship(meaning, entryOf(asset.id, view), entryOf(to, view)),
    ...names(`${kind} ${other.path}`),
  };
}

function entryOf(asset: AssetId, { ids }: PlantView, node?: string): Reference {
  return modelReference(
    { type: 'Submodel', value: ids.submodel('structure', asset) },
    { type: 'Entity', value: ENTRY_NODE },
    ...(node === undefined ? [] : [{ type: 'Entity' as const, value: node }]),
  );
}
