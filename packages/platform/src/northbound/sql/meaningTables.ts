/** The tables of what happened in SQL: alarms of the journal, and event frames; the latest of each. */

import {
  type ColumnShape,
  type ColumnTable,
  numberColumn,
  textColumn,
} from '../../historian/lake/columns/columnTable.ts';
import type { FedTable } from '../../historian/lake/engine/sqlEngine.ts';
import type { ModelStore } from '../../model/assets/modelStore.ts';
import type { AlarmJournal } from '../../monitor/alarms/alarmJournal.ts';
import type { JournalRecord } from '../../monitor/alarms/journalRecord.ts';
import type { KeptFrame } from '../../monitor/events/frameStore.ts';
import type { FrameKind } from '../../monitor/events/frameTemplate.ts';
import type { PlantFrames } from '../../monitor/events/plantFrames.ts';
import type { PlantRows } from './plantTables.ts';

export const NO_ROWS: PlantRows<never> = { revision: () => 0, rows: () => [] };

/** So many are handed to the engine, because that holds up the server for as long as it takes; the newest. */
const MOST_ROWS = 20_000;
const ALWAYS = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };

/** A frame with the names that the model has for what it is of. */
export interface NamedFrame extends KeptFrame {
  readonly kind: FrameKind;
  readonly path: string;
}

export function alarmRows(journal: AlarmJournal): PlantRows<JournalRecord> {
  return {
    revision: () => journal.revision,
    rows() {
      const page = journal.page({ ...ALWAYS, descending: true, limit: MOST_ROWS });
      return page.ok ? page.value.records.toReversed() : [];
    },
  };
}

export function frameRows(frames: PlantFrames, model: ModelStore): PlantRows<NamedFrame> {
  return {
    revision: () => `${frames.store.revision} ${model.current()?.version.number}`,
    rows() {
      const listed = frames.store.list({ ...ALWAYS, limit: MOST_ROWS });
      const assets = model.current()?.model.assets;
      if (!listed.ok) return [];
      return listed.value.map((frame) => {
        const kind = frames.templates.get(frame.template)?.kind ?? 'other';
        return { ...frame, kind, path: assets?.get(frame.asset)?.path ?? frame.asset };
      });
    },
  };
}

/** One column of a table, from its rows. */
type Cells<T> =
  | (ColumnShape & { readonly type: 'VARCHAR'; readonly of: (row: T) => string | undefined })
  | (ColumnShape & { readonly type: 'DOUBLE' | 'TIMESTAMP' | 'UINTEGER'; readonly of: (row: T) => number | undefined })
  | (ColumnShape & { readonly type: 'BOOLEAN'; readonly of: (row: T) => boolean });

const ALARM_CELLS: readonly Cells<JournalRecord>[] = [
  { name: 'time', type: 'TIMESTAMP', of: (record) => record.time },
  { name: 'received', type: 'TIMESTAMP', of: (record) => record.received },
  { name: 'origin', type: 'VARCHAR', of: (record) => record.origin },
  { name: 'alarm', type: 'VARCHAR', of: (record) => record.alarm },
  { name: 'happening', type: 'VARCHAR', of: (record) => record.happening },
  { name: 'state', type: 'VARCHAR', of: (record) => record.state },
  { name: 'priority', type: 'VARCHAR', of: (record) => record.priority },
  { name: 'condition', type: 'VARCHAR', of: (record) => record.condition },
  { name: 'value', type: 'DOUBLE', of: ({ value }) => (typeof value === 'number' ? value : undefined) },
  { name: 'text', type: 'VARCHAR', of: ({ value }) => (typeof value === 'string' ? value : undefined) },
  { name: 'limit_value', type: 'DOUBLE', of: (record) => record.limit },
  { name: 'unit', type: 'VARCHAR', of: (record) => record.unit },
  { name: 'message', type: 'VARCHAR', of: (record) => record.message },
  { name: 'author', type: 'VARCHAR', of: (record) => record.by },
  { name: 'comment', type: 'VARCHAR', of: (record) => record.comment },
];

const FRAME_CELLS: readonly Cells<NamedFrame>[] = [
  { name: 'frame', type: 'UINTEGER', of: (frame) => frame.id },
  { name: 'template', type: 'VARCHAR', of: (frame) => frame.template },
  { name: 'kind', type: 'VARCHAR', of: (frame) => frame.kind },
  { name: 'asset', type: 'VARCHAR', of: (frame) => frame.path },
  { name: 'began', type: 'TIMESTAMP', of: (frame) => frame.start },
  { name: 'ended', type: 'TIMESTAMP', of: (frame) => frame.end },
  { name: 'uncertain', type: 'BOOLEAN', of: (frame) => frame.uncertain },
  { name: 'parent', type: 'UINTEGER', of: (frame) => frame.parent },
  { name: 'figures', type: 'VARCHAR', of: (frame) => JSON.stringify(frame.figures) },
];

export function alarmsTable(alarms: PlantRows<JournalRecord>): FedTable {
  return fedTable('alarms', ALARM_CELLS, alarms);
}

export function framesTable(frames: PlantRows<NamedFrame>): FedTable {
  return fedTable('frames', FRAME_CELLS, frames);
}

function fedTable<T>(name: string, cells: readonly Cells<T>[], source: PlantRows<T>): FedTable {
  return {
    name,
    columns: cells.map((cell) => ({ name: cell.name, type: cell.type })),
    revision: () => source.revision(),
    rows: () => tableOf(cells, source.rows()),
  };
}

function tableOf<T>(cells: readonly Cells<T>[], rows: readonly T[]): ColumnTable {
  const columns = cells.map((cell) => {
    switch (cell.type) {
      case 'VARCHAR':
        return textColumn(rows.map(cell.of), rows.length);
      case 'BOOLEAN':
        return { values: Uint8Array.from(rows, (row) => Number(cell.of(row))) };
      case 'UINTEGER': {
        const numbers = numberColumn(rows.map(cell.of));
        return { ...numbers, values: Uint32Array.from(numbers.values, Number) };
      }
      default:
        return numberColumn(rows.map(cell.of));
    }
  });
  return { rows: rows.length, columns };
}
