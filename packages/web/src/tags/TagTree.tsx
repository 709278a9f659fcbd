/** The tree of tags: follows the WAI-ARIA tree pattern, and renders only the rows that are in view. */

import type { Tag } from '@tidegate/platform/northbound/contract/tag.ts';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { closedStreams } from '../boundary/knownUntil.ts';
import { streamKey } from '../boundary/streamFlow.ts';
import { useBoundary } from '../live/useLive.ts';
import { type TreeRow, treeMove, treeRows, typeAhead } from '../tree/treeRows.ts';
import { OVERSCAN, useRowWindow } from '../tree/useRowWindow.ts';
import { useTypedText } from '../tree/useTypedText.ts';
import { TagRow } from './TagRow.tsx';
import { buildTagTree, filterTags, folderKeys, type TreeNode } from './tagTree.ts';

/** Trees up to this size are shown open. */
const SHOWN_OPEN = 300;

interface TagTreeProps {
  readonly tags: readonly Tag[];
  readonly filter: string;
  readonly chosen: ReadonlySet<number>;
  readonly full: boolean;
  readonly onToggle: (tag: Tag) => void;
}

export function TagTree({ tags, filter, chosen, full, onToggle }: TagTreeProps) {
  const tree = useMemo(() => buildTagTree(filterTags(tags, filter)), [tags, filter]);
  const { open, setOpen } = useOpenFolders(tags, tree, filter);
  const boundary = useBoundary();
  const closed = useMemo(() => closedStreams(boundary), [boundary]);
  const rows = useMemo(() => treeRows(tree, open), [tree, open]);
  const [activeKey, setActiveKey] = useState<string>();
  const active = Math.max(
    0,
    rows.findIndex((row) => row.node.key === activeKey),
  );
  const { viewport, rowHeight, first, last, reveal, onScroll } = useRowWindow(rows.length);
  const textTyped = useTypedText();

  const go = (row: number) => {
    setActiveKey(rows[row].node.key);
    reveal(row);
  };
  const choose = ({ node }: TreeRow<TreeNode<Tag>>) => {
    if (node.kind === 'leaf') onToggle(node.tag);
    else setOpen(node.key, !open.has(node.key));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = treeMove(rows, open, active, event.key, Math.max(1, last - first - 2 * OVERSCAN));
    if (move) {
      event.preventDefault();
      const { node } = rows[move.row];
      if (move.kind === 'go') go(move.row);
      else if (move.kind === 'choose') choose(rows[move.row]);
      else setOpen(node.key, move.kind === 'open');
    } else if (event.key.length === 1 && event.key !== ' ') {
      const found = typeAhead(rows, active, textTyped(event));
      if (found >= 0) go(found);
    }
  };

  // The active row is always rendered, in view or not, because `aria-activedescendant` points at it.
  const shown = rows.slice(first, last).map((row, place) => ({ row, place: first + place }));
  if (rows[active] && (active < first || active >= last)) shown.push({ row: rows[active], place: active });
  return (
    <div
      ref={viewport}
      className="tree"
      role="tree"
      tabIndex={0}
      aria-label="Tags"
      aria-multiselectable="true"
      aria-activedescendant={rows[active] ? `tag-row-${active}` : undefined}
      onKeyDown={onKeyDown}
      onScroll={onScroll}
    >
      <div className="tree-rows" role="presentation" style={{ height: rows.length * rowHeight }}>
        {shown.map(({ row, place }) => (
          <TagRow
            key={row.node.key}
            id={`tag-row-${place}`}
            row={row}
            top={place * rowHeight}
            isActive={place === active}
            isOpen={open.has(row.node.key)}
            isChosen={row.node.kind === 'leaf' && chosen.has(row.node.tag.index)}
            isStale={row.node.kind === 'leaf' && closed.has(streamKey(row.node.tag))}
            isFull={full}
            onPress={() => {
              setActiveKey(row.node.key);
              choose(row);
            }}
          />
        ))}
      </div>
    </div>
  );
}

/** Folders are open until somebody shuts them; while a filter is typed every match is shown, whatever was shut before. */
function useOpenFolders(tags: readonly Tag[], tree: readonly TreeNode<Tag>[], filter: string) {
  const [shut, setShut] = useState<ReadonlySet<string>>(() => firstShut(tags));
  const open = useMemo(() => {
    const keys = folderKeys(tree);
    return new Set(filter.trim() ? keys : keys.filter((key) => !shut.has(key)));
  }, [tree, filter, shut]);
  const setOpen = (key: string, isOpen: boolean) => {
    const next = new Set(shut);
    if (isOpen) next.delete(key);
    else next.add(key);
    setShut(next);
  };
  return { open, setOpen };
}

/** A large tree starts with its deeper folders closed. */
function firstShut(tags: readonly Tag[]): ReadonlySet<string> {
  if (tags.length <= SHOWN_OPEN) return new Set();
  const tree = buildTagTree(tags);
  return new Set(tree.flatMap((node) => (node.kind === 'folder' ? folderKeys(node.children) : [])));
}
