/** Reads a file of asset types: a list under `types`. */

import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { DataPath } from '@tidegate/config/dataPath.ts';
import { z } from 'zod';
import type { ModelPlace } from '../assetModel.ts';
import { attributeText, readAttribute } from './attributeText.ts';
import type { ModelDefects, PlaceFinder } from './modelDefects.ts';
import type { AttributeDraft, TypeDraft } from './modelDraft.ts';
import { nameDefect } from './nameDefect.ts';

const typeText = z.strictObject({
  type: z.string().describe('the name of the type, such as centrifugal-pump'),
  version: z.int().min(1).describe('a whole number that rises with every change'),
  extends: z.string().optional().describe('the type whose attributes and components this one has as well'),
  abstract: z.boolean().default(false),
  description: z.string().default(''),
  attributes: z.record(z.string(), attributeText).default({}),
  components: z.record(z.string(), z.string()).default({}),
});

/** Items of the list `key`, each with the path to it; the file's own defects go to `defects`. */
export function listItems(document: ConfigDocument, key: string, defects: ModelDefects): [DataPath, unknown][] {
  defects.addAll(document.defects);
  const { data } = document;
  if (data === undefined) return [];
  const place: ModelPlace = { file: document.file, ...document.place([]) };
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    defects.add(place, `must be a map with the key "${key}"`, `begin with \`${key}:\` and a list below it`);
    return [];
  }
  for (const other of Object.keys(data).filter((name) => name !== key)) {
    const at = { file: document.file, ...document.place([other], 'key') };
    defects.add(at, `unknown key "${other}"`, `known here: ${key}`, 'config.unknown-key');
  }
  const list = (data as Record<string, unknown>)[key];
  if (Array.isArray(list)) return list.map((item, index) => [[key, index], item]);
  if (list !== null || !(key in data)) {
    defects.add({ file: document.file, ...document.place([key]) }, `"${key}" must be a list`);
  }
  return [];
}

/** The types of a file that can be read; one that cannot does not take the others. */
export function readTypes(file: string, text: string, defects: ModelDefects): TypeDraft[] {
  const document = ConfigDocument.parse(file, text);
  const drafts: TypeDraft[] = [];
  for (const [at, item] of listItems(document, 'types', defects)) {
    const placeOf: PlaceFinder = (path, part) => ({ file, ...document.place([...at, ...path], part) });
    const parsed = typeText.safeParse(item, { reportInput: true });
    if (!parsed.success) defects.addIssues(parsed.error, typeText, file, placeOf);
    else drafts.push(draftOf(parsed.data, placeOf, defects));
  }
  return drafts.filter(({ name, place }) => {
    const defect = nameDefect(name);
    if (defect !== undefined) defects.add(place, `the name "${name}" of the type ${defect}`);
    return defect === undefined;
  });
}

function draftOf(said: z.output<typeof typeText>, placeOf: PlaceFinder, defects: ModelDefects): TypeDraft {
  const hasName = (kind: 'attribute' | 'component', name: string, place: ModelPlace): boolean => {
    const defect = nameDefect(name);
    if (defect !== undefined) defects.add(place, `the name "${name}" of the ${kind} ${defect}`);
    return defect === undefined;
  };
  const attributes: AttributeDraft[] = [];
  for (const [name, attribute] of Object.entries(said.attributes)) {
    const place = placeOf(['attributes', name], 'key');
    if (hasName('attribute', name, place)) attributes.push({ name, place, ...readAttribute(attribute) });
  }
  const componentPlaces = new Map<string, ModelPlace>();
  for (const name of Object.keys(said.components)) {
    const place = placeOf(['components', name]);
    if (hasName('component', name, place)) componentPlaces.set(name, place);
  }
  return {
    name: said.type,
    version: said.version,
    extends: said.extends,
    abstract: said.abstract,
    description: said.description,
    attributes,
    components: new Map([...componentPlaces.keys()].map((name) => [name, said.components[name]])),
    place: placeOf(['type']),
    extendsPlace: placeOf(['extends']),
    componentPlaces,
  };
}
