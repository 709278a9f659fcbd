/** The tree of assets: follows the WAI-ARIA tree pattern, and renders only the rows that are in view. */

import type { AlarmPriority } from '@tidegate/core/alarm/alarmRecord.ts';
import type { AssetSummary } from '@tidegate/platform/northbound/contract/asset.ts';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { PriorityMark } from '../alarms/PriorityMark.tsx';
import { type TreeRow, treeMove, treeRows, typeAhead } from '../tree/treeRows.ts';
import { OVERSCAN, useRowWindow } from '../tree/useRowWindow.ts';
import { useTypedText } from '../tree/useTypedText.ts';
import { type AssetNode, ancestorsOf, buildAssetTree, openLevels, searchAssets } from './assetTree.ts';

/** A plant is shown down to its units at first. */
const FIRST_LEVELS = 3;

interface AssetTreeProps {
  readonly assets: readonly AssetSummary[];
  readonly search: string;
  /** Id or path of the asset that is shown. */
  readonly chosen: string | undefined;
  /** By path, the most urgent open alarm at or below it. */
  readonly alarms: ReadonlyMap<string, AlarmPriority>;
  readonly onChoose: (asset: AssetSummary) => void;
}

export function AssetTree({ assets, search, chosen, alarms, onChoose }: AssetTreeProps) {
  const tree = useMemo(() => buildAssetTree(searchAssets(assets, search)), [assets, search]);
  const { open, setOpen } = useOpenNodes(assets, tree, search, chosen);
  const rows = useMemo(() => treeRows(tree, open), [tree, open]);
  const [activeKey, setActiveKey] = useState<string>();
  const isChosen = ({ node: { asset } }: TreeRow<AssetNode>) => asset.id === chosen || asset.path === chosen;
  const found = rows.findIndex(({ node }) => node.key === activeKey);
  const active = found >= 0 ? found : Math.max(0, rows.findIndex(isChosen));
  const { viewport, rowHeight, first, last, reveal, onScroll } = useRowWindow(rows.length);
  const textTyped = useTypedText();

  const go = (row: number) => {
    setActiveKey(rows[row].node.key);
    reveal(row);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = treeMove(rows, open, active, event.key, Math.max(1, last - first - 2 * OVERSCAN));
    if (move) {
      event.preventDefault();
      const { node } = rows[move.row];
      if (move.kind === 'go') go(move.row);
      else if (move.kind === 'choose') onChoose(node.asset);
      else setOpen(node.key, move.kind === 'open');
    } else if (event.key.length === 1 && event.key !== ' ' && event.key !== '/') {
      const next = typeAhead(rows, active, textTyped(event));
      if (next >= 0) go(next);
    }
  };

  const shown = rows.slice(first, last).map((row, place) => ({ row, place: first + place }));
  if (rows[active] && (active < first || active >= last)) shown.push({ row: rows[active], place: active });
  return (
    <div
      ref={viewport}
      className="tree"
      role="tree"
      tabIndex={0}
      aria-label="Assets"
      aria-activedescendant={rows[active] ? `asset-row-${active}` : undefined}
      onKeyDown={onKeyDown}
      onScroll={onScroll}
    >
      <div className="tree-rows" role="presentation" style={{ height: rows.length * rowHeight }}>
        {shown.map(({ row, place }) => (
          <AssetRow
            key={row.node.key}
            id={`asset-row-${place}`}
            row={row}
            top={place * rowHeight}
            isActive={place === active}
            isOpen={open.has(row.node.key)}
            isChosen={isChosen(row)}
            alarm={alarms.get(row.node.asset.path)}
            onTwist={() => setOpen(row.node.key, !open.has(row.node.key))}
            onPress={() => {
              setActiveKey(row.node.key);
              onChoose(row.node.asset);
            }}
          />
        ))}
      </div>
    </div>
  );
}

/** The upper levels are open, and what leads to the chosen asset; while something is looked for, everything that is found. */
function useOpenNodes(
  assets: readonly AssetSummary[],
  tree: readonly AssetNode[],
  search: string,
  chosen: string | undefined,
) {
  const [turned, setTurned] = useState<ReadonlyMap<string, boolean>>(new Map());
  const open = useMemo(() => {
    const isSearch = search.trim() !== '';
    const keys = new Set(openLevels(tree, isSearch ? Number.POSITIVE_INFINITY : FIRST_LEVELS));
    for (const id of ancestorsOf(assets, chosen)) keys.add(id);
    if (!isSearch) {
      for (const [key, isOpen] of turned) {
        if (isOpen) keys.add(key);
        else keys.delete(key);
      }
    }
    return keys;
  }, [assets, tree, search, chosen, turned]);
  const setOpen = (key: string, isOpen: boolean) => setTurned(new Map(turned).set(key, isOpen));
  return { open, setOpen };
}

interface AssetRowProps {
  readonly id: string;
  readonly row: TreeRow<AssetNode>;
  readonly top: number;
  readonly isActive: boolean;
  readonly isOpen: boolean;
  readonly isChosen: boolean;
  readonly alarm: AlarmPriority | undefined;
  readonly onTwist: () => void;
  readonly onPress: () => void;
}

function AssetRow({ id, row, top, isActive, isOpen, isChosen, alarm, onTwist, onPress }: AssetRowProps) {
  const { node, level, position, siblings } = row;
  const { type, level: place, description } = node.asset;
  return (
    // Keys are taken by the tree, which holds the focus for all its rows.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    <div
      id={id}
      className={`tree-row asset${isActive ? ' active' : ''}`}
      role="treeitem"
      aria-level={level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-expanded={node.children ? isOpen : undefined}
      aria-selected={isChosen}
      title={[node.asset.path, description].filter(Boolean).join('\n')}
      style={{ transform: `translateY(${top}px)`, paddingInlineStart: `${0.35 + (level - 1) * 0.9}rem` }}
      onClick={onPress}
    >
      <svg
        className={`twist${isOpen ? ' open' : ''}`}
        viewBox="0 0 12 12"
        width="12"
        height="12"
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          onTwist();
        }}
      >
        {node.children && <path d="m4 2 4 4-4 4" fill="none" stroke="currentColor" strokeWidth="1.6" />}
      </svg>
      <span className="row-name">{node.name}</span>
      {alarm && <PriorityMark priority={alarm} />}
      <span className="row-count">{type ?? place}</span>
    </div>
  );
}
