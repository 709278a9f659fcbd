/** Reads the rows of a Parquet file, of its own or of others' making, a batch at a time. */

import { DuckDBInstance } from '@duckdb/node-api';
import { cellOf } from '../columns/columnTable.ts';
import { readVector } from '../columns/vectorColumns.ts';

/** What a cell holds: a point in time as microseconds since 1970 UTC, a boolean as the text `true` or `false`. */
export type ParquetCell = number | string | null;

export interface ParquetRows {
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** Their cells, row by row, in batches. */
  batches(): AsyncGenerator<readonly (readonly ParquetCell[])[], void, undefined>;
  close(): void;
}

const TIMESTAMP = /^(TIMESTAMP|DATE)/;
const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL)/;

/** Throws a `fileError` where the file is none, or cannot be read. */
export async function openParquetRows(file: string): Promise<ParquetRows> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB', threads: '1' });
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  const source = `read_parquet('${file.replaceAll("'", "''")}')`;
  try {
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
    const shapes = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
    const columns = shapes.map(({ name }) => name);
    const query = `SELECT ${shapes.map(castOf).join(', ')} FROM ${source}`;
    return {
      columns,
      close,
      async *batches() {
        const result = await connection.stream(query);
        const types = result.columnTypes();
        for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
          const read = types.map((type, index) => readVector(chunk, index, type));
          yield Array.from({ length: chunk.rowCount }, (_, row) =>
            read.map((column) => plainCell(cellOf(column, row))),
          );
        }
      },
    };
  } catch (error) {
    close();
    throw fileError(error as Error);
  }
}

/** What DuckDB says of a file, as the file system would: its first line, and a code that tells it from a bug of ours. */
export function fileError(error: Error): Error {
  const isOfFile = /^(IO|Invalid( Input)?|Out of Memory|Serialization|TransactionContext|Conversion) Error/.test(
    error.message,
  );
  return isOfFile ? Object.assign(new Error(error.message.split('\n')[0]), { code: 'EIO' }) : error;
}

function castOf({ name, type }: { readonly name: string; readonly type: string }): string {
  const column = `"${name.replaceAll('"', '""')}"`;
  if (TIMESTAMP.test(type)) return `epoch_us(CAST(${column} AS TIMESTAMP))::DOUBLE`;
  return `CAST(${column} AS ${NUMBER.test(type) ? 'DOUBLE' : 'VARCHAR'})`;
}

function plainCell(cell: number | bigint | string | null): ParquetCell {
  return typeof cell === 'bigint' ? Number(cell) : cell;
}
