/**
 * A DuckDB in which SQL from outside may run.
 *
 * Invariants:
 * - It reads files of the lake and of its spill directory and no others, and writes only the latter.
 * - It loads no extension, opens no network, and its settings cannot be changed any more.
 * - It holds nothing of value: all of it can be thrown away at any moment.
 */

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { registerColumnScan } from '../columns/columnScan.ts';
import type { ColumnTable } from '../columns/columnTable.ts';
import { MANIFEST_FILE } from '../lakeFiles.ts';
import { readManifest } from '../lakeManifest.ts';
import type { EngineSettings, EngineTable } from './engineMessage.ts';
import { FunctionCalls } from './functionCalls.ts';
import { HISTORY_VIEW, samplesView, sqlText } from './historyViews.ts';

export class Sandbox {
  readonly #instance: DuckDBInstance;
  readonly #settings: EngineSettings;
  /** Our own statements run on this connection, and no others. */
  readonly #control: DuckDBConnection;
  readonly #fed = new Map<string, ColumnTable>();
  readonly calls: FunctionCalls;
  #manifestStamp = '';

  private constructor(instance: DuckDBInstance, control: DuckDBConnection, settings: EngineSettings) {
    this.#instance = instance;
    this.#settings = settings;
    this.#control = control;
    this.calls = new FunctionCalls(control, settings.functions);
  }

  static async open(settings: EngineSettings): Promise<Sandbox> {
    const { memoryBytes, threads, spill, spillBytes, lake } = settings;
    const instance = await DuckDBInstance.create(':memory:', {
      ...{ memory_limit: `${memoryBytes}B`, threads: String(threads) },
      ...{ temp_directory: spill, max_temp_directory_size: `${spillBytes}B` },
    });
    const sandbox = new Sandbox(instance, await instance.connect(), settings);
    for (const table of settings.tables) await sandbox.#createTable(table);
    await sandbox.#run(samplesView(lake, []));
    await sandbox.#run(HISTORY_VIEW);
    for (const definition of settings.definitions) await sandbox.#run(definition);
    // From here on nothing but the lake can be reached, and nobody can change that: the order matters.
    for (const setting of [
      // The footer of a file is parsed once: the files of the lake never change.
      'parquet_metadata_cache = true',
      `allowed_directories = [${sqlText(`${lake}/`)}]`,
      'autoinstall_known_extensions = false',
      'autoload_known_extensions = false',
      "TimeZone = 'UTC'",
      'enable_external_access = false',
      'lock_configuration = true',
    ]) {
      await sandbox.#run(`SET ${setting}`);
    }
    return sandbox;
  }

  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
  }

  /** Exchanges the rows of a table; statements that are running keep the rows that they see. */
  async fillTable(name: string, rows: ColumnTable): Promise<void> {
    this.#fed.set(name, rows);
    await this.#run(`CREATE OR REPLACE TABLE ${name} AS FROM ${feedOf(name)}()`);
    this.#fed.delete(name);
  }

  /** Lets `samples` name the files of the manifest, where that has changed. */
  async followLake(): Promise<Result<void>> {
    const stamp = await stampOf(join(this.#settings.lake, MANIFEST_FILE));
    if (stamp === this.#manifestStamp) return success(undefined);
    const manifest = await readManifest(this.#settings.lake);
    if (!manifest.ok) return manifest;
    const files = manifest.value.days.flatMap((day) => day.files.map(({ path }) => path));
    await this.#run(samplesView(this.#settings.lake, files));
    this.#manifestStamp = stamp;
    return success(undefined);
  }

  /** A table function that gives the rows handed in last, and the table made of it, empty as yet. */
  async #createTable({ name, columns }: EngineTable): Promise<void> {
    const none: ColumnTable = { rows: 0, columns: [] };
    const bind = () => () => [this.#fed.get(name) ?? none];
    registerColumnScan(this.#control, { name: feedOf(name), columns, parameterTypes: [], bind });
    await this.fillTable(name, none);
  }

  async #run(sql: string): Promise<void> {
    await this.#control.run(sql);
  }
}

function feedOf(table: string): string {
  return `feed_${table}`;
}

/** Tells one manifest from the next: each is a file of its own, renamed into place. Empty where there is none. */
async function stampOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  return found ? `${found.ino}/${found.mtimeMs}/${found.size}` : '';
}
