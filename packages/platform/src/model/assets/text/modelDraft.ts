/** What the texts of a model say, each part on its own: types not yet inherited, assets not yet grown from types. */

import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import type { AssetLevel, ModelPlace, RelationKind } from '../assetModel.ts';

/** A source as it is written, with its placeholders. */
export type SourceDraft =
  | { readonly kind: 'tag'; readonly pattern: string }
  | { readonly kind: 'constant'; readonly value: SampleValue }
  | { readonly kind: 'formula'; readonly text: string }
  | { readonly kind: 'from'; readonly name: string };

/** What a text says of one attribute; what it leaves out comes from the type. */
export interface AttributeDraft {
  readonly name: string;
  readonly place: ModelPlace;
  readonly source?: SourceDraft | undefined;
  readonly type?: TagType | undefined;
  readonly unit?: string | undefined;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  readonly uncertainty?: number | undefined;
  readonly required?: boolean | undefined;
  readonly description?: string | undefined;
}

export interface TypeDraft {
  readonly name: string;
  readonly version: number;
  readonly extends: string | undefined;
  readonly abstract: boolean;
  readonly description: string;
  readonly attributes: readonly AttributeDraft[];
  readonly components: ReadonlyMap<string, string>;
  readonly place: ModelPlace;
  /** Where it says what it extends, and what a component of it is. */
  readonly extendsPlace: ModelPlace;
  readonly componentPlaces: ReadonlyMap<string, ModelPlace>;
}

export interface RelationDraft {
  readonly kind: RelationKind;
  /** Path or id of the other asset. */
  readonly to: string;
  readonly place: ModelPlace;
}

export interface AssetDraft {
  readonly path: string;
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly level: AssetLevel | undefined;
  readonly description: string | undefined;
  readonly attributes: readonly AttributeDraft[];
  readonly nameplate: ReadonlyMap<string, string>;
  readonly relations: readonly RelationDraft[];
  readonly place: ModelPlace;
}
