/**
 * The cases of equipment health, in SQLite: as they stand, every change of them, the orders that wait to be taken, and photos.
 *
 * Invariants:
 * - What a person did, and every alert that said something new, is a row of the history that is never changed or removed.
 * - Of one watch and failure that has a name at most one case is not closed.
 * - An order is in the outbox from the moment in which its case says so until its case says that it was taken, or taken back.
 * - The numbers of an alert that said nothing new, and the days on which watches were judged, are in memory until `flush`: the history
 *   of scores has them all.
 * - A photo that the database knows has its bytes on disk.
 */

import type { StatementSync } from 'node:sqlite';
import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { DurableDatabase } from '../../../historian/ingest/durableDatabase.ts';
import type { Beginning } from './caseGroup.ts';
import { CASE_MIGRATIONS } from './caseTables.ts';
import { readCaseText, writeCaseText } from './caseText.ts';
import type { CaseChange, CasePhoto, CaseState, ChangeKind, HealthCase } from './healthCase.ts';
import { OrderOutbox } from './orders/orderOutbox.ts';
import { PhotoFiles } from './photos/photoFiles.ts';
import type { WorkOrder } from './workOrderPort.ts';

export type NewChange = Pick<CaseChange, 'at' | 'by' | 'kind' | 'why'>;

/** What happens to the outbox together with a change. */
export type OutboxEffect =
  | { readonly kind: 'send'; readonly order: WorkOrder; readonly port: string }
  | { readonly kind: 'done'; readonly key: string };

export interface CaseQuestion {
  readonly states?: readonly CaseState[] | undefined;
  readonly watch?: string | undefined;
  /** Of watches of this name, of whatever asset. */
  readonly watchName?: string | undefined;
  /** Only those with a smaller number: the next page. */
  readonly before?: number | undefined;
  /** All of them where it is left out. */
  readonly limit?: number | undefined;
}

/** How many cases there are: `snoozed` are those of `open` and `ordered` that are set aside for a time. */
export interface CaseCounts extends Readonly<Record<CaseState, number>> {
  readonly snoozed: number;
}

/** On how many days of UTC a watch was judged, as far as cases know. */
export interface WatchedDays {
  readonly watch: string;
  readonly asset: string;
  readonly days: number;
}

interface ChangeRow {
  readonly id: number;
  readonly number: number;
  readonly at: number;
  readonly by: string;
  readonly kind: ChangeKind;
  readonly why: string;
  readonly body: string;
}

const CHANGES = 'SELECT id, number, at, author AS "by", kind, why, body FROM change WHERE number = ?';

export const MAX_PHOTOS_PER_CASE = 50;

export class CaseStore {
  readonly outbox: OrderOutbox;
  readonly #database: DurableDatabase;
  readonly #files: PhotoFiles;
  readonly #statements = new Map<string, StatementSync>();
  readonly #update: StatementSync;
  readonly #insertChange: StatementSync;
  /** By watch, the last day that was noted. */
  readonly #dayOf = new Map<string, number>();
  /** Days on which a watch was judged that are not written yet. */
  #judged: { readonly watch: string; readonly day: number; readonly asset: string }[] = [];
  /** Cases whose newest numbers are not written yet. */
  readonly #fresh = new Map<number, HealthCase>();
  #revision = 0;

