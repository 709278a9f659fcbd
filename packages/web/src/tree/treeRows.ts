/** The rows of the tree that are open to view, from top to bottom, and how the keyboard moves among them. */

/** What a tree is made of: `N` is the node itself. Keys are unique in the tree. */
export interface TreeItem<N> {
  readonly kind: 'folder' | 'leaf';
  readonly key: string;
  readonly name: string;
  readonly children?: readonly N[];
}

export interface TreeRow<N extends TreeItem<N>> {
  readonly node: N;
  /** From 1, as `aria-level` counts. */
  readonly level: number;
  /** Place among its siblings, from 1, and how many they are. */
  readonly position: number;
  readonly siblings: number;
  /** Row of the folder that holds it; -1 at the top. */
  readonly parent: number;
}

export function treeRows<N extends TreeItem<N>>(nodes: readonly N[], open: ReadonlySet<string>): readonly TreeRow<N>[] {
  const rows: TreeRow<N>[] = [];
  const walk = (siblings: readonly N[], level: number, parent: number) => {
    siblings.forEach((node, place) => {
      const row = rows.length;
      rows.push({ node, level, position: place + 1, siblings: siblings.length, parent });
      if (node.children && open.has(node.key)) walk(node.children, level + 1, row);
    });
  };
  walk(nodes, 1, -1);
  return rows;
}

/** What a key asks for: go to a row, open or close a folder, or choose the row, whatever that does. */
export type TreeMove =
  | { readonly kind: 'go'; readonly row: number }
  | { readonly kind: 'open' | 'close'; readonly row: number }
  | { readonly kind: 'choose'; readonly row: number };

/**
 * The keys of the WAI-ARIA tree view pattern (ARIA Authoring Practices Guide, Tree View). `undefined` for keys that the
 * pattern does not know, which then keep their meaning in the browser.
 */
export function treeMove<N extends TreeItem<N>>(
  rows: readonly TreeRow<N>[],
  open: ReadonlySet<string>,
  active: number,
  key: string,
  pageRows: number,
): TreeMove | undefined {
  const row = rows[active];
  if (!row) return undefined;
  const last = rows.length - 1;
  const go = (to: number): TreeMove => ({ kind: 'go', row: Math.max(0, Math.min(last, to)) });
  const folder = row.node.kind === 'folder' ? row.node : undefined;
  switch (key) {
    case 'ArrowDown':
      return go(active + 1);
    case 'ArrowUp':
      return go(active - 1);
    case 'PageDown':
      return go(active + pageRows);
    case 'PageUp':
      return go(active - pageRows);
    case 'Home':
      return go(0);
    case 'End':
      return go(last);
    case 'Enter':
    case ' ':
      return { kind: 'choose', row: active };
    case 'ArrowRight':
      if (!folder) return undefined;
      return open.has(folder.key) ? go(active + 1) : { kind: 'open', row: active };
    case 'ArrowLeft':
      if (folder && open.has(folder.key)) return { kind: 'close', row: active };
      return row.parent < 0 ? undefined : go(row.parent);
    default:
      return undefined;
  }
}

/** The next row behind `active`, around the end, whose name starts with what has been typed; -1 where there is none. */
export function typeAhead<N extends TreeItem<N>>(rows: readonly TreeRow<N>[], active: number, typed: string): number {
  const wanted = typed.toLowerCase();
  // While one word is being typed the row it has led to stays a candidate; a single letter always moves on.
  const from = typed.length > 1 ? active : active + 1;
  for (let step = 0; step < rows.length; step++) {
    const row = (from + step) % rows.length;
    if (rows[row].node.name.toLowerCase().startsWith(wanted)) return row;
  }
  return -1;
}
