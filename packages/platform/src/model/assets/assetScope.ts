/** Whom an entry of a model file is for: one asset, or every asset of a type. What leads nowhere is a defect. */

import type { DataPath } from '@tidegate/config/dataPath.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import { AssetLookup, type FoundAttribute } from './assetLookup.ts';
import type { Asset, AssetModel, ModelTexts } from './assetModel.ts';
import type { ModelDefects, PlaceFinder } from './text/modelDefects.ts';

export interface ScopeText {
  readonly type?: string | undefined;
  /** A path, an id, or a path that the asset had before. */
  readonly asset?: string | undefined;
}

export class AssetScope {
  readonly lookup: AssetLookup;
  readonly #model: AssetModel;
  readonly #defects: ModelDefects;

  constructor(model: AssetModel, defects: ModelDefects) {
    this.#model = model;
    this.#defects = defects;
    this.lookup = new AssetLookup(model.assets);
  }

  /** `undefined` where the entry names nobody that there is, which is said. */
  assetsOf({ type, asset }: ScopeText, placeOf: PlaceFinder): readonly Asset[] | undefined {
    if (asset !== undefined) {
      const found = this.lookup.asset(asset);
      if (!found) this.#refuse(placeOf(['asset']), `asset "${asset}"`, this.lookup.nearestAsset(asset));
      return found && [found];
    }
    if (type === undefined) {
      this.#defects.add(placeOf([]), 'needs a type or an asset', 'asset: its path; type: of every asset of it');
      return undefined;
    }
    if (!this.#model.types.has(type)) {
      this.#refuse(placeOf(['type']), `type "${type}"`, nearestWord(type, [...this.#model.types.keys()]));
      return undefined;
    }
    return [...this.#model.assets.values()].filter((each) => isOfType(this.#model, each, type));
  }

  /** The attribute that a formula of `asset` knows by this name; where there is none, that is said of the field. */
  attribute(asset: Asset, name: string, field: DataPath, placeOf: PlaceFinder): FoundAttribute | undefined {
    const found = this.lookup.attribute(asset, name);
    if (found) return found;
    const nearest = this.lookup.nearestAttribute(asset, name);
    const hint = nearest && `did you mean "${nearest}"?`;
    this.#defects.addOf(asset.path, placeOf(field), `there is no attribute "${name}"`, hint);
    return undefined;
  }

  #refuse(place: ReturnType<PlaceFinder>, what: string, nearest: string | undefined): void {
    this.#defects.add(place, `there is no ${what}`, nearest && `did you mean "${nearest}"?`);
  }
}

/** Whether an asset is of a type, or of one that extends it. */
export function isOfType(model: AssetModel, { type }: Asset, wanted: string): boolean {
  const own = type === undefined ? undefined : model.types.get(type);
  return own !== undefined && (own.name === wanted || own.lineage.includes(wanted));
}

/** The YAML files of a folder of the model, in the order of their names, with lines that end in `\n`. */
export function modelFiles(texts: ModelTexts, folder: string): readonly (readonly [file: string, text: string])[] {
  return [...texts]
    .filter(([file]) => file.startsWith(`${folder}/`) && /\.ya?ml$/i.test(file))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, text]) => [file, text.replaceAll('\r\n', '\n')]);
}