  private constructor(database: DurableDatabase, files: PhotoFiles) {
    this.#database = database;
    this.#files = files;
    this.outbox = new OrderOutbox(database);
    this.#update = database.prepare('UPDATE health_case SET state = ?, failure = ?, body = ? WHERE number = ?');
    this.#insertChange = database.prepare(
      'INSERT INTO change (number, at, author, kind, why, body) VALUES (?, ?, ?, ?, ?, ?)',
    );
  }

  /** Photos are in a directory beside `path`, named after it. Faults as `DurableDatabase.open`. */
  static open(path: string): Result<CaseStore> {
    const database = DurableDatabase.open(path, CASE_MIGRATIONS);
    return database.ok ? success(new CaseStore(database.value, new PhotoFiles(photoDirectory(path)))) : database;
  }

  /** Another number after any case has changed. */
  get revision(): number {
    return this.#revision;
  }

  /** Faults: `health.case-unknown`, `archive.unwritable`. */
  get(number: number): Result<HealthCase> {
    const row = this.#database.read(() =>
      this.#database.prepare('SELECT body FROM health_case WHERE number = ?').get(number),
    );
    if (!row.ok) return row;
    if (!row.value) return failure('health.case-unknown', `There is no case ${number}.`);
    return success(this.#fresh.get(number) ?? readCaseText<HealthCase>((row.value as { body: string }).body));
  }

  /** The newest first. Fault: `archive.unwritable`. */
  list({ states, watch, watchName, before, limit = -1 }: CaseQuestion): Result<readonly HealthCase[]> {
    const conditions = ['1'];
    const given: (number | string)[] = [];
    if (states) conditions.push('state IN (SELECT value FROM json_each(?))') && given.push(JSON.stringify(states));
    if (watch !== undefined) conditions.push('watch = ?') && given.push(watch);
    if (watchName !== undefined) {
      const ending = `/${watchName}`;
      conditions.push('substr(watch, ?) = ?') && given.push(-ending.length, ending);
    }
    if (before !== undefined) conditions.push('number < ?') && given.push(before);
    const sql = `SELECT number, body FROM health_case WHERE ${conditions.join(' AND ')} ORDER BY number DESC LIMIT ?`;
    return this.#database.read(() => {
      const rows = this.#prepared(sql).all(...given, limit) as { number: number; body: string }[];
      return rows.map(({ number, body }) => this.#fresh.get(number) ?? readCaseText<HealthCase>(body));
    });
  }

  /** Of all cases; `now` (µs) ends snoozing. Fault: `archive.unwritable`. */
  counts(now: number): Result<CaseCounts> {
    const byState = 'SELECT state, count(*) AS cases FROM health_case GROUP BY state';
    const snoozed = `SELECT count(*) AS cases FROM health_case
      WHERE state IN ('open', 'ordered') AND json_extract(body, '$.snoozedUntil') > ?`;
    return this.#database.read(() => {
      const states = this.#prepared(byState).all() as { state: CaseState; cases: number }[];
      const counted = Object.fromEntries(states.map(({ state, cases }) => [state, cases]));
      const resting = this.#prepared(snoozed).get(now) as { cases: number };
      return { open: 0, ordered: 0, closed: 0, ...counted, snoozed: resting.cases };
    });
  }

  /** Of whatever became of them, those that were opened not more than `withinUs` from `at` (µs). Fault: `archive.unwritable`. */
  openedNear(at: number, withinUs: number): Result<readonly Beginning[]> {
    const sql = `SELECT asset_path AS assetPath, coalesce(began_with, number) AS first
      FROM health_case WHERE opened_at BETWEEN ? AND ?`;
    return this.#database.read(
      () => this.#prepared(sql).all(Math.floor(at - withinUs), Math.ceil(at + withinUs)) as unknown as Beginning[],
    );
  }

  /** All that was done with a case, in that order. Faults: `health.case-unknown`, `archive.unwritable`. */
  history(number: number): Result<readonly CaseChange[]> {
    const sql = `${CHANGES} ORDER BY id`;
    const rows = this.#database.read(() => this.#database.prepare(sql).all(number) as unknown as ChangeRow[]);
    if (!rows.ok) return rows;
    if (rows.value.length === 0) return failure('health.case-unknown', `There is no case ${number}.`);
    return success(rows.value.map(changeOf));
  }

  /** The newest of these kinds; `undefined` where there is none. Fault: `archive.unwritable`. */
  lastChange(number: number, kinds: readonly ChangeKind[]): Result<CaseChange | undefined> {
    const sql = `${CHANGES} AND kind IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT 1`;
    return this.#database.read(() => {
      const row = this.#prepared(sql).get(number, JSON.stringify(kinds)) as unknown as ChangeRow | undefined;
      return row && changeOf(row);
    });
  }

  /** Gives the case its number. Faults: `archive.full`, `archive.unwritable`. */
  add(opened: Omit<HealthCase, 'number'>, change: NewChange): Result<HealthCase> {
    return this.#transact(() => {
      const insert = this.#database.prepare(
        `INSERT INTO health_case (watch, state, failure, body, opened_at, asset_path, began_with)
         VALUES (?, ?, ?, '', ?, ?, ?)`,
      );
      const { watch, state, reasons, openedAt, assetPath, beganWith } = opened;
      const beginning = [Math.floor(openedAt), assetPath, beganWith ?? null] as const;
      const row = insert.run(watch, state, reasons.failure ?? '', ...beginning);
      return this.#write({ ...opened, number: Number(row.lastInsertRowid) }, change);
    });
  }

  /** Keeps how a case stands after a change, the change itself, and what it does to the outbox. Faults as `add`. */
  change(after: HealthCase, change: NewChange, effects: readonly OutboxEffect[] = []): Result<HealthCase> {
    const changed = this.#transact(() => {
      for (const effect of effects) {
        if (effect.kind === 'send') this.outbox.put(effect.order, effect.port);
        else this.outbox.remove(effect.key);
      }
      return this.#write(after, change);
    });
    if (changed.ok) this.#fresh.delete(after.number);
    return changed;
  }

  /** Takes the numbers of an alert that says nothing new, for `flush` to write. */
  refresh(after: HealthCase): HealthCase {
    this.#fresh.set(after.number, after);
    this.#revision++;
    return after;
  }

  /** Writes what was refreshed. Faults as `add`; then it is written another time. */
  flush(): Result<void> {
    if (this.#fresh.size === 0 && this.#judged.length === 0) return success(undefined);
    const written = this.#database.transact(() => {
      for (const one of this.#fresh.values()) this.#write(one, undefined);
      const note = this.#prepared('INSERT OR IGNORE INTO watched VALUES (?, ?, ?)');
      for (const { watch, day, asset } of this.#judged) note.run(watch, day, asset);
    });
    if (!written.ok) return written;
    this.#fresh.clear();
    this.#judged = [];
    return written;
  }

  /** Notes that a watch was judged at `at` (µs), for `flush` to write: of that the rate of false cases is reckoned. */
  noteJudged(watch: string, asset: string, at: number): void {
    const day = Math.floor(at / US_PER_DAY);
    if (this.#dayOf.get(watch) === day) return;
    this.#dayOf.set(watch, day);
    this.#judged.push({ watch, day, asset });
  }

  /** Of days that begin in `start <= time < end` (µs). Fault: `archive.unwritable`. */
  judgedDays(start: number, end: number): Result<readonly WatchedDays[]> {
    const sql =
      'SELECT watch, asset, count(*) AS days FROM watched WHERE day >= ? AND day < ? GROUP BY watch, asset ORDER BY watch';
    const [first, last] = [start, end].map((time) => Math.ceil(withinSqlite(time) / US_PER_DAY));
    // What cannot be written now is not counted yet.
    this.flush();
    return this.#database.read(() => this.#database.prepare(sql).all(first, last) as unknown as WatchedDays[]);
  }

  /** Faults: `health.case-unknown`, `health.photo-refused`, `archive.full`, `archive.unwritable`. */
  async addPhoto(number: number, bytes: Uint8Array, by: string, at: number): Promise<Result<CasePhoto>> {
    const known = this.photos(number);
    if (!known.ok) return known;
    if (known.value.length >= MAX_PHOTOS_PER_CASE) {
      return failure('health.photo-refused', `Case ${number} has ${MAX_PHOTOS_PER_CASE} photos, and may have no more.`);
    }
    const kept = await this.#files.keep(bytes);
    if (!kept.ok) return kept;
    const present = this.get(number);
    if (!present.ok) return present;
    const photo: CasePhoto = { case: number, ...kept.value, by, at };
    const { name, mediaType } = photo;
    const written = this.#transact(() => {
      const insert = this.#database.prepare('INSERT OR IGNORE INTO photo VALUES (?, ?, ?, ?, ?, ?)');
      const isNew = insert.run(number, name, mediaType, photo.bytes, by, Math.floor(at)).changes === 1;
      if (isNew) this.#write(present.value, { at, by, kind: 'photo', why: name });
    });
    return written.ok ? success(photo) : written;
  }

  /** In the order in which they came. Faults: `health.case-unknown`, `archive.unwritable`. */
  photos(number: number): Result<readonly CasePhoto[]> {
    const known = this.get(number);
    if (!known.ok) return known;
    const sql = `SELECT number AS "case", name, media_type AS mediaType, bytes, author AS "by", at
      FROM photo WHERE number = ? ORDER BY at, name`;
    return this.#database.read(() => this.#database.prepare(sql).all(number) as unknown as CasePhoto[]);
  }

  /** Faults: `health.case-unknown`, `health.photo-unknown`, `archive.unwritable`. */
  async photo(number: number, name: string): Promise<Result<{ photo: CasePhoto; bytes: Uint8Array }>> {
    const known = this.photos(number);
    if (!known.ok) return known;
    const photo = known.value.find((candidate) => candidate.name === name);
    if (!photo) return failure('health.photo-unknown', `Case ${number} has no such photo.`);
    const bytes = await this.#files.read(photo.name);
    return bytes.ok ? success({ photo, bytes: bytes.value }) : bytes;
  }

  close(): void {
    this.flush();
    this.#database.close();
  }

  /** What each row of a watch asks is prepared once. */
  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  #transact<T>(work: () => T): Result<T> {
    let done: T | undefined;
    const written = this.#database.transact(() => {
      done = work();
    });
    if (!written.ok) return written;
    this.#revision++;
    return success(done as T);
  }

  #write(after: HealthCase, change: NewChange | undefined): HealthCase {
    const body = writeCaseText(after);
    this.#update.run(after.state, after.reasons.failure ?? '', body, after.number);
    if (change) {
      this.#insertChange.run(after.number, Math.floor(change.at), change.by, change.kind, change.why, body);
    }
    return after;
  }
}

function changeOf({ number, body, ...row }: ChangeRow): CaseChange {
  return { ...row, case: number, after: readCaseText<HealthCase>(body) };
}

function photoDirectory(path: string): string {
  return `${path.replace(/\.sqlite$/, '')}-photos`;
}

/** SQLite has no infinite integers. */
function withinSqlite(time: number): number {
  return Math.min(Math.max(time, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}
