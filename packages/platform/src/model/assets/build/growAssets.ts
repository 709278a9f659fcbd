/** Grows the tree: what the texts define, the places between, and the parts that the types compose assets of. */

import type { AssetId, AssetLevel, AssetModel, ModelPlace } from '../assetModel.ts';
import type { AssetDraft } from '../text/modelDraft.ts';
import { MAX_PATH_SEGMENTS } from '../text/nameDefect.ts';
import { defaultLevel, mayContain } from './assetLevel.ts';
import type { AttributeTemplate, Building } from './attributeTemplate.ts';
import { defineAttribute, PAUSE_EVERY } from './attributeTemplate.ts';
import { nearestType, placeText, type TypeTemplate } from './resolveTypes.ts';

/** An asset whose attributes are still templates. */
export interface GrownAsset {
  readonly id: AssetId;
  readonly path: string;
  readonly name: string;
  readonly parent: GrownAsset | undefined;
  readonly level: AssetLevel;
  readonly type: TypeTemplate | undefined;
  readonly attributes: ReadonlyMap<string, AttributeTemplate>;
  /** `undefined` of what no text defines. */
  readonly draft: AssetDraft | undefined;
  readonly place: ModelPlace;
}

/** Types multiply parts by parts: so many assets are built, and no more. */
export const MAX_ASSETS = 250_000;

export interface Grounds extends Building {
  readonly types: ReadonlyMap<string, TypeTemplate>;
  /** Names of all types that the texts define, those that cannot be used included. */
  readonly typeNames: ReadonlyMap<string, unknown>;
  /** What these texts are to replace. */
  readonly before: AssetModel | undefined;
}

/** What is still to be grown at a path: what a text says, a part of what is above, or a mere place. */
interface Seed {
  readonly path: string;
  readonly draft: AssetDraft | undefined;
  readonly part: string | undefined;
  readonly place: ModelPlace;
}

/** Parents before their children, else in the order of their paths. */
export async function growAssets(drafts: readonly AssetDraft[], grounds: Grounds): Promise<readonly GrownAsset[]> {
  const seeds = sow(drafts, grounds);
  const grown = new Map<string, GrownAsset>();
  const ids = new Map<AssetId, GrownAsset>();
  for (let depth = 1; depth <= MAX_PATH_SEGMENTS; depth++) {
    for (const seed of seeds.get(depth)?.values() ?? []) {
      if (grown.size >= MAX_ASSETS) {
        const hint = 'a part of which every part has parts grows fast';
        grounds.defects.add(seed.place, `the model has more than ${MAX_ASSETS} assets`, hint);
        return inOrder(grown);
      }
      const asset = await growAsset(seed, grown.get(parentPath(seed.path)), ids, grounds);
      grown.set(asset.path, asset);
      ids.set(asset.id, asset);
      sowParts(asset, seeds, grounds);
      if (grown.size % PAUSE_EVERY === 0) await grounds.pause();
    }
  }
  return inOrder(grown);
}

function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** By depth and path, the places between filled in. */
function sow(drafts: readonly AssetDraft[], { defects }: Building): Map<number, Map<string, Seed>> {
  const seeds = new Map<number, Map<string, Seed>>();
  for (const draft of drafts) {
    const other = seedAt(seeds, draft.path);
    if (other?.draft) {
      defects.add(draft.place, `the asset "${draft.path}" stands twice`, `first at ${placeText(other.draft.place)}`);
      continue;
    }
    addSeed(seeds, { path: draft.path, draft, part: undefined, place: draft.place });
    let path = parentPath(draft.path);
    while (path !== '' && !seedAt(seeds, path)) {
      addSeed(seeds, { path, draft: undefined, part: undefined, place: draft.place });
      path = parentPath(path);
    }
  }
  return seeds;
}

function seedAt(seeds: Map<number, Map<string, Seed>>, path: string): Seed | undefined {
  return seeds.get(depthOf(path))?.get(path);
}

function addSeed(seeds: Map<number, Map<string, Seed>>, seed: Seed): void {
  const depth = depthOf(seed.path);
  const level = seeds.get(depth) ?? new Map<string, Seed>();
  seeds.set(depth, level.set(seed.path, seed));
}

function depthOf(path: string): number {
  let depth = 1;
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) depth++;
  return depth;
}

