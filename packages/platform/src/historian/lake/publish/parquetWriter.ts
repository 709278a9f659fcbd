/** Writes columns as Parquet files by DuckDB: sorted as they come, durable and digested before anybody hears of them. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';
import { syncDirectory } from '@tidegate/journal/syncDirectory.ts';
import { registerColumnScan } from '../columns/columnScan.ts';
import type { ColumnShape, ColumnTable } from '../columns/columnTable.ts';
import { TEMPORARY_SUFFIX } from '../lakeFiles.ts';
import type { LakeFile } from '../lakeManifest.ts';
import { PART_COLUMNS, type PartBuffer } from './partBuffer.ts';
import { TAG_COLUMNS } from './tagColumns.ts';

/**
 * Version 1 of the data pages, because every reader decodes it: version 2 takes 4.5 bytes for a row instead of 5.9, but
 * its BYTE_STREAM_SPLIT columns are refused by Spark's vectorised reader. The row groups are those of a few tags, so
 * that a reader skips what it does not want by their statistics.
 */
const PARQUET = 'FORMAT parquet, PARQUET_VERSION V1, COMPRESSION zstd, ROW_GROUP_SIZE 30720';

export interface WriterLimits {
  readonly memoryBytes: number;
  readonly threads: number;
}

export class ParquetWriter {
  readonly #instance: DuckDBInstance;
  readonly #connection: Awaited<ReturnType<DuckDBInstance['connect']>>;
  #tables: readonly ColumnTable[] = [];

  private constructor(instance: DuckDBInstance, connection: Awaited<ReturnType<DuckDBInstance['connect']>>) {
    this.#instance = instance;
    this.#connection = connection;
    this.#register('part', PART_COLUMNS);
    this.#register('tag', TAG_COLUMNS);
  }

  static async open({ memoryBytes, threads }: WriterLimits): Promise<ParquetWriter> {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${memoryBytes}B`,
      threads: String(threads),
      // Row groups are written as they come; nothing is ever sorted here, so nothing needs to be spilt.
      temp_directory: '',
    });
    return new ParquetWriter(instance, await instance.connect());
  }

  /** Throws as the file system and as DuckDB. */
  async writePart(directory: string, path: string, buffer: PartBuffer): Promise<LakeFile> {
    const text = buffer.hasText ? 'text' : 'NULL::VARCHAR AS text';
    const columns = `SELECT tag, time, value, ${text}, status FROM part()`;
    return this.#write(directory, path, columns, buffer.tables(), buffer.rows);
  }

  /** Throws as the file system and as DuckDB. */
  async writeTags(directory: string, path: string, table: ColumnTable): Promise<LakeFile> {
    return this.#write(directory, path, 'FROM tag()', [table], table.rows);
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  #register(name: string, columns: readonly ColumnShape[]): void {
    registerColumnScan(this.#connection, { name, columns, parameterTypes: [], bind: () => () => this.#tables });
  }

  async #write(
    directory: string,
    path: string,
    query: string,
    tables: readonly ColumnTable[],
    rows: number,
  ): Promise<LakeFile> {
    const file = join(directory, path);
    const temporary = file + TEMPORARY_SUFFIX;
    await makeDirectory(dirname(file));
    this.#tables = tables;
    await this.#connection.run(`COPY (${query}) TO '${temporary.replaceAll("'", "''")}' (${PARQUET})`);
    this.#tables = [];
    const handle = await open(temporary, 'r+');
    const bytes = await handle
      .sync()
      .then(() => handle.stat())
      .then(({ size }) => size)
      .finally(() => handle.close());
    const sha256 = await digestOf(temporary);
    await rename(temporary, file);
    await syncDirectory(dirname(file));
    await syncDirectory(directory);
    return { path, rows, bytes, sha256 };
  }
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece);
  return hash.digest('hex');
}
