/** Reads a file of assets: a list under `assets`, each with its path or, below another, its name. */

import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { DataPath } from '@tidegate/config/dataPath.ts';
import { z } from 'zod';
import { ASSET_LEVELS, RELATION_KINDS, type RelationKind } from '../assetModel.ts';
import { attributeText, readAttribute } from './attributeText.ts';
import type { ModelDefects, PlaceFinder } from './modelDefects.ts';
import type { AssetDraft, AttributeDraft, RelationDraft } from './modelDraft.ts';
import { assetPathDefect, nameDefect } from './nameDefect.ts';
import { listItems } from './readTypes.ts';

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((said) => [said].flat());
const nameplateText = z.union([z.string(), z.number()]).transform(String);

const assetText = z.strictObject({
  path: z.string().optional().describe('where the asset is, such as acme/north/compression/train-1'),
  name: z.string().optional().describe('the last segment of its path'),
  id: z.string().min(1).max(300).optional(),
  type: z.string().optional(),
  level: z.enum(ASSET_LEVELS).optional(),
  description: z.string().optional(),
  attributes: z.record(z.string(), attributeText).default({}),
  nameplate: z.record(z.string(), nameplateText).default({}),
  relations: z.partialRecord(z.enum(RELATION_KINDS), oneOrMore).default({}),
  children: z.array(z.unknown()).default([]),
});
type AssetText = z.output<typeof assetText>;

/** The assets of a file that can be read, parents before their children; one that cannot does not take its children. */
export function readAssets(file: string, text: string, defects: ModelDefects): AssetDraft[] {
  const document = ConfigDocument.parse(file, text);
  const drafts: AssetDraft[] = [];
  const readItem = (at: DataPath, item: unknown, parent: string): void => {
    const placeOf: PlaceFinder = (path, part) => ({ file, ...document.place([...at, ...path], part) });
    const parsed = assetText.safeParse(item, { reportInput: true });
    if (!parsed.success) defects.addIssues(parsed.error, assetText, file, placeOf);
    const said = parsed.success ? parsed.data : placeAlone(item);
    const path = said && pathOf(said, parent, placeOf, defects);
    if (!said || path === undefined) return;
    if (parsed.success) drafts.push(draftOf(parsed.data, path, placeOf, defects));
    // Every step down adds a segment to the path, and a path has an end: so has this.
    for (const [index, child] of said.children.entries()) readItem([...at, 'children', index], child, path);
  };
  for (const [at, item] of listItems(document, 'assets', defects)) readItem(at, item, '');
  return drafts;
}

/** Of an asset that is wrong in something else, where its children are. */
function placeAlone(item: unknown): Pick<AssetText, 'path' | 'name' | 'children'> | undefined {
  return z
    .object({ path: z.string().optional(), name: z.string().optional(), children: z.array(z.unknown()).default([]) })
    .safeParse(item).data;
}

function pathOf(
  { path, name }: Pick<AssetText, 'path' | 'name'>,
  parent: string,
  placeOf: PlaceFinder,
  defects: ModelDefects,
): string | undefined {
  if ((path === undefined) === (name === undefined)) {
    const hint = parent === '' ? 'path: acme/north/pump-1' : 'name: the last segment of its path';
    defects.add(placeOf([]), 'an asset has either a path or, below another, a name', hint, 'config.missing');
    return undefined;
  }
  if (path !== undefined && parent !== '' && !path.startsWith(`${parent}/`)) {
    defects.add(placeOf(['path']), `"${path}" is not below "${parent}"`, 'write its name instead');
    return undefined;
  }
  const whole = path ?? (parent === '' ? name! : `${parent}/${name}`);
  const defect = path === undefined ? (nameDefect(name!) ?? assetPathDefect(whole)) : assetPathDefect(whole);
  if (defect === undefined) return whole;
  const key = path === undefined ? 'name' : 'path';
  defects.add(placeOf([key]), `the ${key} "${path ?? name}" ${defect}`);
  return undefined;
}

function draftOf(said: AssetText, path: string, placeOf: PlaceFinder, defects: ModelDefects): AssetDraft {
  const attributes: AttributeDraft[] = [];
  for (const [name, attribute] of Object.entries(said.attributes)) {
    const place = placeOf(['attributes', name], 'key');
    const defect = nameDefect(name);
    if (defect === undefined) attributes.push({ name, place, ...readAttribute(attribute) });
    else defects.add(place, `the name "${name}" of the attribute ${defect}`);
  }
  const relations: RelationDraft[] = [];
  for (const [kind, others] of Object.entries(said.relations)) {
    for (const to of others) {
      relations.push({ kind: kind as RelationKind, to, place: placeOf(['relations', kind]) });
    }
  }
  const { id, type, level, description, nameplate } = said;
  return {
    ...{ path, id, type, level, description, attributes, relations },
    nameplate: new Map(Object.entries(nameplate)),
    place: placeOf([said.path === undefined ? 'name' : 'path']),
  };
}
