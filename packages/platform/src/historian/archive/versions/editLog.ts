/**
 * Every change of history, in SQLite beside the archive: base samples stay as they came.
 *
 * Invariants:
 * - An edit that was answered is durable, as a whole; no row of one is ever changed or removed.
 * - Edits are recorded one after the other, each later than all samples that it was checked against.
 * - What an edit says of each sample (inserted, replaced) is what was there at the moment of its recording.
 */

import type { StatementSync } from 'node:sqlite';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { MetadataDatabase } from '../../ingest/metadataDatabase.ts';
import type { TagIndex } from '../../ingest/storedTag.ts';
import { valueAt } from '../sampleRun.ts';
import type { DeleteRangeRequest, DeleteTimesRequest, Edit, EditOutcome, EditRequest, WriteRequest } from './edit.ts';
import { EditExtents } from './editExtents.ts';
import { type EditExtent, EditReader } from './editReader.ts';
import { editRequestDefect } from './editRequestDefect.ts';
import type { TagEdits } from './tagEdits.ts';
import { type ReadBase, TimeLookup } from './timeLookup.ts';

export interface EditLogOptions {
  readonly database: MetadataDatabase;
  /** Says when an edit is recorded: the recording clock that stamps samples as well. */
  readonly stamp: () => Timestamp;
  readonly readBase: ReadBase;
}

/** What of an edit goes into the database. */
interface EditContent {
  /** Rows of the request that are written, in order of time, and whether there was no value at their time. */
  readonly rows: readonly number[];
  readonly inserted: readonly boolean[];
  /** Ranges that are deleted, in µs. */
  readonly deletions: readonly (readonly [start: number, end: number])[];
  readonly results: Uint32Array;
}

export class EditLog {
  readonly #options: EditLogOptions;
  readonly #reader: EditReader;
  readonly #extents: EditExtents;
  readonly #insertEdit: StatementSync;
  readonly #insertSample: StatementSync;
  readonly #insertDeletion: StatementSync;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: EditLogOptions) {
    const { database } = options;
    this.#options = options;
    this.#reader = new EditReader(database);
    this.#extents = new EditExtents(database);
    this.#insertEdit = database.prepare('INSERT INTO edit VALUES (NULL, ?, ?, ?, ?, ?, ?, ?) RETURNING edit');
    this.#insertSample = database.prepare('INSERT INTO edit_sample VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.#insertDeletion = database.prepare('INSERT INTO edit_deletion VALUES (?, ?, ?, ?)');
  }

  /** Whether an edit has anything to do with `tag` in `start <= time < end` (µs). Costs no I/O. */
  touches(tag: TagIndex, start: number, end: number): boolean {
    return this.#extents.touch(tag, start, end);
  }

  /** The tags that were ever edited. */
  editedTags(): readonly TagIndex[] {
    return this.#extents.tags();
  }

  /** What edits did to `tag` in `start <= time < end` (µs). Fault: `archive.unwritable`. */
  read(tag: TagIndex, start: number, end: number): Result<TagEdits> {
    return this.#reader.read(tag, start, end);
  }

  /** The edits recorded later than `time` (µs), oldest first, with the range of time that each touches. */
  since(time: number): Result<readonly EditExtent[]> {
    return this.#reader.since(time);
  }

  /**
   * Makes the change, as far as it is possible, and tells what became of each sample. Calls take effect one after the
   * other. Faults: `edit.invalid`, `archive.full`, `archive.unwritable`.
   */
  apply(request: EditRequest): Promise<Result<EditOutcome>> {
    const applied = this.#last.then(() => this.#apply(request));
    this.#last = applied.catch(() => {});
    return applied;
  }

  async #apply(request: EditRequest): Promise<Result<EditOutcome>> {
    const defect = editRequestDefect(request);
    if (defect !== undefined) return failure('edit.invalid', defect);
    const at = this.#options.stamp();
    const content = await this.#check(request, at);
    if (!content.ok) return content;
    const { results } = content.value;
    if (content.value.rows.length + content.value.deletions.length === 0) return success({ edit: undefined, results });
    const edit = this.#write(request, at, content.value);
    return edit.ok ? success({ edit: edit.value, results }) : edit;
  }

  #check(request: EditRequest, at: Timestamp): Promise<Result<EditContent>> {
    const lookup = new TimeLookup(this.#reader, this.#options.readBase, request.tag, at);
    if (request.kind !== 'delete') return checkWrite(request, lookup);
    return 'times' in request ? checkTimes(request, lookup) : checkRange(request, lookup);
  }

  #write(request: EditRequest, at: Timestamp, content: EditContent): Result<Edit> {
    const { tag, kind, by, reason } = request;
    const [first, last] = extentOf(request, content);
    let id = 0;
    const written = this.#options.database.transact(() => {
      ({ edit: id } = this.#insertEdit.get(tag, at, kind, by, reason, first, last) as { edit: number });
      for (const [start, end] of content.deletions) this.#insertDeletion.run(tag, start, end, id);
      if (request.kind !== 'delete') this.#writeSamples(id, request, content);
    });
    if (!written.ok) return written;
    this.#extents.add(tag, first, last);
    return success({ id, tag, kind, at, by, reason });
  }

  #writeSamples(id: number, { tag, samples }: WriteRequest, { rows, inserted }: EditContent): void {
    for (const [order, row] of rows.entries()) {
      const value = valueAt(samples, row);
      const wasEmpty = inserted[order] ? 1 : 0;
      // SQLite has no NaN and would take it for no value; the kind tells the two apart.
      const stored = Number.isNaN(value) ? null : value;
      const [time, sampleKind, status] = [samples.times[row], samples.kinds[row], samples.statuses[row]];
      this.#insertSample.run(tag, time, id, order, sampleKind, stored, status, wasEmpty);
    }
  }
}

