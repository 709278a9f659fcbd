/** Finds what repeats in a tree of tags: assets with the same attributes and the same parts are of one type. */

import { nameDefect } from '../text/nameDefect.ts';
import type { PlacedTag } from './placeTags.ts';

export interface TreeNode {
  readonly name: string;
  readonly path: string;
  readonly parent: TreeNode | undefined;
  readonly attributes: Map<string, PlacedTag>;
  readonly children: Map<string, TreeNode>;
  /** What it has in common with others of its type; the same text, the same shape. */
  shape: string;
  type: FoundType | undefined;
}

export interface FoundType {
  readonly name: string;
  readonly instances: readonly TreeNode[];
}

export interface FoundTypes {
  readonly root: TreeNode;
  readonly types: readonly FoundType[];
}

export function findTypes(tags: readonly PlacedTag[]): FoundTypes {
  const root = nodeOf('', '', undefined);
  for (const tag of tags) {
    let node = root;
    for (const segment of tag.asset) {
      const path = node.path === '' ? segment : `${node.path}/${segment}`;
      const child = node.children.get(segment) ?? nodeOf(segment, path, node);
      node.children.set(segment, child);
      node = child;
    }
    node.attributes.set(tag.attribute, tag);
  }
  const byShape = new Map<string, TreeNode[]>();
  const shapes = new Map<string, number>();
  gather(root, byShape, shapes);
  const types: FoundType[] = [];
  const names = new Set<string>();
  for (const instances of byShape.values()) {
    if (instances.length < 2) continue;
    const type = { name: freeName(typeName(instances), names), instances };
    for (const node of instances) node.type = type;
    types.push(type);
  }
  return { root, types: types.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

function nodeOf(name: string, path: string, parent: TreeNode | undefined): TreeNode {
  return { name, path, parent, attributes: new Map(), children: new Map(), shape: '', type: undefined };
}

/** Shapes from the leaves upwards; each distinct one gets a number, so that those above stay short. */
function gather(node: TreeNode, byShape: Map<string, TreeNode[]>, shapes: Map<string, number>): void {
  for (const child of node.children.values()) gather(child, byShape, shapes);
  const attributes = [...node.attributes].map(([name, { meaning = '' }]) => `${name}\n${meaning}`).sort();
  const children = [...node.children.values()].map(({ name, shape }) => `${name}\n${shape}`).sort();
  const text = JSON.stringify([attributes, children]);
  if (!shapes.has(text)) shapes.set(text, shapes.size);
  node.shape = String(shapes.get(text));
  const alike = byShape.get(node.shape);
  if (alike) alike.push(node);
  else byShape.set(node.shape, [node]);
}

/** What the names of the tags say; else the name of most instances without its number. */
function typeName(instances: readonly TreeNode[]): string {
  const meaning = instances[0].attributes.values().next().value?.meaning;
  if (meaning !== undefined) return meaning;
  const counts = new Map<string, number>();
  for (const { name } of instances) counts.set(stemOf(name), (counts.get(stemOf(name)) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/** `train` of `train-1`, `Pump` of `Pump03`; a name that is all number is kept. */
export function stemOf(name: string): string {
  const stem = name.replace(/[-_ .]?\d+[A-Za-z]?$/, '');
  return nameDefect(stem) === undefined ? stem : `type-${name}`;
}

function freeName(wanted: string, names: Set<string>): string {
  let name = wanted;
  for (let number = 2; names.has(name); number++) name = `${wanted}-${number}`;
  names.add(name);
  return name;
}
