/**
 * The SQLite file beside the samples: tags, changes of history, annotations, each with all its earlier versions.
 *
 * Invariants, beside those of `DurableDatabase`:
 * - Who holds the file holds the whole data directory.
 * - No row that says what was known at a time is ever changed or removed.
 *
 * The tables are described in `docs/formats/metadata.md`.
 */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { DurableDatabase, openCurrent } from './durableDatabase.ts';
import { METADATA_MIGRATIONS } from './metadataMigrations.ts';

export class MetadataDatabase extends DurableDatabase {
  /** Faults as `DurableDatabase.open`. */
  static override open(path: string): Result<MetadataDatabase> {
    const opened = openCurrent(path, METADATA_MIGRATIONS);
    return opened.ok ? success(new MetadataDatabase(opened.value, path)) : opened;
  }

  /** The latest moment at which anything in here was recorded; `-Infinity` in an empty database. */
  lastRecordedAt(): number {
    const { latest } = this.prepare(
      `SELECT max(recorded_at) AS latest FROM (SELECT max(recorded_at) AS recorded_at FROM edit UNION ALL
          SELECT max(recorded_at) FROM tag_version UNION ALL SELECT max(recorded_at) FROM annotation)`,
    ).get() as { latest: number | null };
    return latest ?? Number.NEGATIVE_INFINITY;
  }
}
