/** The tags as a tree of their paths: a folder for each segment, a leaf for each tag. */

export interface TreeTag {
  readonly index: number;
  readonly path: string;
  readonly unit: string;
  readonly description: string;
  readonly aliases: readonly string[];
}

export interface TreeFolder<T extends TreeTag> {
  readonly kind: 'folder';
  /** The path up to here: unique in the tree. */
  readonly key: string;
  /** The segment, or several where a folder holds nothing but one other folder: `works / area 1`. */
  readonly name: string;
  readonly children: readonly TreeNode<T>[];
  readonly leafCount: number;
}

interface TreeLeaf<T extends TreeTag> {
  readonly kind: 'leaf';
  readonly key: string;
  readonly name: string;
  readonly tag: T;
}

export type TreeNode<T extends TreeTag> = TreeFolder<T> | TreeLeaf<T>;

/** Numbers within names sort by their size, so that `XMEAS(2)` stands before `XMEAS(10)`. */
const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

interface GrowingFolder<T extends TreeTag> {
  readonly folders: Map<string, GrowingFolder<T>>;
  readonly leaves: TreeLeaf<T>[];
}

export function buildTagTree<T extends TreeTag>(tags: Iterable<T>): readonly TreeNode<T>[] {
  const root: GrowingFolder<T> = { folders: new Map(), leaves: [] };
  for (const tag of tags) {
    const segments = tag.path.split('/');
    const name = segments.pop() as string;
    let folder = root;
    for (const segment of segments) {
      let next = folder.folders.get(segment);
      if (!next) {
        next = { folders: new Map(), leaves: [] };
        folder.folders.set(segment, next);
      }
      folder = next;
    }
    // Two gateways may use the same path: the index keeps their keys apart.
    folder.leaves.push({ kind: 'leaf', key: `${tag.path}#${tag.index}`, name, tag });
  }
  return childrenOf(root, '');
}

function childrenOf<T extends TreeTag>(folder: GrowingFolder<T>, path: string): readonly TreeNode<T>[] {
  const nodes: TreeNode<T>[] = [];
  for (const [segment, child] of folder.folders) nodes.push(finish(child, `${path}${segment}/`, segment));
  nodes.sort((a, b) => byName.compare(a.name, b.name));
  const leaves = folder.leaves.sort((a, b) => byName.compare(a.name, b.name) || a.tag.index - b.tag.index);
  return [...nodes, ...leaves];
}

function finish<T extends TreeTag>(folder: GrowingFolder<T>, key: string, name: string): TreeFolder<T> {
  const only = folder.folders.size === 1 && folder.leaves.length === 0;
  if (only) {
    const [[segment, child]] = folder.folders;
    return finish(child, `${key}${segment}/`, `${name} / ${segment}`);
  }
  const children = childrenOf(folder, key);
  const leafCount = children.reduce((sum, node) => sum + (node.kind === 'leaf' ? 1 : node.leafCount), 0);
  return { kind: 'folder', key, name, children, leafCount };
}

/** The tags in which every word of `filter` occurs, in the path, unit, description or an alias; all where it is empty. */
export function filterTags<T extends TreeTag>(tags: readonly T[], filter: string): readonly T[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return tags;
  return tags.filter((tag) => {
    const text = `${tag.path} ${tag.unit} ${tag.description} ${tag.aliases.join(' ')}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The keys of all folders, for trees that are small enough to be shown open. */
export function folderKeys<T extends TreeTag>(nodes: readonly TreeNode<T>[]): string[] {
  return nodes.flatMap((node) => (node.kind === 'folder' ? [node.key, ...folderKeys(node.children)] : []));
}
