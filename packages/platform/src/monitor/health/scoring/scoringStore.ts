/**
 * Where scoring stands, in SQLite: of each watch how far its rows were judged, and the state of each model and of each count of
 * fatigue at that row. All parts of a watch are written together, so that a restart goes on without a gap and without doubling.
 */

import { hash } from 'node:crypto';
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

/** By name, as JSON. */
export type ScoringParts = ReadonlyMap<string, unknown>;

export interface WatchParts {
  readonly watch: string;
  readonly parts: ScoringParts;
}

export class ScoringStore {
  readonly #database: DurableDatabase;

  private constructor(database: DurableDatabase) {
    this.#database = database;
  }

  /** Faults as `DurableDatabase.open`. */
  static open(path: string): Result<ScoringStore> {
    const database = DurableDatabase.open(path, MIGRATIONS);
    return database.ok ? success(new ScoringStore(database.value)) : database;
  }

  /** Of a watch; none where it was never scored. Faults: `health.state-damaged`, which names the part, `archive.unwritable`. */
  read(watch: string): Result<ScoringParts> {
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

  close(): void {
    this.#database.close();
  }
}

function checksumOf(watch: string, name: string, document: string): string {
  return hash('sha256', [watch, name, document].join('\n'));
}