/** The parts that the type of an asset composes it of; a text may say more of a part, and make it a subtype. */
function sowParts(asset: GrownAsset, seeds: Map<number, Map<string, Seed>>, { defects }: Building): void {
  const { type, path } = asset;
  for (const [name, part] of type?.type.components ?? []) {
    const seed = seedAt(seeds, `${path}/${name}`);
    const place = seed?.draft?.place ?? asset.place;
    if (depthOf(path) >= MAX_PATH_SEGMENTS) {
      defects.add(place, `"${path}/${name}" would have more than ${MAX_PATH_SEGMENTS} segments`);
      return;
    }
    addSeed(seeds, { path: `${path}/${name}`, draft: seed?.draft, part, place });
  }
}

async function growAsset(
  seed: Seed,
  parent: GrownAsset | undefined,
  ids: ReadonlyMap<AssetId, GrownAsset>,
  grounds: Grounds,
): Promise<GrownAsset> {
  const { path, draft, place } = seed;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const type = typeOf(seed, grounds);
  const level = levelOf(seed, parent, type !== undefined, grounds);
  const attributes = new Map(type?.attributes);
  for (const attribute of draft?.attributes ?? []) {
    attributes.set(attribute.name, await defineAttribute(attributes.get(attribute.name), attribute, grounds));
  }
  const id = idOf(seed, parent, name, ids, grounds);
  return { id, path, name, parent, level, type, attributes, draft, place };
}

/** What is given, or the id of what is above with the name: below a renamed asset nothing gets another id. */
function idOf(
  { path, draft, place }: Seed,
  parent: GrownAsset | undefined,
  name: string,
  ids: ReadonlyMap<AssetId, GrownAsset>,
  { defects }: Building,
): AssetId {
  const wanted = draft?.id ?? (parent ? `${parent.id}/${name}` : name);
  const other = ids.get(wanted);
  if (!other) return wanted;
  const hint = draft?.id === undefined ? 'give one of them an id' : 'an id is of one asset for all time';
  defects.add(place, `"${other.path}" has the id "${wanted}" already`, hint);
  // A blank cannot begin an id: this one is taken by nothing else, and it is not kept.
  let free = ` ${path}`;
  while (ids.has(free)) free = ` ${free}`;
  return free;
}

function typeOf({ draft, part, place }: Seed, grounds: Grounds): TypeTemplate | undefined {
  const { types, typeNames, before, defects } = grounds;
  const name = draft?.type ?? part;
  if (name === undefined) return undefined;
  const type = types.get(name);
  if (!type) {
    if (typeNames.has(name)) {
      defects.add(place, `its type "${name}" cannot be used`, 'correct the type; until then this is a mere place');
    } else if (before?.types.has(name)) {
      const hint = 'keep the type until no asset is one, or give this asset another type';
      defects.add(place, `the type "${name}" is removed, and this asset still is one`, hint);
    } else defects.add(place, `there is no type "${name}"`, nearestType(name, typeNames));
    return undefined;
  }
  if (part !== undefined && name !== part && !type.type.lineage.includes(part)) {
    const hint = `take ${part}, or a type that extends it`;
    defects.add(place, `what contains it wants a ${part} here, and a ${name} is none`, hint);
    return types.get(part);
  }
  if (!type.type.abstract) return type;
  const hint = 'take a type that extends it';
  defects.add(place, `"${name}" is abstract: no asset is one`, hint);
  return undefined;
}

function levelOf(
  { path, draft, part, place }: Seed,
  parent: GrownAsset | undefined,
  hasType: boolean,
  { defects }: Building,
): AssetLevel {
  const usual = part === undefined ? defaultLevel(parent?.level, hasType) : 'component';
  const level = draft?.level ?? usual;
  if (!parent || mayContain(parent.level, level)) return level;
  const message = `"${path}" is of level ${level}, and what is above it of level ${parent.level}`;
  defects.add(place, message, 'levels go down from enterprise to component (IEC 62264-1, 5.3)');
  return defaultLevel(parent.level, hasType);
}

/** `/` sorts before every character that may stand in a name, so that a child stands right behind its parent. */
function inOrder(grown: ReadonlyMap<string, GrownAsset>): readonly GrownAsset[] {
  const keyed = [...grown.values()].map((asset) => ({ asset, key: asset.path.replaceAll('/', '\u0001') }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ asset }) => asset);
}
