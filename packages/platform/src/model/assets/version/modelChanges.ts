/** The difference between two models on every instance, and which of it breaks the contract of a type. */

import { isDeepStrictEqual } from 'node:util';
import type { Asset, AssetId, AssetModel, Attribute, AttributeSource } from '../assetModel.ts';

export interface FieldChange {
  /** `path`, `type`, `unit`, `source` and the like. */
  readonly field: string;
  /** As text for people; empty where there was, or is, nothing. */
  readonly from: string;
  readonly to: string;
}

export type ChangeKind = 'added' | 'removed' | 'changed';

export interface AttributeChange {
  readonly kind: ChangeKind;
  readonly name: string;
  readonly fields: readonly FieldChange[];
  /** Why who listens to it can no longer rely on it, as half a sentence. */
  readonly breaks: string | undefined;
}

export interface AssetChange {
  readonly kind: ChangeKind;
  readonly id: AssetId;
  /** Where it is now, or was last. */
  readonly path: string;
  readonly type: string | undefined;
  readonly fields: readonly FieldChange[];
  readonly attributes: readonly AttributeChange[];
}

export interface TypeChange {
  readonly kind: ChangeKind;
  readonly name: string;
  readonly fields: readonly FieldChange[];
}

/** An asset that has gone, and one that is new and might be the same. */
export interface LikelyRename {
  readonly id: AssetId;
  readonly from: string;
  readonly to: string;
}

export interface ModelChanges {
  readonly types: readonly TypeChange[];
  readonly assets: readonly AssetChange[];
  /** Sentences such as `acme/a feeds acme/b`, by what became of them. */
  readonly relations: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly likelyRenames: readonly LikelyRename[];
}

export function modelChanges(before: AssetModel, after: AssetModel): ModelChanges {
  const assets: AssetChange[] = [];
  for (const asset of after.assets.values()) {
    const old = before.assets.get(asset.id);
    const change = old ? assetChange(old, asset, before, after) : wholeAsset('added', asset);
    if (change) assets.push(change);
  }
  for (const asset of before.assets.values()) {
    if (!after.assets.has(asset.id)) assets.push(wholeAsset('removed', asset));
  }
  assets.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    types: typeChanges(before, after),
    assets,
    relations: relationChanges(before, after),
    likelyRenames: likelyRenames(before, after, assets),
  };
}

function wholeAsset(kind: 'added' | 'removed', { id, path, type, attributes }: Asset): AssetChange {
  const breaks = kind === 'removed' ? 'its asset is removed' : undefined;
  const each = [...attributes.values()].map(({ name, source }): AttributeChange => {
    const text = sourceText(source);
    const fields = [{ field: 'source', from: kind === 'removed' ? text : '', to: kind === 'added' ? text : '' }];
    return { kind, name, fields, breaks };
  });
  return { kind, id, path, type, fields: [], attributes: each };
}

function assetChange(old: Asset, now: Asset, before: AssetModel, after: AssetModel): AssetChange | undefined {
  const fields = [
    ...changed('path', old.path, now.path),
    ...changed('type', typeText(old, before), typeText(now, after)),
    ...changed('level', old.level, now.level),
    ...changed('description', old.description, now.description),
    ...changed('nameplate', nameplateText(old), nameplateText(now)),
  ];
  const attributes: AttributeChange[] = [];
  for (const attribute of now.attributes.values()) {
    const change = attributeChange(old.attributes.get(attribute.name), attribute);
    if (change) attributes.push(change);
  }
  for (const { name, source } of old.attributes.values()) {
    if (now.attributes.has(name)) continue;
    const removed = [{ field: 'source', from: sourceText(source), to: '' }];
    attributes.push({ kind: 'removed', name, fields: removed, breaks: 'it is removed' });
  }
  if (fields.length === 0 && attributes.length === 0) return undefined;
  return { kind: 'changed', id: now.id, path: now.path, type: now.type, fields, attributes };
}

function attributeChange(old: Attribute | undefined, now: Attribute): AttributeChange | undefined {
  if (!old) {
    const added = [{ field: 'source', from: '', to: sourceText(now.source) }];
    return { kind: 'added', name: now.name, fields: added, breaks: undefined };
  }
  const fields = [
    ...changed('source', sourceText(old.source), sourceText(now.source)),
    ...changed('type', old.type, now.type),
    ...changed('unit', old.unit, now.unit),
    ...changed('range', rangeText(old), rangeText(now)),
    ...changed('uncertainty', numberText(old.uncertainty), numberText(now.uncertainty)),
    ...changed('required', String(old.required), String(now.required)),
    ...changed('description', old.description, now.description),
  ];
  if (fields.length === 0) return undefined;
  return { kind: 'changed', name: now.name, fields, breaks: breakOf(old, now) };
}

