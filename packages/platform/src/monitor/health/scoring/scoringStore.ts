/**
 * Where scoring stands, in SQLite: of each watch how far its rows were judged, and the state of each model and of each count of
 * fatigue at that row. All parts of a watch are written together, so that a restart goes on without a gap and without doubling.
 *
 * All of it comes of scores and samples that are in the archive: where the file is damaged it is set aside, and another begins.
 */

import { hash } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { DurableDatabase } from '../../../historian/ingest/durableDatabase.ts';
import { fromText, toText } from '../models/numberText.ts';

const MIGRATIONS = [
  `CREATE TABLE part (
     watch TEXT NOT NULL,
     name TEXT NOT NULL,
     document TEXT NOT NULL,
     checksum TEXT NOT NULL,
     PRIMARY KEY (watch, name)
   ) STRICT, WITHOUT ROWID;`,
];

/** What SQLite keeps of a database: the file, and beside it what was not yet put into that. */
const FILES = ['', '-wal', '-shm'];

/** By name, as JSON. */
export type ScoringParts = ReadonlyMap<string, unknown>;

export interface WatchParts {
  readonly watch: string;
  readonly parts: ScoringParts;
}

export class ScoringStore {
  readonly #path: string;
  readonly #onDamage: (detail: string) => void;
  #database: DurableDatabase;
  /** What is wrong with a file that could not be set aside yet. */
  #damage: string | undefined;

  private constructor(path: string, onDamage: (detail: string) => void, database: DurableDatabase) {
    this.#path = path;
    this.#onDamage = onDamage;
    this.#database = database;
  }

  /** `onDamage` is told where a damaged file lies now. Faults as `DurableDatabase.open`. */
  static open(path: string, onDamage: (detail: string) => void): Result<ScoringStore> {
    const found = DurableDatabase.open(path, MIGRATIONS);
    const isDamaged = !found.ok && found.fault.code === 'archive.damaged';
    const opened = isDamaged ? openAnew(path, found.fault.detail, onDamage) : found;
    return opened.ok ? success(new ScoringStore(path, onDamage, opened.value)) : opened;
  }

  /**
   * Of a watch; none where it was never scored. Faults: `health.state-damaged`, which names the part, `archive.damaged`,
   * `archive.unwritable`.
   */
  read(watch: string): Result<ScoringParts> {
    if (this.#damage !== undefined) return failure('archive.damaged', this.#damage);
    const sql = 'SELECT name, document, checksum FROM part WHERE watch = ?';
    const rows = this.#database.read(
      () => this.#database.prepare(sql).all(watch) as Record<'name' | 'document' | 'checksum', string>[],
    );
    if (!rows.ok) return rows;
    const parts = new Map<string, unknown>();
    for (const { name, document, checksum } of rows.value) {
      if (checksumOf(watch, name, document) !== checksum) {
        return failure('health.state-damaged', `Where scoring of ${watch} stands is damaged (${name}).`);
      }
      parts.set(name, fromText(document));
    }
    return success(parts);
  }

  /** All parts of these watches in place of what was there. Faults: `archive.full`, `archive.unwritable`. */
  write(watches: readonly WatchParts[]): Result<void> {
    if (this.#damage === undefined) {
      const written = this.#write(watches);
      if (written.ok || written.fault.code !== 'archive.damaged') return written;
      this.#database.close();
      this.#damage = written.fault.detail;
    }
    const opened = openAnew(this.#path, this.#damage, this.#onDamage);
    if (!opened.ok) return opened;
    [this.#database, this.#damage] = [opened.value, undefined];
    return this.#write(watches);
  }

  close(): void {
    this.#database.close();
  }

  #write(watches: readonly WatchParts[]): Result<void> {
    return this.#database.transact(() => {
      const remove = this.#database.prepare(
        'DELETE FROM part WHERE watch = ? AND name NOT IN (SELECT value FROM json_each(?))',
      );
      const insert = this.#database.prepare('INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?)');
      for (const { watch, parts } of watches) {
        remove.run(watch, JSON.stringify([...parts.keys()]));
        for (const [name, part] of parts) {
          const document = toText(part);
          insert.run(watch, name, document, checksumOf(watch, name, document));
        }
      }
    });
  }
}

/** What is damaged lies beside it as `.damaged`, until that happens again. */
function openAnew(path: string, damage: string, onDamage: (detail: string) => void): Result<DurableDatabase> {
  try {
    for (const file of FILES.filter((end) => existsSync(`${path}${end}`))) {
      renameSync(`${path}${file}`, `${path}.damaged${file}`);
    }
  } catch (error) {
    return failure('archive.unwritable', `${damage}; it cannot be set aside: ${(error as Error).message}`);
  }
  const opened = DurableDatabase.open(path, MIGRATIONS);
  if (opened.ok) onDamage(`${damage}; it lies beside it as .damaged`);
  return opened;
}

function checksumOf(watch: string, name: string, document: string): string {
  return hash('sha256', [watch, name, document].join('\n'));
}
