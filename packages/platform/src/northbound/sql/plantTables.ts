/** The tables of the plant in SQL: tags, the assets above them, events. */

import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import type { StoredTag } from '../../historian/ingest/storedTag.ts';
import { textColumn } from '../../historian/lake/columns/columnTable.ts';
import type { FedTable } from '../../historian/lake/engine/sqlEngine.ts';
import { TAG_COLUMNS, tagTable } from '../../historian/lake/publish/tagColumns.ts';

/** An event with the gateway that reports it, where it is not of the server itself. */
export interface SeenEvent extends PlantEvent {
  readonly gateway?: string;
}

/** Rows that change as a whole: `revision` is another value after they have. */
export interface PlantRows<T> {
  revision(): unknown;
  rows(): readonly T[];
}

/** As in the lake, with the names and units of now. */
export function tagsTable(tags: PlantRows<StoredTag>): FedTable {
  return {
    ...{ name: 'tags', columns: TAG_COLUMNS },
    revision: () => tags.revision(),
    rows: () => tagTable(tags.rows()),
  };
}

export function eventsTable(events: PlantRows<SeenEvent>): FedTable {
  return {
    name: 'events',
    columns: [
      { name: 'time', type: 'TIMESTAMP' },
      { name: 'kind', type: 'VARCHAR' },
      { name: 'gateway', type: 'VARCHAR' },
      { name: 'source', type: 'VARCHAR' },
      { name: 'detail', type: 'VARCHAR' },
    ],
    revision: () => events.revision(),
    rows() {
      const rows = events.rows();
      const text = (of: (event: SeenEvent) => string) => textColumn(rows.map(of), rows.length);
      return {
        rows: rows.length,
        columns: [
          { values: Float64Array.from(rows, (event) => event.at) },
          text((event) => event.kind),
          text((event) => event.gateway ?? ''),
          text((event) => event.source),
          text((event) => event.detail),
        ],
      };
    },
  };
}

/**
 * Every prefix of a path is an asset (ISA-95); its last segment is the signal. The severity of a status is in its two
 * highest bits (OPC UA Part 4, 7.39).
 */
export const PLANT_DEFINITIONS: readonly string[] = [
  `CREATE VIEW assets AS
    SELECT array_to_string(names[1:depth], '/') AS path, names[depth] AS name,
      CASE WHEN depth > 1 THEN array_to_string(names[1:depth - 1], '/') END AS parent, depth, count(*) AS tags
    FROM (SELECT names, unnest(range(1, len(names)))::INTEGER AS depth
      FROM (SELECT string_split(path, '/') AS names FROM tags))
    GROUP BY ALL`,
  'CREATE MACRO is_good(status) AS status < 1073741824',
  'CREATE MACRO is_uncertain(status) AS status BETWEEN 1073741824 AND 2147483647',
  'CREATE MACRO is_bad(status) AS status >= 2147483648',
];