/** A range may become narrower: what was relied on still holds. A wider one lets values through that nobody expects. */
function breakOf(old: Attribute, now: Attribute): string | undefined {
  if (old.type !== now.type) return `it was a ${old.type} and becomes a ${now.type}`;
  if (old.unit !== now.unit) return `its unit changes from ${old.unit || 'none'} to ${now.unit || 'none'}`;
  if ((now.low ?? -Infinity) < (old.low ?? -Infinity) || (now.high ?? Infinity) > (old.high ?? Infinity)) {
    return `its range widens from ${rangeText(old)} to ${rangeText(now)}`;
  }
  if (now.source.kind === 'unbound' && old.source.kind !== 'unbound') return 'it is bound to nothing any more';
  return undefined;
}

function changed(field: string, from: string, to: string): FieldChange[] {
  return from === to ? [] : [{ field, from, to }];
}

function typeText({ type }: Asset, { types }: AssetModel): string {
  return type === undefined ? '' : `${type} v${types.get(type)?.version ?? '?'}`;
}

function nameplateText({ nameplate }: Asset): string {
  return [...nameplate].map(([key, value]) => `${key}: ${value}`).join(', ');
}

function numberText(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}

function rangeText({ low, high }: Pick<Attribute, 'low' | 'high'>): string {
  return low === undefined && high === undefined ? 'any' : `${low ?? ''}..${high ?? ''}`;
}

/** A source in one line, as a plan shows it. */
export function sourceText(source: AttributeSource): string {
  switch (source.kind) {
    case 'tag':
      return `tag ${source.path}`;
    case 'constant':
      return JSON.stringify(source.value);
    case 'formula':
      return `= ${source.text}`;
    case 'reference':
      return `from ${source.asset}/${source.attribute}`;
    case 'unbound':
      return 'nothing';
  }
}

function typeChanges(before: AssetModel, after: AssetModel): TypeChange[] {
  const changes: TypeChange[] = [];
  for (const [name, type] of after.types) {
    const old = before.types.get(name);
    if (!old) {
      changes.push({ kind: 'added', name, fields: changed('version', '', String(type.version)) });
      continue;
    }
    const fields = changed('version', String(old.version), String(type.version));
    if (!isDeepStrictEqual(old.components, type.components)) {
      fields.push({ field: 'components', from: mapText(old.components), to: mapText(type.components) });
    }
    if (fields.length > 0) changes.push({ kind: 'changed', name, fields });
  }
  for (const [name, { version }] of before.types) {
    if (!after.types.has(name))
      changes.push({ kind: 'removed', name, fields: changed('version', String(version), '') });
  }
  return changes.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function mapText(map: ReadonlyMap<string, string>): string {
  return [...map].map(([name, type]) => `${name}: ${type}`).join(', ');
}

function relationChanges(before: AssetModel, after: AssetModel): ModelChanges['relations'] {
  const told = ({ relations, assets }: AssetModel) =>
    new Map(
      relations.map(({ kind, from, to }) => [
        `${kind}\n${from}\n${to}`,
        `${assets.get(from)!.path} ${kind} ${assets.get(to)!.path}`,
      ]),
    );
  const [old, now] = [told(before), told(after)];
  return {
    added: [...now].flatMap(([key, text]) => (old.has(key) ? [] : [text])),
    removed: [...old].flatMap(([key, text]) => (now.has(key) ? [] : [text])),
  };
}

/**
 * Of the assets without an id of their own one that has gone, and the only new one of its type that has its name, its
 * parent or its nameplate: written with the id it goes on, without it begins anew.
 */
function likelyRenames(before: AssetModel, after: AssetModel, changes: readonly AssetChange[]): LikelyRename[] {
  const gone = topmost(before, changes, 'removed');
  const come = topmost(after, changes, 'added');
  if (gone.length > MOST_RENAMES || come.length > MOST_RENAMES) return [];
  return gone.flatMap(({ id, path, type }) => {
    const old = before.assets.get(id)!;
    const alike = come.filter((other) => {
      const now = after.assets.get(other.id)!;
      const sameNameplate = now.nameplate.size > 0 && isDeepStrictEqual(now.nameplate, old.nameplate);
      return other.type === type && (sameNameplate || nameOf(now) === nameOf(old) || now.parent === old.parent);
    });
    return alike.length === 1 ? [{ id, from: path, to: alike[0].path }] : [];
  });
}

/** Where more than so many come and go, names are not what has changed. */
const MOST_RENAMES = 100;

/** Of what has a type and came, or went: not the parts of what came or went with them. */
function topmost(model: AssetModel, changes: readonly AssetChange[], kind: ChangeKind): AssetChange[] {
  const typed = changes.filter((change) => change.kind === kind && change.type !== undefined);
  const ids = new Set<string | undefined>(typed.map(({ id }) => id));
  return typed.filter(({ id }) => !ids.has(model.assets.get(id)!.parent));
}

function nameOf({ path }: Asset): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
