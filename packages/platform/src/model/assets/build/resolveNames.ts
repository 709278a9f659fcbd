/** Looks up what formulas and references name, and refuses those that lead nowhere or, by whatever way, back to themselves. */

import type { Result } from '@tidegate/core/fault/fault.ts';
import type { Expression } from '../../../historian/query/expression/expressionNode.ts';
import { type CheckedExpression, expressionUnit } from '../../../historian/query/expression/expressionUnit.ts';
import { parseExpression } from '../../../historian/query/expression/parseExpression.ts';
import type { AssetLookup, FoundAttribute } from '../assetLookup.ts';
import type { Asset, AssetId, AttributeSource } from '../assetModel.ts';
import { type Building, PAUSE_EVERY } from './attributeTemplate.ts';
import type { BoundAsset, NamingAttribute } from './bindAttributes.ts';
import { saidOf } from './unitTable.ts';

/** An attribute that depends on others. */
interface Dependent extends NamingAttribute {
  readonly source: AttributeSource;
  readonly others: readonly FoundAttribute[];
}

/** What has been found out of formulas: ten thousand assets of a type have the same. */
interface FormulaShelf {
  readonly parsed: Map<string, Result<Expression>>;
  /** By formula and the units of what it reads and gives. */
  readonly checked: Map<string, Result<CheckedExpression>>;
}

type Dependents = Map<string, Dependent>;

export async function resolveNames(
  assets: ReadonlyMap<AssetId, BoundAsset>,
  naming: readonly NamingAttribute[],
  lookup: AssetLookup,
  building: Building,
): Promise<void> {
  const shelf: FormulaShelf = { parsed: new Map(), checked: new Map() };
  const dependents: Dependents = new Map();
  for (const [index, one] of naming.entries()) {
    if (index % PAUSE_EVERY === 0) await building.pause();
    const found =
      one.kind === 'formula' ? formulaOf(one, lookup, shelf, building) : await referenceOf(one, lookup, building);
    if (found) dependents.set(keyOf(one.asset, one.attribute.name), { ...one, ...found });
  }
  for (const key of inCircles(dependents, building)) dependents.delete(key);
  for (const { asset, attribute, source } of dependents.values()) {
    assets.get(asset.id)!.attributes.set(attribute.name, { ...attribute, source });
  }
}

function keyOf({ id }: Asset, attribute: string): string {
  return `${id}\n${attribute}`;
}

function formulaOf(
  { asset, attribute, text }: NamingAttribute,
  lookup: AssetLookup,
  { parsed, checked }: FormulaShelf,
  { defects }: Building,
): Pick<Dependent, 'source' | 'others'> | undefined {
  const { name, place } = attribute;
  const read = parsed.get(text) ?? parseExpression(text);
  parsed.set(text, read);
  if (!read.ok) {
    defects.addOf(asset.path, place, `the formula of "${name}" cannot be read: ${saidOf(read.fault)}`);
    return undefined;
  }
  const others: FoundAttribute[] = [];
  for (const other of read.value.tags) {
    const found = lookup.attribute(asset, other);
    if (found) others.push(found);
    else {
      const message = `the formula of "${name}" names '${other}', which is no attribute`;
      defects.addOf(asset.path, place, message, hintFor(asset, other, lookup));
    }
  }
  if (others.length < read.value.tags.length) return undefined;
  // Texts have no unit to be held to, and nobody asks for one where none is written.
  const units = others.map(({ attribute: { type, unit } }) => (type === 'string' ? undefined : unit));
  const key = JSON.stringify([text, attribute.unit, units]);
  const { tags } = read.value;
  const fits =
    checked.get(key) ??
    expressionUnit(read.value, { unitOf: (tag) => units[tags.indexOf(tag)], wanted: attribute.unit });
  checked.set(key, fits);
  if (fits.ok) return { source: { kind: 'formula', text }, others };
  defects.addOf(asset.path, place, `the units in the formula of "${name}" do not fit`, saidOf(fits.fault));
  return undefined;
}

function hintFor(asset: Asset, name: string, lookup: AssetLookup): string {
  const nearest = lookup.nearestAttribute(asset, name);
  if (nearest !== undefined) return `did you mean '${nearest}'?`;
  return 'an attribute of the same asset, of one below it such as driver/speed, or a path from the root';
}

async function referenceOf(
  { asset, attribute, text }: NamingAttribute,
  lookup: AssetLookup,
  { defects, units }: Building,
): Promise<Pick<Dependent, 'source' | 'others'> | undefined> {
  const { name, place, unit } = attribute;
  const found = lookup.attribute(asset, text);
  if (!found) {
    const message = `"${name}" is taken from "${text}", which is no attribute`;
    defects.addOf(asset.path, place, message, hintFor(asset, text, lookup));
    return undefined;
  }
  const theirs = found.attribute.unit;
  if (unit !== '' && theirs !== '' && unit !== theirs) {
    const converted = await units.between(theirs, unit);
    if (!converted.ok) {
      const message = `"${name}" is in ${unit}, and "${text}", from which it is taken, in ${theirs}`;
      defects.addOf(asset.path, place, message, saidOf(converted.fault));
      return undefined;
    }
  }
  const source = { kind: 'reference', asset: found.asset.id, attribute: found.attribute.name } as const;
  return { source, others: [found] };
}

/** The keys of all that takes part in a circle; each circle is named once. Walks without recursion: chains may be long. */
function inCircles(dependents: Dependents, { defects }: Building): Set<string> {
  const bad = new Set<string>();
  const done = new Set<string>();
  for (const first of dependents.keys()) {
    if (done.has(first)) continue;
    const trail: { key: string; next: number }[] = [{ key: first, next: 0 }];
    const onTrail = new Map([[first, 0]]);
    for (let top = trail.at(-1); top; top = trail.at(-1)) {
      const other = dependents.get(top.key)!.others[top.next++];
      if (other === undefined) {
        trail.pop();
        onTrail.delete(top.key);
        done.add(top.key);
        continue;
      }
      const key = keyOf(other.asset, other.attribute.name);
      const start = onTrail.get(key);
      if (start !== undefined) {
        const circle = trail.slice(start).map((step) => dependents.get(step.key)!);
        for (const step of trail.slice(start)) bad.add(step.key);
        nameCircle(circle, defects);
      } else if (dependents.has(key) && !done.has(key)) {
        onTrail.set(key, trail.length);
        trail.push({ key, next: 0 });
      }
    }
  }
  return bad;
}

function nameCircle(circle: readonly Dependent[], defects: Building['defects']): void {
  const { asset, attribute } = circle[0];
  const below = `${asset.path}/`;
  const nameOf = ({ asset: other, attribute: { name } }: Pick<Dependent, 'asset' | 'attribute'>) => {
    const path = `${other.path}/${name}`;
    return path.startsWith(below) ? path.slice(below.length) : path;
  };
  const names = [...circle, circle[0]].map((step) => `'${nameOf(step)}'`).join(' -> ');
  const message = `formulas go round in a circle: ${names}`;
  defects.addOf(asset.path, attribute.place, message, 'one of them must not depend on the others');
}
