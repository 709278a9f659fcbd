/** The assets as a tree of the ISA-95 hierarchy, and what of it a search shows. */

import type { AssetSummary } from '@tidegate/platform/northbound/contract/asset.ts';

export interface AssetNode {
  readonly kind: 'folder' | 'leaf';
  /** Id of the asset. */
  readonly key: string;
  readonly name: string;
  readonly asset: AssetSummary;
  readonly children?: readonly AssetNode[];
}

/** Numbers within names sort by their size, so that `train-2` stands before `train-10`. */
const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

export const lastSegment = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** An asset whose parent is not among them stands at the top, with its whole path for a name. */
export function buildAssetTree(assets: readonly AssetSummary[]): readonly AssetNode[] {
  const ids = new Set(assets.map(({ id }) => id));
  const below = new Map<string | null, AssetSummary[]>();
  for (const asset of assets) {
    const parent = asset.parent !== null && ids.has(asset.parent) ? asset.parent : null;
    const siblings = below.get(parent);
    if (siblings) siblings.push(asset);
    else below.set(parent, [asset]);
  }
  const nodesOf = (parent: string | null): AssetNode[] =>
    (below.get(parent) ?? [])
      .map((asset) => {
        const name = parent === null ? asset.path : lastSegment(asset.path);
        const children = nodesOf(asset.id);
        const facts = { key: asset.id, name, asset };
        return children.length > 0
          ? { ...facts, kind: 'folder' as const, children }
          : { ...facts, kind: 'leaf' as const };
      })
      .sort((a, b) => byName.compare(a.name, b.name));
  return nodesOf(null);
}

/** The assets that hold every word of `text` in path, id, type or description, and what they are in. */
export function searchAssets(assets: readonly AssetSummary[], text: string): readonly AssetSummary[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return assets;
  const byId = new Map(assets.map((asset) => [asset.id, asset]));
  const kept = new Set<AssetSummary>();
  for (const asset of assets) {
    const { id, path, type, description } = asset;
    const said = [id, path, type, description].join('\n').toLowerCase();
    if (!words.every((word) => said.includes(word))) continue;
    for (
      let each: AssetSummary | undefined = asset;
      each && !kept.has(each);
      each = each.parent === null ? undefined : byId.get(each.parent)
    ) {
      kept.add(each);
    }
  }
  return assets.filter((asset) => kept.has(asset));
}

/** Keys of the nodes that are open at first: so many levels from the top. */
export function openLevels(nodes: readonly AssetNode[], levels: number): string[] {
  if (levels <= 0) return [];
  return nodes.flatMap(({ key, children }) => (children ? [key, ...openLevels(children, levels - 1)] : []));
}

/** The ids of what an asset is in, the nearest first. */
export function ancestorsOf(assets: readonly AssetSummary[], name: string | undefined): string[] {
  const byId = new Map(assets.map((asset) => [asset.id, asset]));
  const ids: string[] = [];
  let asset = assets.find(({ id, path }) => id === name || path === name);
  while (asset && asset.parent !== null && !ids.includes(asset.parent)) {
    ids.push(asset.parent);
    asset = byId.get(asset.parent);
  }
  return ids;
}
