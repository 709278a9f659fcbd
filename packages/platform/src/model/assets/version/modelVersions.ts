/** The versions of the model on disk, each whole; none is ever changed or removed. Bytes are described in `docs/formats/model-store.md`. */

import type { StatementSync } from 'node:sqlite';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { z } from 'zod';
import { DurableDatabase } from '../../../historian/ingest/durableDatabase.ts';
import type { AssetId, AssetModel, ModelTexts } from '../assetModel.ts';

export interface ModelVersion {
  /** From 1, without gaps, in the order in which they were applied. */
  readonly number: number;
  /** Since when it holds. */
  readonly effective: Timestamp;
  readonly applied: Timestamp;
  readonly by: string;
  readonly comment: string;
}

export const MODEL_FILE = 'model.sqlite';

/** The steps from each version of the tables to the next. */
export const MODEL_MIGRATIONS: readonly string[] = [
  `CREATE TABLE model_version (
    number INTEGER PRIMARY KEY,
    effective_at INTEGER NOT NULL,
    applied_at INTEGER NOT NULL,
    author TEXT NOT NULL,
    comment TEXT NOT NULL,
    texts BLOB NOT NULL
  ) STRICT;
  CREATE TABLE asset_path (
    asset TEXT NOT NULL,
    path TEXT NOT NULL,
    since_number INTEGER NOT NULL,
    PRIMARY KEY (asset, path)
  ) STRICT, WITHOUT ROWID;`,
];

/** A model directory is text that people write; more than this is none. */
const MAX_TEXT_BYTES = 512 * 1024 * 1024;
const textsSchema = z.record(z.string(), z.string());

interface VersionRow {
  readonly number: number;
  readonly effective_at: number;
  readonly applied_at: number;
  readonly author: string;
  readonly comment: string;
}

export class ModelVersions {
  readonly #database: DurableDatabase;
  readonly #textsOf: StatementSync;
  readonly #versions: ModelVersion[];

  private constructor(database: DurableDatabase, versions: ModelVersion[]) {
    this.#database = database;
    this.#versions = versions;
    this.#textsOf = database.prepare('SELECT texts FROM model_version WHERE number = ?');
  }

  /** Faults: those of `DurableDatabase.open`. */
  static open(path: string): Result<ModelVersions> {
    const opened = DurableDatabase.open(path, MODEL_MIGRATIONS);
    if (!opened.ok) return opened;
    const database = opened.value;
    const rows = database.read(
      () =>
        database
          .prepare('SELECT number, effective_at, applied_at, author, comment FROM model_version ORDER BY number')
          .all() as unknown as VersionRow[],
    );
    if (!rows.ok) {
      database.close();
      return rows;
    }
    const versions = rows.value.map(
      ({ number, effective_at, applied_at, author: by, comment }): ModelVersion => ({
        ...{ number, by, comment },
        effective: effective_at as Timestamp,
        applied: applied_at as Timestamp,
      }),
    );
    return success(new ModelVersions(database, versions));
  }

  /** In the order in which they were applied. */
  list(): readonly ModelVersion[] {
    return this.#versions;
  }

  /** Of those that hold since `time` or earlier the one that holds since last; of equals, the one applied last. */
  asOf(time: number): ModelVersion | undefined {
    let found: ModelVersion | undefined;
    for (const version of this.#versions) {
      if (version.effective <= time && (!found || version.effective >= found.effective)) found = version;
    }
    return found;
  }

  /** Faults: `model.damaged`, `archive.unwritable`. */
  texts(number: number): Result<ModelTexts> {
    const row = this.#database.read(() => this.#textsOf.get(number) as { texts: Uint8Array } | undefined);
    if (!row.ok) return row;
    const texts = row.value && decodeTexts(row.value.texts);
    return texts
      ? success(texts)
      : failure('model.damaged', `The texts of version ${number} of the model are damaged.`);
  }

  /** Durable when it returns, with the paths of its assets, or not there at all. Faults: `archive.full`, `archive.unwritable`. */
  add(version: Omit<ModelVersion, 'number'>, texts: ModelTexts, { assets }: AssetModel): Result<ModelVersion> {
    const added = { number: (this.#versions.at(-1)?.number ?? 0) + 1, ...version };
    const { number, effective, applied, by, comment } = added;
    const bytes = gzipSync(JSON.stringify(Object.fromEntries(texts)));
    const written = this.#database.transact(() => {
      this.#database
        .prepare('INSERT INTO model_version VALUES (?, ?, ?, ?, ?, ?)')
        .run(number, effective, applied, by, comment, bytes);
      const remember = this.#database.prepare('INSERT OR IGNORE INTO asset_path VALUES (?, ?, ?)');
      for (const { id, path } of assets.values()) remember.run(id, path, number);
    });
    if (!written.ok) return written;
    this.#versions.push(added);
    return success(added);
  }

  /** Every path that an asset has had in any version, the latest first. Fault: `archive.unwritable`. */
  paths(): Result<ReadonlyMap<AssetId, readonly string[]>> {
    return this.#database.read(() => {
      const paths = new Map<AssetId, string[]>();
      const rows = this.#database.prepare('SELECT asset, path FROM asset_path ORDER BY since_number DESC').iterate();
      for (const row of rows as Iterable<{ asset: string; path: string }>) {
        const known = paths.get(row.asset);
        if (known) known.push(row.path);
        else paths.set(row.asset, [row.path]);
      }
      return paths;
    });
  }

  close(): void {
    this.#database.close();
  }
}

function decodeTexts(bytes: Uint8Array): ModelTexts | undefined {
  try {
    const json: unknown = JSON.parse(gunzipSync(bytes, { maxOutputLength: MAX_TEXT_BYTES }).toString());
    const parsed = textsSchema.safeParse(json);
    return parsed.success ? new Map(Object.entries(parsed.data)) : undefined;
  } catch {
    // Neither gzip nor JSON says what it throws, and whatever it is, these bytes are no texts.
    return undefined;
  }
}
