/** The identifiers of shells, submodels and concepts: IRIs made of a base and of ids that a rename does not change. */

import type { AssetId } from '../../../model/assets/assetModel.ts';

/** Where a plant has no domain of its own to name its assets under. */
export const DEFAULT_AAS_BASE = 'urn:tidegate:aas/';

export const SUBMODEL_KINDS = ['nameplate', 'time-series', 'structure', 'operational-data'] as const;
export type SubmodelKind = (typeof SUBMODEL_KINDS)[number];

export interface SubmodelName {
  readonly kind: SubmodelKind;
  readonly asset: AssetId;
}

export class AasIds {
  readonly #base: string;

  /** `base` ends with what the rest follows: `https://acme.example/aas/`. */
  constructor(base: string) {
    this.#base = base;
  }

  shell(asset: AssetId): string {
    return this.#id('shell', asset);
  }

  globalAsset(asset: AssetId): string {
    return this.#id('asset', asset);
  }

  assetType(type: string): string {
    return this.#id('type', type);
  }

  submodel(kind: SubmodelKind, asset: AssetId): string {
    return this.#id('submodel', kind, asset);
  }

  /** Of an attribute that a type gives its assets. */
  typeConcept(type: string, attribute: string): string {
    return this.#id('concept', 'type', type, attribute);
  }

  /** Of an attribute that an asset has of its own. */
  assetConcept(asset: AssetId, attribute: string): string {
    return this.#id('concept', 'asset', asset, attribute);
  }

  /** The asset whose shell has this id; it need not be there. */
  assetOfShell(id: string): AssetId | undefined {
    const parts = this.#parts(id);
    return parts?.length === 2 && parts[0] === 'shell' ? parts[1] : undefined;
  }

  /** What a submodel of this id is; its asset need not be there. */
  submodelOf(id: string): SubmodelName | undefined {
    const [root, kind, asset, ...rest] = this.#parts(id) ?? [];
    const known = SUBMODEL_KINDS.find((one) => one === kind);
    return root === 'submodel' && known && asset !== undefined && rest.length === 0
      ? { kind: known, asset }
      : undefined;
  }

  #id(...parts: readonly string[]): string {
    return `${this.#base}${parts.map(encodeURIComponent).join('/')}`;
  }

  #parts(id: string): string[] | undefined {
    if (!id.startsWith(this.#base)) return undefined;
    try {
      const parts = id.slice(this.#base.length).split('/').map(decodeURIComponent);
      // Only the one spelling that is given out names anything.
      return this.#id(...parts) === id ? parts : undefined;
    } catch {
      return undefined;
    }
  }
}
