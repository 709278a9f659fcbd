/** Every definition that a tag has ever had, with who gave it and when the server learned it. */

import type { StatementSync } from 'node:sqlite';
import type { Result } from '@tidegate/core/fault/fault.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import type { MetadataDatabase } from './metadataDatabase.ts';
import type { StoredTag, TagIndex, TagVersion } from './storedTag.ts';

interface VersionRow {
  readonly recorded_at: number;
  readonly author: string;
  readonly definition: string;
}

export class TagVersions {
  readonly #database: MetadataDatabase;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #selectByPath: StatementSync;

  constructor(database: MetadataDatabase) {
    this.#database = database;
    this.#insert = database.prepare('INSERT INTO tag_version VALUES (?, ?, ?, ?, ?)');
    this.#select = database.prepare(
      'SELECT recorded_at, author, definition FROM tag_version WHERE tag_index = ? ORDER BY recorded_at',
    );
    this.#selectByPath = database.prepare(
      'SELECT DISTINCT tag_index FROM tag_version WHERE path = ? ORDER BY tag_index',
    );
  }

  /** Within a transaction of the caller. `recordedAt` is later than that of every version of the tag. */
  add(tag: StoredTag, recordedAt: number, by: string): void {
    this.#insert.run(tag.index, recordedAt, by, tag.path, definitionText(tag));
  }

  /** Oldest first; none where the tag has never been defined. Fault: `archive.unwritable`. */
  of(index: TagIndex): Result<readonly TagVersion[]> {
    return this.#database.read(() => {
      const rows = this.#select.all(index) as unknown as VersionRow[];
      return rows.map(({ recorded_at, author, definition }) => ({
        recordedAt: recorded_at as TagVersion['recordedAt'],
        by: author,
        definition: JSON.parse(definition) as TagDefinition,
      }));
    });
  }

  /** The tags that have, or ever had, this path. Fault: `archive.unwritable`. */
  everAt(path: string): Result<readonly TagIndex[]> {
    return this.#database.read(() => {
      const rows = this.#selectByPath.all(path) as unknown as { tag_index: TagIndex }[];
      return rows.map(({ tag_index }) => tag_index);
    });
  }
}

/** The version that held at `time` (µs), of versions in order; `undefined` where none did yet. */
export function versionAsOf(versions: readonly TagVersion[], time: number): TagVersion | undefined {
  return versions.findLast(({ recordedAt }) => recordedAt <= time);
}

/** Whether two tags are one and the same, and defined alike. */
export function isSameTag(a: StoredTag, b: StoredTag): boolean {
  const sorted = (tag: StoredTag) => JSON.stringify(Object.entries(tag).sort(([x], [y]) => (x < y ? -1 : 1)));
  return sorted(a) === sorted(b);
}

/** The definition as it is kept: without what its row says already. */
export function definitionText({ index: _index, gateway: _gateway, ...definition }: StoredTag): string {
  return JSON.stringify(definition);
}
