/** A table function of DuckDB whose rows are columns that this process holds. */

import { type DuckDBConnection, DuckDBTableFunction } from '@duckdb/node-api';
import type { ColumnShape, ColumnTable } from './columnTable.ts';
import { duckdbType } from './duckdbType.ts';
import { writeVector } from './vectorColumns.ts';

/** Rows of one chunk: DuckDB's own vector size, and the most it takes. */
const CHUNK_ROWS = 2048;

/** What one call of the function stands for: settled when the statement is bound, scanned later, perhaps never. */
export type ScanTables = () => readonly ColumnTable[];

interface ScanState {
  readonly tables: readonly ColumnTable[];
  readonly projected: readonly number[];
  table: number;
  row: number;
}

export interface ColumnScan {
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  /** Arguments of any type. */
  readonly parameterTypes: NonNullable<Parameters<typeof DuckDBTableFunction.create>[0]['parameterTypes']>;
  /** Called when a statement is bound. What it throws becomes DuckDB's error. */
  bind(info: Parameters<Parameters<typeof DuckDBTableFunction.create>[0]['bindFunction']>[0]): ScanTables;
}

/** One thread scans, so that the rows keep their order; columns that nobody asks for are not copied. */
export function registerColumnScan(connection: DuckDBConnection, scan: ColumnScan): void {
  connection.registerTableFunction(
    DuckDBTableFunction.create({
      name: scan.name,
      parameterTypes: scan.parameterTypes,
      supportsProjectionPushdown: true,
      bindFunction(info) {
        const tables = scan.bind(info);
        for (const { name, type } of scan.columns) info.addResultColumn(name, duckdbType(type));
        info.setBindData({ tables });
      },
      initFunction(info) {
        const { tables } = info.bindData as { tables: ScanTables };
        info.setMaxThreads(1);
        info.setInitData({
          tables: tables(),
          projected: info.getColumnIndexes(),
          table: 0,
          row: 0,
        } satisfies ScanState);
      },
      mainFunction(info, chunk) {
        const state = info.initData as ScanState;
        while (state.table < state.tables.length && state.row >= state.tables[state.table].rows) {
          state.table++;
          state.row = 0;
        }
        const table = state.tables[state.table];
        const count = table ? Math.min(CHUNK_ROWS, table.rows - state.row) : 0;
        chunk.rowCount = count;
        if (count === 0) return;
        // A statement that only counts rows asks for the row's number alone, which is no column of the table.
        state.projected.forEach((column, index) => {
          const source = table.columns[column];
          if (source) writeVector(chunk, index, source, state.row, count);
        });
        state.row += count;
      },
    }),
  );
}
