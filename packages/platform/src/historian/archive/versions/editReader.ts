/** Reads edits back from the database, as columns. */

import type { StatementSync } from 'node:sqlite';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import type { MetadataDatabase } from '../../ingest/metadataDatabase.ts';
import type { TagIndex } from '../../ingest/storedTag.ts';
import { blankRun } from '../sampleRun.ts';
import type { Edit, EditKind } from './edit.ts';
import { NO_EDITS, type TagEdits } from './tagEdits.ts';

/** An edit and the range of time (µs) that it touches. */
export interface EditExtent {
  readonly edit: Edit;
  readonly first: number;
  readonly last: number;
}

interface EditRow {
  readonly edit: number;
  readonly tag_index: TagIndex;
  readonly recorded_at: number;
  readonly kind: EditKind;
  readonly author: string;
  readonly reason: string;
  readonly first: number;
  readonly last: number;
}

type SampleRow = readonly [
  time: number,
  edit: number,
  kind: number,
  value: number | string | null,
  status: number,
  inserted: number,
];

type DeletionRow = readonly [start: number, end: number, edit: number];

export class EditReader {
  readonly #database: MetadataDatabase;
  readonly #selectEdits: StatementSync;
  readonly #selectSince: StatementSync;
  readonly #selectSamples: StatementSync;
  readonly #selectDeletions: StatementSync;

  constructor(database: MetadataDatabase) {
    this.#database = database;
    this.#selectEdits = database.prepare(
      'SELECT * FROM edit WHERE tag_index = ? AND first < ? AND last > ? ORDER BY edit',
    );
    this.#selectSince = database.prepare('SELECT * FROM edit WHERE recorded_at > ? ORDER BY edit');
    this.#selectSamples = database.prepare(
      `SELECT time, edit, kind, value, status, inserted FROM edit_sample
        WHERE tag_index = ? AND time >= ? AND time < ? ORDER BY time, edit, row`,
    );
    this.#selectDeletions = database.prepare(
      'SELECT start, "end", edit FROM edit_deletion WHERE tag_index = ? AND start < ? AND "end" > ? ORDER BY start, edit',
    );
    this.#selectSamples.setReturnArrays(true);
    this.#selectDeletions.setReturnArrays(true);
  }

  read(tag: TagIndex, start: number, end: number): Result<TagEdits> {
    return this.#database.read(() => {
      const edits = this.#selectEdits.all(tag, end, start) as unknown as EditRow[];
      if (edits.length === 0) return NO_EDITS;
      const position = new Map(edits.map(({ edit }, at) => [edit, at]));
      const samples = this.#selectSamples.all(tag, start, end) as unknown as SampleRow[];
      const deletions = this.#selectDeletions.all(tag, end, start) as unknown as DeletionRow[];
      return {
        edits: edits.map(editOf),
        ...columnsOf(samples, position),
        deletions: deletions.map(([from, to, edit]) => ({ start: from, end: to, edit: position.get(edit)! })),
      };
    });
  }

  since(time: number): Result<readonly EditExtent[]> {
    return this.#database.read(() => {
      const rows = this.#selectSince.all(time) as unknown as EditRow[];
      return rows.map((row) => ({ edit: editOf(row), first: row.first, last: row.last }));
    });
  }
}

function editOf({ edit, tag_index, recorded_at, kind, author, reason }: EditRow): Edit {
  return { id: edit, tag: tag_index, kind, at: recorded_at as Timestamp, by: author, reason };
}

function columnsOf(rows: readonly SampleRow[], position: ReadonlyMap<number, number>) {
  const strings: string[] = [];
  const indexes = new Map<string, number>();
  const samples = blankRun(rows.length, strings);
  const sampleEdits = new Uint32Array(rows.length);
  const inserted = new Uint8Array(rows.length);
  for (const [row, [time, edit, kind, value, status, wasEmpty]] of rows.entries()) {
    samples.times[row] = time;
    samples.kinds[row] = kind;
    samples.statuses[row] = status;
    sampleEdits[row] = position.get(edit)!;
    inserted[row] = wasEmpty;
    if (typeof value === 'number') samples.values[row] = value;
    else if (kind === ValueKind.number) samples.values[row] = Number.NaN;
    else if (typeof value === 'string') {
      let index = indexes.get(value);
      if (index === undefined) {
        index = strings.push(value) - 1;
        indexes.set(value, index);
      }
      samples.values[row] = index;
    }
  }
  return { samples, sampleEdits, inserted };
}
