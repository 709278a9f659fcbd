/** Writes samples of any number of tags to one Parquet file, in the order in which they come. */

import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { SampleRun } from '../../archive/sampleRun.ts';
import type { TagIndex } from '../../ingest/storedTag.ts';
import { registerColumnScan } from '../columns/columnScan.ts';
import type { ColumnTable } from '../columns/columnTable.ts';
import { PART_COLUMNS, PartBuffer } from '../publish/partBuffer.ts';
import { commitFile, TEMPORARY_SUFFIX } from './committedFile.ts';
import { fileError } from './parquetRows.ts';

/** So many rows are gathered before they are handed to DuckDB. */
const GATHERED_ROWS = 500_000;
const STAGE_SUFFIX = '.stage';
/** As the files of the lake, which every reader of Parquet understands. */
const PARQUET = 'FORMAT parquet, PARQUET_VERSION V1, COMPRESSION zstd, ROW_GROUP_SIZE 122880';

export class ParquetExport {
  readonly #file: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #buffer = new PartBuffer();
  #paths: readonly string[] = [];
  #tables: readonly ColumnTable[] = [];

  private constructor(file: string, instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#file = file;
    this.#instance = instance;
    this.#connection = connection;
  }

  /** Rows wait in a file beside `file`, so that memory is bounded. Throws a `fileError`. */
  static async open(file: string): Promise<ParquetExport> {
    const stage = resolve(file) + STAGE_SUFFIX;
    await rm(stage, { force: true });
    const limits = { memory_limit: '512MB', threads: '1', temp_directory: '' };
    const instance = await DuckDBInstance.create(stage, limits).catch((error: Error) => {
      throw fileError(error);
    });
    const connection = await instance.connect();
    const made = new ParquetExport(resolve(file), instance, connection);
    await made.#begin();
    return made;
  }

  /** `paths` by the index of the tag. */
  begin(paths: readonly string[]): void {
    this.#paths = paths;
  }

  async append(tag: TagIndex, run: SampleRun): Promise<void> {
    this.#buffer.append(tag, run, 0, run.times.length);
    if (this.#buffer.rows >= GATHERED_ROWS) await this.#flush();
  }

  /** Makes the file, durably and at once. Throws as the file system, or a `fileError`; leaves nothing behind then. */
  async finish(): Promise<void> {
    const temporary = this.#file + TEMPORARY_SUFFIX;
    try {
      await this.#flush();
      await this.#connection.run(`COPY stage TO '${temporary.replaceAll("'", "''")}' (${PARQUET})`);
      await commitFile(this.#file);
    } catch (error) {
      throw fileError(error as Error);
    } finally {
      await this.discard();
    }
  }

  /** Ends without a file, where it has not been finished. */
  async discard(): Promise<void> {
    this.#connection.closeSync();
    this.#instance.closeSync();
    for (const rest of [STAGE_SUFFIX, `${STAGE_SUFFIX}.wal`, TEMPORARY_SUFFIX]) {
      await rm(this.#file + rest, { force: true });
    }
  }

  async #begin(): Promise<void> {
    const [tag, ...others] = PART_COLUMNS;
    registerColumnScan(this.#connection, {
      name: 'rows',
      columns: [tag, { name: 'path', type: 'VARCHAR' }, ...others],
      parameterTypes: [],
      bind: () => () => this.#tables,
    });
    const types = 'tag INTEGER, path VARCHAR, time TIMESTAMP, value DOUBLE, text VARCHAR, status UINTEGER';
    await this.#connection.run(`CREATE TABLE stage (${types})`);
  }

  async #flush(): Promise<void> {
    this.#tables = this.#buffer.tables().map(({ rows, columns: [tag, ...others] }) => {
      return { rows, columns: [tag, { values: tag.values, strings: this.#paths }, ...others] };
    });
    await this.#connection.run('INSERT INTO stage FROM rows()');
    this.#tables = [];
    this.#buffer.clear();
  }
}
