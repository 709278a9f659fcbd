/** One row of the tree: a folder, or a tag with its latest value. */

import { severityOf } from '@tidegate/core/sample/statusCode.ts';
import type { Tag } from '@tidegate/platform/northbound/contract/tag.ts';
import { memo } from 'react';
import { useLatest } from '../live/useLive.ts';
import { QualityMark } from '../quality/QualityMark.tsx';
import { formatCount } from '../reading/number.ts';
import { readValue } from '../reading/readValue.ts';
import { formatUnit } from '../reading/unit.ts';
import type { TreeRow } from '../tree/treeRows.ts';
import type { TreeFolder, TreeNode } from './tagTree.ts';

interface TagRowProps {
  readonly id: string;
  readonly row: TreeRow<TreeNode<Tag>>;
  readonly top: number;
  readonly isActive: boolean;
  readonly isOpen: boolean;
  readonly isChosen: boolean;
  /** Whether the link to its gateway is down: the value is the last one, not the present one. */
  readonly isStale: boolean;
  /** Whether the trend has no room for another tag. */
  readonly isFull: boolean;
  readonly onPress: () => void;
}

export function TagRow({ id, row, top, isActive, isOpen, isChosen, isStale, isFull, onPress }: TagRowProps) {
  const { node, level, position, siblings } = row;
  const isLeaf = node.kind === 'leaf';
  return (
    // Keys are taken by the tree, which holds the focus for all its rows.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    <div
      id={id}
      className={`tree-row ${node.kind}${isActive ? ' active' : ''}${isStale ? ' stale' : ''}`}
      role="treeitem"
      aria-level={level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-expanded={isLeaf ? undefined : isOpen}
      aria-checked={isLeaf ? isChosen : undefined}
      aria-disabled={isLeaf && isFull && !isChosen ? true : undefined}
      title={isLeaf ? describe(node.tag, isStale) : undefined}
      style={{ transform: `translateY(${top}px)`, paddingInlineStart: `${0.35 + (level - 1) * 0.9}rem` }}
      onClick={onPress}
    >
      {isLeaf ? <Leaf name={node.name} tag={node.tag} isChosen={isChosen} /> : <Folder folder={node} isOpen={isOpen} />}
    </div>
  );
}

function describe(tag: Tag, isStale: boolean): string {
  const names = [tag.id, ...tag.aliases].filter((name) => !tag.path.endsWith(name));
  const stale = isStale ? 'The link to the gateway is down: this is the last value.' : '';
  return [stale, tag.description, tag.path, names.join(', '), `${tag.lane} lane of ${tag.gateway}`]
    .filter(Boolean)
    .join('\n');
}

function Folder({ folder, isOpen }: { readonly folder: TreeFolder<Tag>; readonly isOpen: boolean }) {
  return (
    <>
      <svg className={`twist${isOpen ? ' open' : ''}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d="m4 2 4 4-4 4" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
      </svg>
      <span className="row-name">{folder.name}</span>
      <span className="row-count">
        {formatCount(folder.leafCount)}
        <span className="visually-hidden"> tags</span>
      </span>
    </>
  );
}

interface LeafProps {
  readonly name: string;
  readonly tag: Tag;
  readonly isChosen: boolean;
}

const Leaf = memo(function Leaf({ name, tag, isChosen }: LeafProps) {
  const latest = useLatest(tag.index);
  const severity = latest ? severityOf(latest.status) : 'good';
  return (
    <>
      <svg
        className={`check${isChosen ? ' chosen' : ''}`}
        viewBox="0 0 14 14"
        width="14"
        height="14"
        aria-hidden="true"
      >
        <rect x="1" y="1" width="12" height="12" rx="2" />
        {isChosen && <path d="m3.8 7.2 2.3 2.3 4.2-4.8" />}
      </svg>
      <span className="row-name">{name}</span>
      <span className={`row-value ${severity}`}>{readValue(latest?.value, tag)}</span>
      <span className="row-unit">{formatUnit(tag.unit)}</span>
      {latest ? <QualityMark status={latest.status} /> : <span className="quality" />}
    </>
  );
});