async function checkWrite({ kind, samples }: WriteRequest, lookup: TimeLookup): Promise<Result<EditContent>> {
  const { times } = samples;
  const order = Uint32Array.from(times, (_, row) => row).sort((a, b) => times[a] - times[b] || a - b);
  const found = await lookup.exist(Float64Array.from(order, (row) => times[row]));
  if (!found.ok) return found;
  const results = new Uint32Array(times.length);
  const rows: number[] = [];
  const inserted: boolean[] = [];
  let lastWritten = Number.NaN;
  for (const [place, row] of order.entries()) {
    const exists = found.value[place] === 1 || times[row] === lastWritten;
    const isPossible = kind === 'update' || exists === (kind === 'replace');
    if (isPossible) {
      results[row] = exists ? STATUS.GoodEntryReplaced : STATUS.GoodEntryInserted;
      rows.push(row);
      inserted.push(!exists);
      lastWritten = times[row];
    } else {
      results[row] = exists ? STATUS.BadEntryExists : STATUS.BadNoEntryExists;
    }
  }
  return success({ rows, inserted, deletions: [], results });
}

async function checkTimes({ times }: DeleteTimesRequest, lookup: TimeLookup): Promise<Result<EditContent>> {
  const wanted = Float64Array.from(new Set(times)).sort();
  const found = await lookup.exist(wanted);
  if (!found.ok) return found;
  const deleted = new Set(wanted.filter((_, at) => found.value[at] === 1));
  return success({
    rows: [],
    inserted: [],
    deletions: Array.from(deleted, (time) => [time, time + 1] as const),
    results: Uint32Array.from(times, (time) => (deleted.has(time) ? STATUS.Good : STATUS.BadNoEntryExists)),
  });
}

async function checkRange(request: DeleteRangeRequest, lookup: TimeLookup): Promise<Result<EditContent>> {
  const { start } = request;
  const end = request.end === start ? start + 1 : request.end;
  const found = await lookup.existWithin(start, end);
  if (!found.ok) return found;
  return success({
    rows: [],
    inserted: [],
    deletions: found.value ? [[start, end]] : [],
    results: Uint32Array.of(found.value ? STATUS.Good : STATUS.BadNoData),
  });
}

/** The range of time that an edit touches, `first <= time < last`. */
function extentOf(request: EditRequest, { rows, deletions }: EditContent): readonly [first: number, last: number] {
  if (request.kind === 'delete') return [deletions[0][0], deletions[deletions.length - 1][1]];
  const { times } = request.samples;
  return [times[rows[0]], times[rows[rows.length - 1]] + 1];
}
