/**
 * A SQLite file that one process holds: what a stage keeps beside the samples.
 *
 * Invariants:
 * - One process holds the file until it is closed.
 * - What a transaction wrote is durable when `transact` returns success (`synchronous = FULL`), or it is not there at all.
 */

import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { backup, DatabaseSync, type StatementSync } from 'node:sqlite';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { FaultCode } from '@tidegate/core/fault/faultTable.ts';

/** SQLite's own numbers of what can be wrong outside (https://www.sqlite.org/rescode.html). */
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;
const FAULTS: Readonly<Record<number, FaultCode>> = {
  [SQLITE_BUSY]: 'archive.in-use',
  [SQLITE_CORRUPT]: 'archive.damaged',
  [SQLITE_FULL]: 'archive.full',
  [SQLITE_NOTADB]: 'archive.damaged',
};

/** Those that this process has open, by path: nobody else can read them. */
const OPEN = new Map<string, DurableDatabase>();

export class DurableDatabase {
  readonly #database: DatabaseSync;
  readonly #path: string;

  protected constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = path;
    OPEN.set(resolve(path), this);
  }

  /**
   * Opens the file, or makes it, and brings its tables up to date: migration `i` makes version `i + 1` of version `i`.
   * Faults: `archive.in-use`, `archive.newer`, `archive.damaged`, `archive.full`, `archive.unwritable`.
   */
  static open(path: string, migrations: readonly string[]): Result<DurableDatabase> {
    const opened = openCurrent(path, migrations);
    return opened.ok ? success(new DurableDatabase(opened.value, path)) : opened;
  }

  prepare(statement: string): StatementSync {
    return this.#database.prepare(statement);
  }

  /** Does all of `work` durably, or nothing of it. Faults: `archive.full`, `archive.unwritable`, `archive.damaged`. */
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

  /** Reads. Faults: `archive.unwritable` where the disk cannot be read, `archive.damaged`. */
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

  close(): void {
    OPEN.delete(resolve(this.#path));
    if (this.#database.isOpen) this.#database.close();
  }
}

/**
 * Copies a database to `to`, by whoever has it open in this process, or by opening it for as long as it takes. False where there
 * is none. Faults: `archive.in-use`, `archive.full`, `archive.unwritable`.
 */
export async function copyDatabase(path: string, to: string): Promise<Result<boolean>> {
  const open = OPEN.get(resolve(path));
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) return success(false);
  try {
    const database = open ?? new DatabaseSync(path);
    try {
      if (database instanceof DurableDatabase) {
        const copied = await database.copyTo(to);
        return copied.ok ? success(true) : copied;
      }
      await backup(database, to);
      return success(true);
    } finally {
      if (!open) database.close();
    }
  } catch (error) {
    return { ok: false, fault: faultOf(error, path) };
  }
}

/** The database itself, its tables brought up to date. Faults as `DurableDatabase.open`. */
export function openCurrent(path: string, migrations: readonly string[]): Result<DatabaseSync> {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    database.exec('BEGIN EXCLUSIVE');
    const version = versionOf(database);
    if (version > migrations.length) {
      database.close();
      const known = migrations.length;
      return failure('archive.newer', `${path} is of version ${version}; this program knows ${known}`);
    }
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}; COMMIT`);
    return success(database);
  } catch (error) {
    if (database?.isOpen) database.close();
    return { ok: false, fault: faultOf(error, path) };
  }
}

function versionOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

function faultOf(error: unknown, path: string): Fault {
  const { errcode, message } = error as { errcode?: number; message: string };
  if (errcode === undefined) throw error;
  return failure(FAULTS[errcode & 0xff] ?? 'archive.unwritable', `${path}: ${message}`).fault;
}
