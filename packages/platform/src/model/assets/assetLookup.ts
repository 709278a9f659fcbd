/** Finds assets by id, path or a path that they had before, and attributes as formulas name them. */

import { nearestWord } from '@tidegate/config/nearestWord.ts';
import type { Asset, AssetId, Attribute } from './assetModel.ts';

export interface FoundAttribute {
  readonly asset: Asset;
  readonly attribute: Attribute;
}

export class AssetLookup {
  readonly #byId: ReadonlyMap<AssetId, Asset>;
  readonly #byPath = new Map<string, Asset>();
  readonly #byFormerPath = new Map<string, Asset>();

  constructor(assets: ReadonlyMap<AssetId, Asset>) {
    this.#byId = assets;
    for (const asset of assets.values()) {
      this.#byPath.set(asset.path, asset);
      for (const former of asset.formerPaths) this.#byFormerPath.set(former, asset);
    }
  }

  /** What a name stands for now goes before what it stood for once. */
  asset(name: string): Asset | undefined {
    return this.#byPath.get(name) ?? this.#byId.get(name) ?? this.#byFormerPath.get(name);
  }

  /** `name` as in a formula of `asset`: its own attribute, one below it (`driver/speed`), or a path from the root. */
  attribute(asset: Asset, name: string): FoundAttribute | undefined {
    const own = asset.attributes.get(name);
    if (own) return { asset, attribute: own };
    return this.path(`${asset.path}/${name}`) ?? this.path(name);
  }

  /** An attribute by its path in the unified namespace, `<asset>/<attribute>`. */
  path(path: string): FoundAttribute | undefined {
    const cut = path.lastIndexOf('/');
    const asset = cut < 0 ? undefined : this.asset(path.slice(0, cut));
    const attribute = asset?.attributes.get(path.slice(cut + 1));
    return asset && attribute ? { asset, attribute } : undefined;
  }

  /** What a name that leads nowhere in a formula of `asset` was probably meant for. */
  nearestAttribute(asset: Asset, name: string): string | undefined {
    const cut = name.lastIndexOf('/');
    if (cut < 0) return nearestWord(name, [...asset.attributes.keys()]);
    const place = name.slice(0, cut);
    const other = this.asset(`${asset.path}/${place}`) ?? this.asset(place);
    const nearest = other && nearestWord(name.slice(cut + 1), [...other.attributes.keys()]);
    return nearest && `${place}/${nearest}`;
  }

  /** The path nearest to a name that leads nowhere, among those that end as it does or lie beside it. */
  nearestAsset(name: string): string | undefined {
    const last = name.slice(name.lastIndexOf('/') + 1);
    const parent = name.slice(0, name.lastIndexOf('/') + 1);
    const candidates = [...this.#byPath.keys()].filter((path) => path.startsWith(parent) || path.endsWith(`/${last}`));
    return nearestWord(name, candidates.slice(0, 1_000));
  }
}
