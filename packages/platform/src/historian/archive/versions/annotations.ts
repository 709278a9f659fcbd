/**
 * Notes that people put to a tag's history (OPC UA Part 11, 5.1.2: text, user, time), in SQLite.
 *
 * A note that is changed or removed is a new version of it; no version is ever changed or removed.
 */

import type { StatementSync } from 'node:sqlite';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { MetadataDatabase } from '../../ingest/metadataDatabase.ts';
import type { TagIndex } from '../../ingest/storedTag.ts';

export interface Annotation {
  /** Stays through all versions. */
  readonly id: number;
  readonly tag: TagIndex;
  /** The time of the sample, or of the moment, that the note is about. */
  readonly time: Timestamp;
  readonly text: string;
  /** Who wrote this version, and when. */
  readonly by: string;
  readonly at: Timestamp;
}

/** A version of a note; its text is `undefined` where the note was removed. */
export interface AnnotationVersion extends Omit<Annotation, 'text'> {
  readonly text: string | undefined;
}

export interface NewAnnotation {
  readonly tag: TagIndex;
  readonly time: Timestamp;
  readonly text: string;
  readonly by: string;
}

interface AnnotationRow {
  readonly annotation: number;
  readonly recorded_at: number;
  readonly tag_index: TagIndex;
  readonly time: number;
  readonly author: string;
  readonly text: string | null;
}

/** The last version of each note that was known at a time, without those that were removed. */
const KNOWN = `FROM annotation AS known WHERE tag_index = ?1 AND time >= ?2 AND time < ?3 AND text IS NOT NULL
  AND recorded_at = (SELECT max(recorded_at) FROM annotation WHERE annotation = known.annotation AND recorded_at <= ?4)`;

export class Annotations {
  readonly #database: MetadataDatabase;
  readonly #stamp: () => Timestamp;
  readonly #insert: StatementSync;
  readonly #selectVersions: StatementSync;
  readonly #selectRange: StatementSync;
  readonly #selectTimes: StatementSync;
  #nextId: number;

  /** `stamp` says when a version is recorded, see `RecordingClock`. */
  constructor(database: MetadataDatabase, stamp: () => Timestamp) {
    this.#database = database;
    this.#stamp = stamp;
    this.#insert = database.prepare('INSERT INTO annotation VALUES (?, ?, ?, ?, ?, ?)');
    this.#selectVersions = database.prepare('SELECT * FROM annotation WHERE annotation = ? ORDER BY recorded_at');
    this.#selectRange = database.prepare(`SELECT * ${KNOWN} ORDER BY time, annotation`);
    this.#selectTimes = database.prepare(`SELECT time ${KNOWN} ORDER BY time`);
    const last = database.prepare('SELECT max(annotation) AS last FROM annotation').get() as { last: number | null };
    this.#nextId = (last.last ?? 0) + 1;
  }

  /** Faults: `edit.invalid` without a text or an author, `archive.full`, `archive.unwritable`. */
  add({ tag, time, text, by }: NewAnnotation): Result<Annotation> {
    if (text.trim() === '') return failure('edit.invalid', 'the annotation has no text');
    const written = this.#write({ id: this.#nextId, tag, time, text, by });
    if (written.ok) this.#nextId++;
    return written.ok ? success({ ...written.value, text }) : written;
  }

  /** Gives the note another text. Faults as `add`, and `annotation.unknown`. */
  change(id: number, text: string, by: string): Result<Annotation> {
    if (text.trim() === '') return failure('edit.invalid', 'the annotation has no text');
    const last = this.#last(id);
    if (!last.ok) return last;
    const written = this.#write({ ...last.value, text, by });
    return written.ok ? success({ ...written.value, text }) : written;
  }

  /** Faults as `change`. */
  remove(id: number, by: string): Result<AnnotationVersion> {
    const last = this.#last(id);
    return last.ok ? this.#write({ ...last.value, text: undefined, by }) : last;
  }

  /** The notes of `tag` with `start <= time < end` (µs), by time, as known at `knownAt`. Fault: `archive.unwritable`. */
  within(tag: TagIndex, start: number, end: number, knownAt = Number.POSITIVE_INFINITY): Result<readonly Annotation[]> {
    return this.#database.read(() => {
      const rows = this.#selectRange.all(tag, start, end, knownAt) as unknown as AnnotationRow[];
      return rows.map((row) => ({ ...versionOf(row), text: row.text ?? '' }));
    });
  }

  /** The times of those notes alone, ascending: what the aggregate AnnotationCount counts (Part 13). */
  times(tag: TagIndex, start: number, end: number, knownAt = Number.POSITIVE_INFINITY): Result<Float64Array> {
    return this.#database.read(() => {
      const rows = this.#selectTimes.all(tag, start, end, knownAt) as unknown as Pick<AnnotationRow, 'time'>[];
      return Float64Array.from(rows, ({ time }) => time);
    });
  }

  /** Every version of a note, oldest first; none where there never was such a note. Fault: `archive.unwritable`. */
  versions(id: number): Result<readonly AnnotationVersion[]> {
    return this.#database.read(() => {
      const rows = this.#selectVersions.all(id) as unknown as AnnotationRow[];
      return rows.map(versionOf);
    });
  }

  #last(id: number): Result<AnnotationVersion> {
    const versions = this.versions(id);
    if (!versions.ok) return versions;
    const last = versions.value.at(-1);
    if (last?.text === undefined) return failure('annotation.unknown', `there is no annotation ${id}`);
    return success(last);
  }

  #write(version: Omit<AnnotationVersion, 'at'>): Result<AnnotationVersion> {
    const { id, tag, time, by, text } = version;
    if (by.trim() === '') return failure('edit.invalid', 'the annotation does not say who made it');
    if (!Number.isSafeInteger(time)) return failure('edit.invalid', `${time} is no time in whole microseconds`);
    const at = this.#stamp();
    const written = this.#database.transact(() => this.#insert.run(id, at, tag, time, by, text ?? null));
    return written.ok ? success({ id, tag, time, text, by, at }) : written;
  }
}

function versionOf({ annotation, recorded_at, tag_index, time, author, text }: AnnotationRow): AnnotationVersion {
  return {
    id: annotation,
    tag: tag_index,
    time: time as Timestamp,
    text: text ?? undefined,
    by: author,
    at: recorded_at as Timestamp,
  };
}
