/** Makes the asset model of its texts; what is wrong is left out and said, and the rest works. */

import type { Defect } from '@tidegate/config/defect.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import { AssetLookup } from './assetLookup.ts';
import type { Asset, AssetId, AssetModel, AssetType, ModelTexts, Relation } from './assetModel.ts';
import type { Building } from './build/attributeTemplate.ts';
import { bindAttributes } from './build/bindAttributes.ts';
import { type GrownAsset, growAssets } from './build/growAssets.ts';
import { resolveNames } from './build/resolveNames.ts';
import { resolveTypes, type TypeTemplate } from './build/resolveTypes.ts';
import { UnitTable } from './build/unitTable.ts';
import { unraisedVersions } from './build/unraisedVersions.ts';
import { ModelDefects } from './text/modelDefects.ts';
import type { AssetDraft, TypeDraft } from './text/modelDraft.ts';
import { readAssets } from './text/readAssets.ts';
import { readAssetTable } from './text/readAssetTable.ts';
import { readTypes } from './text/readTypes.ts';

/** The folders of a model directory; each is read by its own stage. */
export const MODEL_FOLDERS = ['types', 'assets', 'twins', 'alarms', 'frames', 'health'] as const;

export interface LoadedAssets {
  readonly model: AssetModel;
  readonly defects: readonly Defect[];
}

export interface AssetModelOptions {
  /** Paths that assets had in earlier versions: formulas, references and relations may still use them. */
  readonly formerPaths?: ReadonlyMap<AssetId, readonly string[]>;
  /** The model that this one is to replace: against it versions of types must rise, and removed types are told apart. */
  readonly before?: AssetModel;
  /** Lets others have a turn while a large model is made, which takes about a second. */
  readonly pause?: () => Promise<void>;
}

/** Never rejects for what the texts hold. */
export async function loadAssetModel(texts: ModelTexts, options: AssetModelOptions = {}): Promise<LoadedAssets> {
  const { before, formerPaths = new Map(), pause = async () => undefined } = options;
  const defects = new ModelDefects();
  const building: Building = { defects, units: new UnitTable(), pause };
  const typeDrafts: TypeDraft[] = [];
  const assetDrafts: AssetDraft[] = [];
  for (const [file, text] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const lines = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
    if (isIn('types', file, YAML)) for (const draft of readTypes(file, lines, defects)) typeDrafts.push(draft);
    else if (isIn('assets', file, YAML)) for (const draft of readAssets(file, lines, defects)) assetDrafts.push(draft);
    else if (isIn('assets', file, CSV))
      for (const draft of readAssetTable(file, lines, defects)) assetDrafts.push(draft);
    else refuseStray(file, defects);
  }
  const types = await resolveTypes(typeDrafts, building);
  if (before) unraisedVersions(before, types, defects);
  const typeNames = new Map(typeDrafts.map((draft) => [draft.name, draft]));
  const grown = await growAssets(assetDrafts, { ...building, types, typeNames, before });
  const { assets, naming } = await bindAttributes(grown, formerPaths, building);
  const lookup = new AssetLookup(assets);
  await resolveNames(assets, naming, lookup, building);
  const model = { types: typesOf(types), assets, relations: relationsOf(grown, assets, lookup, defects) };
  return { model, defects: defects.list() };
}

const YAML = /\.ya?ml$/i;
const CSV = /\.csv$/i;

function isIn(folder: string, file: string, form: RegExp): boolean {
  return file.startsWith(`${folder}/`) && form.test(file);
}

/** A file that no stage would read is a slip: its folder or its ending is misspelt. */
function refuseStray(file: string, defects: ModelDefects): void {
  const folder = file.slice(0, Math.max(0, file.indexOf('/')));
  const isKnown = (MODEL_FOLDERS as readonly string[]).includes(folder);
  if (isKnown ? folder !== 'types' && folder !== 'assets' : !YAML.test(file) && !CSV.test(file)) return;
  if (isKnown && /\.(md|txt)$/i.test(file)) return;
  const nearest = isKnown || folder === '' ? undefined : nearestWord(folder, MODEL_FOLDERS);
  const message = isKnown ? 'is neither YAML nor a table' : 'no part of the model is read from here';
  const hint = nearest ? `did you mean the folder "${nearest}"?` : `the folders are ${MODEL_FOLDERS.join(', ')}`;
  defects.add({ file, line: 1, column: 1 }, message, isKnown ? 'end its name with .yaml, or .csv in assets' : hint);
}

function typesOf(templates: ReadonlyMap<string, TypeTemplate>): ReadonlyMap<string, AssetType> {
  return new Map([...templates].map(([name, { type }]) => [name, type]));
}

function relationsOf(
  grown: readonly GrownAsset[],
  assets: ReadonlyMap<AssetId, Asset>,
  lookup: AssetLookup,
  defects: ModelDefects,
): readonly Relation[] {
  const relations = new Map<string, Relation>();
  for (const { id, draft } of grown) {
    for (const { kind, to, place } of draft?.relations ?? []) {
      const other = lookup.asset(to) ?? lookup.asset(`${assets.get(id)!.path}/${to}`);
      if (!other) {
        const nearest = lookup.nearestAsset(to);
        const hint = nearest ? `did you mean "${nearest}"?` : 'name another asset by its path or id';
        defects.add(place, `it ${kind} "${to}", which is no asset`, hint);
      } else if (other.id === id) defects.add(place, `it ${kind} itself`, 'name another asset');
      else relations.set(`${kind}\n${id}\n${other.id}`, { kind, from: id, to: other.id });
    }
  }
  return [...relations.values()];
}
