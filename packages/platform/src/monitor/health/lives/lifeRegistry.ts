/**
 * What was learned of the lives of all fleets, in SQLite, and what was told by it last.
 *
 * Invariants:
 * - What was learned never changes; the last of a life holds.
 * - What is not as it was written is a fault that names it, and tells nothing.
 */

import { hash } from 'node:crypto';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { DurableDatabase } from '../../../historian/ingest/durableDatabase.ts';
import { fromText, toText } from '../models/numberText.ts';
import type { FleetLifeEstimate } from './fleetLifeEstimate.ts';
import type { FleetLifeCard, FleetLifeVersion } from './fleetLifeModel.ts';
import type { LivesDocument } from './learnLives.ts';

const MIGRATIONS = [
  `CREATE TABLE model (
     life TEXT NOT NULL,
     number INTEGER NOT NULL,
     learned_at INTEGER NOT NULL,
     learned_by TEXT NOT NULL,
     card TEXT NOT NULL,
     document TEXT NOT NULL,
     checksum TEXT NOT NULL,
     PRIMARY KEY (life, number)
   ) STRICT;
   CREATE TRIGGER model_is_final BEFORE UPDATE ON model BEGIN SELECT RAISE(ABORT, 'a model never changes'); END;
   CREATE TRIGGER model_stays BEFORE DELETE ON model BEGIN SELECT RAISE(ABORT, 'a model is never removed'); END;
   CREATE TABLE estimate (
     life TEXT NOT NULL,
     asset TEXT NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (life, asset)
   ) STRICT, WITHOUT ROWID;`,
];

export interface NewLives extends Omit<FleetLifeVersion, 'number'> {
  readonly document: LivesDocument;
}

interface Row {
  readonly life: string;
  readonly number: number;
  readonly learned_at: number;
  readonly learned_by: string;
  readonly card: string;
}

export class LifeRegistry {
  readonly #database: DurableDatabase;

  private constructor(database: DurableDatabase) {
    this.#database = database;
  }

  /** Faults as `DurableDatabase.open`. */
  static open(path: string): Result<LifeRegistry> {
    const database = DurableDatabase.open(path, MIGRATIONS);
    return database.ok ? success(new LifeRegistry(database.value)) : database;
  }

  /** Of a life, the newest last. Faults: `health.model-damaged`, `archive.unwritable`. */
  list(life: string): Result<readonly FleetLifeVersion[]> {
    const sql = 'SELECT life, number, learned_at, learned_by, card FROM model WHERE life = ? ORDER BY number';
    const rows = this.#database.read(() => this.#database.prepare(sql).all(life) as unknown as Row[]);
    if (!rows.ok) return rows;
    const versions: FleetLifeVersion[] = [];
    for (const row of rows.value) {
      const version = versionOf(row);
      if (!version.ok) return version;
      versions.push(version.value);
    }
    return success(versions);
  }

  /** Faults: `health.model-unknown`, `health.model-damaged`, `archive.unwritable`. */
  document(life: string, number: number): Result<LivesDocument> {
    const sql = 'SELECT card, document, checksum FROM model WHERE life = ? AND number = ?';
    const read = this.#database.read(
      () =>
        this.#database.prepare(sql).get(life, number) as Record<'card' | 'document' | 'checksum', string> | undefined,
    );
    if (!read.ok) return read;
    if (!read.value) return failure('health.model-unknown', `The life ${life} has no model ${number}.`);
    const { card, document, checksum } = read.value;
    if (checksumOf(life, number, card, document) !== checksum)
      return damaged(life, number, 'its checksum does not fit');
    return success(fromText(document) as LivesDocument);
  }

  /** Faults: `archive.full`, `archive.unwritable`. */
  add({ life, learnedAt, by, card, document }: NewLives): Result<FleetLifeVersion> {
    const [cardText, text] = [toText(card), toText(document)];
    let number = 0;
    const written = this.#database.transact(() => {
      const sql = 'SELECT coalesce(max(number), 0) + 1 AS next FROM model WHERE life = ?';
      number = (this.#database.prepare(sql).get(life) as { next: number }).next;
      const checksum = checksumOf(life, number, cardText, text);
      this.#database
        .prepare('INSERT INTO model VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(life, number, Math.floor(learnedAt), by, cardText, text, checksum);
    });
    return written.ok ? success({ life, number, learnedAt, by, card }) : written;
  }

  /** By asset path; what cannot be read is left out, for it is told anew. Fault: `archive.unwritable`. */
  estimates(life: string): Result<readonly FleetLifeEstimate[]> {
    const rows = this.#database.read(
      () => this.#database.prepare('SELECT body FROM estimate WHERE life = ?').all(life) as { readonly body: string }[],
    );
    if (!rows.ok) return rows;
    const estimates = rows.value.flatMap(({ body }): readonly FleetLifeEstimate[] => {
      try {
        return [fromText(body) as FleetLifeEstimate];
      } catch {
        return [];
      }
    });
    return success(estimates.sort((a, b) => (a.assetPath < b.assetPath ? -1 : 1)));
  }

  /** In place of those that were told of these assets before. Faults: `archive.full`, `archive.unwritable`. */
  keep(estimates: readonly FleetLifeEstimate[]): Result<void> {
    return this.#database.transact(() => {
      const insert = this.#database.prepare('INSERT OR REPLACE INTO estimate VALUES (?, ?, ?)');
      for (const estimate of estimates) insert.run(estimate.life, estimate.asset, toText(estimate));
    });
  }

  close(): void {
    this.#database.close();
  }
}

function versionOf({ life, number, learned_at, learned_by, card }: Row): Result<FleetLifeVersion> {
  try {
    return success({ life, number, learnedAt: learned_at, by: learned_by, card: fromText(card) as FleetLifeCard });
  } catch {
    return damaged(life, number, 'its card cannot be read');
  }
}

function checksumOf(life: string, number: number, card: string, document: string): string {
  return hash('sha256', [life, number, card, document].join('\n'));
}

function damaged(life: string, number: number, what: string): Result<never> {
  return failure('health.model-damaged', `Model ${number} of the life ${life} is damaged: ${what}.`);
}
