/** A first draft of a model from a list of tags, for whoever knows the plant to correct. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { ModelTexts } from '../assetModel.ts';
import { type FoundType, findTypes, stemOf, type TreeNode } from './findTypes.ts';
import { readTagList } from './listedTag.ts';
import { type PlacedTag, placeTags } from './placeTags.ts';
import { type ProposedField, proposeField } from './proposedField.ts';

export interface ModelProposal {
  readonly texts: ModelTexts;
  /** How many tags the list has. */
  readonly tags: number;
  readonly reasons: readonly { readonly subject: string; readonly reason: string }[];
}

interface Draft {
  readonly texts: Map<string, string>;
  readonly reasons: { subject: string; reason: string }[];
}

const MAX_LEFT = 200;

/** Fault `model.import` where the file is no list of tags. */
export async function proposeModel(file: string, bytes: Uint8Array): Promise<Result<ModelProposal>> {
  const list = await readTagList(file, bytes);
  if (!list.ok) return list;
  const placed = placeTags(list.value);
  const { root, types } = findTypes(placed.tags);
  const draft: Draft = { texts: new Map(), reasons: customReasons(placed.tags) };
  if (types.length > 0) draft.texts.set('types/proposed.yaml', await typesText(types, draft));
  for (const type of types) {
    const table = tableText(type);
    if (table !== undefined) draft.texts.set(`assets/${type.name}.csv`, table);
  }
  const singles = await singlesText(root, types, draft);
  if (singles !== '') draft.texts.set('assets/others.yaml', `assets:\n${singles}`);
  for (const { name, reason } of placed.left.slice(0, MAX_LEFT))
    draft.reasons.push({ subject: name, reason: `left out: it ${reason}` });
  const more = placed.left.length - MAX_LEFT;
  if (more > 0) draft.reasons.push({ subject: `${more} more tags`, reason: 'left out for reasons like these' });
  return success({ texts: draft.texts, tags: list.value.length, reasons: draft.reasons });
}

function customReasons(tags: readonly PlacedTag[]): Draft['reasons'] {
  const byCustom = Map.groupBy(tags, ({ custom }) => custom);
  return [...byCustom].map(([custom, those]) => ({
    subject: `${those.length} tags`,
    reason: custom === 'path' ? 'their names are paths' : `their names follow ${custom}, such as ${those[0].tag.name}`,
  }));
}

async function typesText(types: readonly FoundType[], { reasons }: Draft): Promise<string> {
  let text = 'types:\n';
  for (const { name, instances } of types) {
    const [first] = instances;
    const attributes = [...first.attributes.keys()].sort();
    const shown = instances.slice(0, 3).map(({ path }) => path);
    const others = instances.length > shown.length ? ` and ${instances.length - shown.length} more` : '';
    reasons.push({
      subject: `type ${name}`,
      reason: `${shown.join(', ')}${others} have the same attributes and parts`,
    });
    text += `  - type: ${quoted(name)}\n    version: 1\n`;
    if (attributes.length > 0) text += '    attributes:\n';
    for (const attribute of attributes) {
      const tags = instances.map((node) => node.attributes.get(attribute)!);
      const field = await proposeField(tags);
      for (const oddity of field.oddities) reasons.push({ subject: `${name}/${attribute}`, reason: oddity });
      const pattern = isByPath(instances, attribute) ? `{path}/${attribute}` : undefined;
      text += `      ${quoted(attribute)}: ${fieldText(field, pattern, sameDescription(tags))}\n`;
    }
    // What is below an instance has a twin below every other: it has a type as well.
    const parts = [...first.children.values()].map((child) => `${quoted(child.name)}: ${quoted(child.type!.name)}`);
    if (parts.length > 0) text += `    components: { ${parts.join(', ')} }\n`;
  }
  return text;
}

function isByPath(instances: readonly TreeNode[], attribute: string): boolean {
  return instances.every(({ path, attributes }) => attributes.get(attribute)!.tag.name === `${path}/${attribute}`);
}

function sameDescription(tags: readonly PlacedTag[]): string {
  const [{ tag }] = tags;
  return tags.every((other) => other.tag.description === tag.description) ? tag.description : '';
}

function fieldText({ unit, low, high }: ProposedField, tag: string | undefined, description: string): string {
  const parts = [
    ...(tag === undefined ? [] : [`tag: ${quoted(tag)}`]),
    ...(unit === '' ? [] : [`unit: ${quoted(unit)}`]),
    ...(low === undefined ? [] : [`low: ${low}`]),
    ...(high === undefined ? [] : [`high: ${high}`]),
    ...(description === '' ? [] : [`description: ${quoted(description)}`]),
  ];
  return `{ ${parts.join(', ')} }`.replace('{  }', '{}');
}

/** The instances of a type; their tags where these do not follow from the path. Parts of others need not be said then. */
function tableText({ name, instances }: FoundType): string | undefined {
  const attributes = [...instances[0].attributes.keys()].sort().filter((attribute) => !isByPath(instances, attribute));
  const header = ['path', 'type', ...attributes.map((attribute) => `tag:${attribute}`)];
  const listed = attributes.length > 0 ? instances : instances.filter(({ parent }) => parent?.type === undefined);
  if (listed.length === 0) return undefined;
  const rows = listed.map((node) => [
    ...[node.path, name],
    ...attributes.map((attribute) => node.attributes.get(attribute)!.tag.name),
  ]);
  return [header, ...rows].map((row) => `${row.map(csvField).join(',')}\n`).join('');
}

/** What there is once, with attributes of its own; one that is nearly of a type says what it lacks. */
async function singlesText(node: TreeNode, types: readonly FoundType[], draft: Draft): Promise<string> {
  if (node.type) return '';
  let text = '';
  if (node.attributes.size > 0) {
    text += `  - path: ${quoted(node.path)}\n    attributes:\n`;
    for (const [name, tag] of node.attributes) {
      const field = await proposeField([tag]);
      for (const oddity of field.oddities) draft.reasons.push({ subject: `${node.path}/${name}`, reason: oddity });
      text += `      ${quoted(name)}: ${fieldText(field, tag.tag.name, tag.tag.description)}\n`;
    }
    const near = types.find((type) => type.name === stemOf(node.name));
    if (near)
      draft.reasons.push({
        subject: node.path,
        reason: `is like ${near.name}, but ${differenceOf(node, near.instances[0])}`,
      });
  }
  for (const child of node.children.values()) text += await singlesText(child, types, draft);
  return text;
}

function differenceOf(node: TreeNode, other: TreeNode): string {
  const names = ({ attributes, children }: TreeNode) => new Set([...attributes.keys(), ...children.keys()]);
  const [mine, theirs] = [names(node), names(other)];
  const lacks = [...theirs.difference(mine)];
  const has = [...mine.difference(theirs)];
  const parts = [
    ...(lacks.length > 0 ? [`lacks ${lacks.join(', ')}`] : []),
    ...(has.length > 0 ? [`has ${has.join(', ')}`] : []),
  ];
  return parts.length > 0 ? parts.join(' and ') : 'differs in its parts';
}

/** Every JSON string is one of YAML (YAML 1.2, 1.3). */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function csvField(text: string): string {
  return /[",;\t\n#]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
