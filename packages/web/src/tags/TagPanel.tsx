/** The left side of the console: a filter over the tree of tags. */

import type { Tag } from '@tidegate/platform/northbound/contract/tag.ts';
import { useDeferredValue, useMemo, useState } from 'react';
import { formatCount } from '../reading/number.ts';
import { TagTree } from './TagTree.tsx';
import { filterTags } from './tagTree.ts';

interface TagPanelProps {
  readonly tags: readonly Tag[] | undefined;
  readonly fault: string | undefined;
  readonly chosen: ReadonlySet<number>;
  readonly maxChosen: number;
  /** Whether the tags in which Tidegate reports on itself are among `tags`. */
  readonly system: boolean;
  readonly onSystem: (shown: boolean) => void;
  readonly onToggle: (tag: Tag) => void;
}

export function TagPanel({ tags, fault, chosen, maxChosen, system, onSystem, onToggle }: TagPanelProps) {
  const [text, setText] = useState('');
  const filter = useDeferredValue(text);
  const found = useMemo(() => (tags ? filterTags(tags, filter).length : 0), [tags, filter]);
  return (
    <section className="panel tags" aria-label="Tags">
      <div className="panel-head">
        <h2>Tags</h2>
        <span className="panel-note" role="status">
          {tags && (filter.trim() ? `${formatCount(found)} of ${formatCount(tags.length)}` : formatCount(tags.length))}
        </span>
        <span className="spring" />
        <button
          type="button"
          aria-pressed={system}
          title="Tags in which Tidegate reports on itself and on its devices"
          onClick={() => onSystem(!system)}
        >
          System
        </button>
      </div>
      <input
        type="search"
        className="filter"
        placeholder="Filter by name, unit, description"
        aria-label="Filter tags by name, unit, description or alias"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {tags === undefined || tags.length === 0 || found === 0 ? (
        <TagNotice tags={tags} fault={fault} filter={filter} />
      ) : (
        <TagTree tags={tags} filter={filter} chosen={chosen} full={chosen.size >= maxChosen} onToggle={onToggle} />
      )}
    </section>
  );
}

function TagNotice({
  tags,
  fault,
  filter,
}: {
  tags: readonly Tag[] | undefined;
  fault: string | undefined;
  filter: string;
}) {
  if (tags === undefined) {
    return fault ? (
      <p className="notice" role="alert">
        The tags could not be loaded. {fault} Trying again by itself.
      </p>
    ) : (
      <p className="notice">Loading the tags…</p>
    );
  }
  if (tags.length === 0) {
    return <p className="notice">No tags yet. They appear here as soon as a gateway has connected and named them.</p>;
  }
  return <p className="notice">No tag matches “{filter.trim()}”.</p>;
}
