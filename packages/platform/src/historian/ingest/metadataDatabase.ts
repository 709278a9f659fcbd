/**
 * The one SQLite file beside the samples: tags, changes of history, annotations, each with all its earlier versions.
 *
 * Invariants:
 * - One process holds the file, and with it the whole data directory, until it is closed.
 * - What a transaction wrote is durable when `transact` returns success (`synchronous = FULL`), or it is not there at all.
 * - No row that says what was known at a time is ever changed or removed.
 *
 * The tables are described in `docs/formats/metadata.md`.
 */

import { backup, DatabaseSync, type StatementSync } from 'node:sqlite';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { METADATA_MIGRATIONS } from './metadataMigrations.ts';

/** SQLite's own numbers of what can be wrong outside (https://www.sqlite.org/rescode.html). */
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

export class MetadataDatabase {
  readonly #database: DatabaseSync;
  readonly #path: string;

  private constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = path;
  }

  /**
   * Opens the file, or makes it, and brings its tables up to date. Faults: `archive.in-use`, `archive.newer`,
   * `archive.full`, `archive.unwritable`.
   */
  static open(path: string): Result<MetadataDatabase> {
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path);
      database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      database.exec('BEGIN EXCLUSIVE');
      const version = versionOf(database);
      if (version > METADATA_MIGRATIONS.length) {
        database.close();
        const known = METADATA_MIGRATIONS.length;
        return failure('archive.newer', `${path} is of version ${version}; this program knows ${known}`);
      }
      for (const migration of METADATA_MIGRATIONS.slice(version)) database.exec(migration);
      database.exec(`PRAGMA user_version = ${METADATA_MIGRATIONS.length}; COMMIT`);
      return success(new MetadataDatabase(database, path));
    } catch (error) {
      if (database?.isOpen) database.close();
      return { ok: false, fault: faultOf(error, path) };
    }
  }

  prepare(statement: string): StatementSync {
    return this.#database.prepare(statement);
  }

  /** Does all of `work` durably, or nothing of it. Faults: `archive.full`, `archive.unwritable`. */
  transact(work: () => void): Result<void> {
    try {
      this.#database.exec('BEGIN');
      work();
      this.#database.exec('COMMIT');
      return success(undefined);
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      return { ok: false, fault: faultOf(error, this.#path) };
    }
  }

  /** Reads; a disk that cannot be read is a fault, `archive.unwritable`. */
  read<T>(work: () => T): Result<T> {
    try {
      return success(work());
    } catch (error) {
      return { ok: false, fault: faultOf(error, this.#path) };
    }
  }

  /** Writes a whole and consistent copy to `path` while the database is in use. Faults as `transact`. */
  async copyTo(path: string): Promise<Result<void>> {
    try {
      await backup(this.#database, path);
      return success(undefined);
    } catch (error) {
      return { ok: false, fault: faultOf(error, path) };
    }
  }

  /** The latest moment at which anything in here was recorded; `-Infinity` in an empty database. */
  lastRecordedAt(): number {
    const { latest } = this.#database
      .prepare(
        `SELECT max(recorded_at) AS latest FROM (SELECT max(recorded_at) AS recorded_at FROM edit UNION ALL
          SELECT max(recorded_at) FROM tag_version UNION ALL SELECT max(recorded_at) FROM annotation)`,
      )
      .get() as { latest: number | null };
    return latest ?? Number.NEGATIVE_INFINITY;
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

function versionOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

function faultOf(error: unknown, path: string): Fault {
  const { errcode, message } = error as { errcode?: number; message: string };
  if (errcode === undefined) throw error;
  const detail = `${path}: ${message}`;
  if ((errcode & 0xff) === SQLITE_BUSY) return failure('archive.in-use', detail).fault;
  return failure((errcode & 0xff) === SQLITE_FULL ? 'archive.full' : 'archive.unwritable', detail).fault;
}
