/** The plant as people speak of it: assets in a hierarchy, each of a type, with attributes that have a unit and a source. */

import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';

/** Parts of the equipment hierarchy of IEC 62264-1 (ISA-95), 5.3; `component` is what an asset is composed of. */
export const ASSET_LEVELS = [
  'enterprise',
  'site',
  'area',
  'process-cell',
  'production-line',
  'production-unit',
  'unit',
  'work-cell',
  'equipment-module',
  'control-module',
  'equipment',
  'component',
] as const;
export type AssetLevel = (typeof ASSET_LEVELS)[number];

/** Each kind reads from left to right: a pump `feeds` a vessel; the inverse is found, not written. */
export const RELATION_KINDS = ['feeds', 'drives', 'measured-by', 'located-in', 'isolates'] as const;
export type RelationKind = (typeof RELATION_KINDS)[number];

/** Unchangeable; a renamed or moved asset keeps it. */
export type AssetId = string;

/** Where a part of the model is written: a file below the model directory, line and column from 1. */
export interface ModelPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type AttributeSource =
  /** The samples of a tag, by its path or, where no tag has that path, by an alias or its id; it may not be there yet. */
  | { readonly kind: 'tag'; readonly path: string }
  | { readonly kind: 'constant'; readonly value: SampleValue }
  /** An expression over attributes: `'speed'` of the same asset, `'driver/speed'` of a component, a path from the root. */
  | { readonly kind: 'formula'; readonly text: string }
  /** The attribute of another asset. */
  | { readonly kind: 'reference'; readonly asset: AssetId; readonly attribute: string }
  /** A type asks for it, and nothing gives it; its value is BadConfigurationError. */
  | { readonly kind: 'unbound' };

/** What a type says of an attribute, or an asset of one of its own. */
export interface AttributeDefinition {
  readonly name: string;
  readonly description: string;
  readonly type: TagType;
  /** UCUM code, empty where there is none. */
  readonly unit: string;
  /** Range of plausible values in `unit`. */
  readonly low?: number;
  readonly high?: number;
  /** Standard uncertainty of a value in `unit` (GUM, JCGM 100:2008, 2.3.1). */
  readonly uncertainty?: number;
  /** Whether an asset without it breaks the contract of its type. */
  readonly required: boolean;
}

export interface Attribute extends AttributeDefinition {
  readonly source: AttributeSource;
  readonly place: ModelPlace;
}

export interface AssetType {
  readonly name: string;
  /** Rises with every change of what subscribers rely on: attributes, their units and ranges, components. */
  readonly version: number;
  /** The type that this one extends, then that one's, and so on. */
  readonly lineage: readonly string[];
  /** Of an abstract type there are no assets. */
  readonly abstract: boolean;
  readonly description: string;
  /** Those of its lineage included, by name. */
  readonly attributes: ReadonlyMap<string, AttributeDefinition>;
  /** Names of the parts, and the type of each. */
  readonly components: ReadonlyMap<string, string>;
  readonly place: ModelPlace;
}

export interface Relation {
  readonly kind: RelationKind;
  readonly from: AssetId;
  readonly to: AssetId;
}

export interface Asset {
  readonly id: AssetId;
  /** ISA-95 path: `acme/north/compression/train-1`. */
  readonly path: string;
  /** Paths that it has had in other versions; they find it as well. */
  readonly formerPaths: readonly string[];
  readonly description: string;
  readonly level: AssetLevel;
  /** `undefined` of a mere place in the hierarchy. */
  readonly type: string | undefined;
  readonly parent: AssetId | undefined;
  /** In the order of the type, then its own; by name. */
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** Nameplate and the like that are no attributes: `manufacturer`, `serial-number`. */
  readonly nameplate: ReadonlyMap<string, string>;
  readonly place: ModelPlace;
}

export interface AssetModel {
  readonly types: ReadonlyMap<string, AssetType>;
  /** Parents before their children, else in the order of their paths. */
  readonly assets: ReadonlyMap<AssetId, Asset>;
  readonly relations: readonly Relation[];
}

/** The texts of a model directory: names below it with `/` (`types/compressor.yaml`), and what they hold. */
export type ModelTexts = ReadonlyMap<string, string>;

export function emptyModel(): AssetModel {
  return { types: new Map(), assets: new Map(), relations: [] };
}
