/** What the lake tells of its tags, so that a reader needs no Tidegate to know what a number means. */

import type { StoredTag } from '../../ingest/storedTag.ts';
import { type ColumnShape, type ColumnTable, numberColumn, textColumn } from '../columns/columnTable.ts';

/** `states` and `aliases` are JSON. */
export const TAG_COLUMNS: readonly ColumnShape[] = [
  { name: 'tag', type: 'INTEGER' },
  { name: 'id', type: 'VARCHAR' },
  { name: 'path', type: 'VARCHAR' },
  { name: 'type', type: 'VARCHAR' },
  { name: 'unit', type: 'VARCHAR' },
  { name: 'description', type: 'VARCHAR' },
  { name: 'gateway', type: 'VARCHAR' },
  { name: 'stepped', type: 'BOOLEAN' },
  { name: 'low', type: 'DOUBLE' },
  { name: 'high', type: 'DOUBLE' },
  { name: 'states', type: 'VARCHAR' },
  { name: 'aliases', type: 'VARCHAR' },
];

export function tagTable(tags: readonly StoredTag[]): ColumnTable {
  const rows = tags.length;
  const text = (of: (tag: StoredTag) => string | undefined) => textColumn(tags.map(of), rows);
  return {
    rows,
    columns: [
      { values: Int32Array.from(tags, (tag) => tag.index) },
      text((tag) => tag.id),
      text((tag) => tag.path),
      text((tag) => tag.type),
      text((tag) => tag.unit),
      text((tag) => tag.description),
      text((tag) => tag.gateway),
      { values: Uint8Array.from(tags, (tag) => (tag.stepped ? 1 : 0)) },
      numberColumn(tags.map((tag) => tag.low)),
      numberColumn(tags.map((tag) => tag.high)),
      text((tag) => tag.states && JSON.stringify(tag.states)),
      text((tag) => JSON.stringify(tag.aliases)),
    ],
  };
}
