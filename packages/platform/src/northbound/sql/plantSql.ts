/** SQL over the plant: the tables and functions that a statement may name, on an engine of its own. */

import type { StoredTag } from '../../historian/ingest/storedTag.ts';
import { SqlEngine, type SqlEngineOptions } from '../../historian/lake/engine/sqlEngine.ts';
import type { JournalRecord } from '../../monitor/alarms/journalRecord.ts';
import { type HistoryFunctions, historyFunctions } from './historyFunctions.ts';
import { alarmsTable, framesTable, type NamedFrame, NO_ROWS } from './meaningTables.ts';
import { eventsTable, PLANT_DEFINITIONS, type PlantRows, type SeenEvent, tagsTable } from './plantTables.ts';

export interface PlantSqlOptions extends Omit<SqlEngineOptions, 'tables' | 'functions' | 'definitions'> {
  readonly tags: PlantRows<StoredTag>;
  readonly events: PlantRows<SeenEvent>;
  /** None where they are left out. */
  readonly alarms?: PlantRows<JournalRecord> | undefined;
  readonly frames?: PlantRows<NamedFrame> | undefined;
  readonly history: HistoryFunctions;
}

/** Nothing starts before the first statement. */
export function plantSql({ tags, events, alarms, frames, history, ...options }: PlantSqlOptions): SqlEngine {
  return new SqlEngine({
    ...options,
    tables: [tagsTable(tags), eventsTable(events), alarmsTable(alarms ?? NO_ROWS), framesTable(frames ?? NO_ROWS)],
    functions: historyFunctions(history),
    definitions: PLANT_DEFINITIONS,
  });
}
