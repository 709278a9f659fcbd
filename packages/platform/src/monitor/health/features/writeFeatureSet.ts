/** Writes a set of features as a directory that appears whole, or not at all. */

import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';
import { syncDirectory } from '@tidegate/journal/syncDirectory.ts';
import { registerColumnScan } from '../../../historian/lake/columns/columnScan.ts';
import { TEMPORARY_SUFFIX } from '../../../historian/lake/exchange/committedFile.ts';
import { fileError } from '../../../historian/lake/exchange/parquetRows.ts';
import { FEATURES_FILE, type FeatureSetOrder } from './featureSetOrder.ts';

/** As the files of the lake, which every reader of Parquet understands. */
const PARQUET = 'FORMAT parquet, PARQUET_VERSION V1, COMPRESSION zstd';
const LIMITS = { memory_limit: '512MB', threads: '1', temp_directory: '' };

/** Throws as the file system, or a `fileError`; leaves nothing behind then. Fault `health.export-failed`: the directory is there. */
export async function writeFeatureSet(order: FeatureSetOrder): Promise<Result<void>> {
  const directory = resolve(order.directory);
  if (await stat(directory).catch(() => undefined)) {
    return failure('health.export-failed', `${directory} is there already.`);
  }
  const temporary = directory + TEMPORARY_SUFFIX;
  try {
    await rm(temporary, { recursive: true, force: true });
    await makeDirectory(temporary);
    await writeParquet(join(temporary, FEATURES_FILE), order);
    for (const [name, text] of order.texts) await writeFile(join(temporary, name), text);
    for (const name of [FEATURES_FILE, ...order.texts.map(([one]) => one)]) await syncFile(join(temporary, name));
    await syncDirectory(temporary);
    await rename(temporary, directory);
    await syncDirectory(dirname(directory));
    return success(undefined);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw fileError(error as Error);
  }
}

async function writeParquet(file: string, { shapes, table, metadata }: FeatureSetOrder): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', LIMITS);
  const connection = await instance.connect();
  try {
    registerColumnScan(connection, {
      name: 'features',
      columns: shapes,
      parameterTypes: [],
      bind: () => () => [table],
    });
    const pairs = metadata.map(([name, text]) => `"${name.replaceAll('"', '""')}": ${literal(text)}`);
    const options = `${PARQUET}, KV_METADATA {${pairs.join(', ')}}`;
    await connection.run(`COPY (FROM features()) TO ${literal(file)} (${options})`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.sync().finally(() => handle.close());
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
