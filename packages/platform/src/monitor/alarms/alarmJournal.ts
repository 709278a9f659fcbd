/**
 * The journal of all alarms, in SQLite: of gateways, of this server, and of logs that were imported.
 *
 * Invariants:
 * - A record that is told twice is kept once: no alarm does the same twice within a microsecond.
 * - Records are given in the order of their own times; of one time in the order in which they came.
 * - No record is ever changed or removed.
 */

import type { StatementSync } from 'node:sqlite';
import type { AlarmRecord } from '@tidegate/core/alarm/alarmRecord.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { DurableDatabase } from '../../historian/ingest/durableDatabase.ts';
import { alarmKey, type JournalRecord } from './journalRecord.ts';

const MIGRATIONS = [
  `CREATE TABLE record (
     id INTEGER PRIMARY KEY,
     origin TEXT NOT NULL,
     alarm TEXT NOT NULL,
     time INTEGER NOT NULL,
     received INTEGER NOT NULL,
     happening TEXT NOT NULL,
     body TEXT NOT NULL,
     UNIQUE (origin, alarm, time, happening)
   ) STRICT;
   CREATE INDEX record_time ON record (time, id);
   CREATE TABLE kept_state (alarm TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
];

/** What is in columns of their own is not in the text. */
type Body = Omit<AlarmRecord, 'alarm' | 'time' | 'happening'>;

interface Row {
  readonly id: number;
  readonly origin: string;
  readonly alarm: string;
  readonly time: Timestamp;
  readonly received: Timestamp;
  readonly happening: AlarmRecord['happening'];
  readonly body: string;
}

type KeptStateRow = Pick<Row, 'alarm' | 'body'>;

export interface JournalQuestion {
  /** `start <= time < end`, µs. */
  readonly start: number;
  readonly end: number;
  /** Of one alarm only, and of one origin only. */
  readonly alarm?: string | undefined;
  readonly origin?: string | undefined;
  /** The newest first. */
  readonly descending?: boolean;
  readonly limit: number;
  /** Goes on behind the record that was the last of the page before. */
  readonly after?: JournalPosition | undefined;
}

export interface JournalPosition {
  readonly time: number;
  readonly id: number;
}

export interface JournalPage {
  readonly records: readonly JournalRecord[];
  /** Where the next page begins; `undefined` behind the last record. */
  readonly next: JournalPosition | undefined;
}

/** How an alarm of this server stands, as text that only its engine reads. */
export type KeptStates = ReadonlyMap<string, string>;

export class AlarmJournal {
  readonly #database: DurableDatabase;
  readonly #insert: StatementSync;
  readonly #keepState: StatementSync;
  #revision = 0;
  readonly #latest = new Map<string, JournalRecord>();

  private constructor(database: DurableDatabase) {
    this.#database = database;
    this.#insert = database.prepare(
      'INSERT OR IGNORE INTO record (origin, alarm, time, received, happening, body) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#keepState = database.prepare('INSERT OR REPLACE INTO kept_state VALUES (?, ?)');
    // Of records of one time the one that came last.
    const last = `SELECT record.* FROM record JOIN
      (SELECT origin, alarm, max(time) AS time FROM record GROUP BY origin, alarm) USING (origin, alarm, time) ORDER BY id`;
    for (const row of database.prepare(last).iterate()) this.#note(keptOf(row as unknown as Row));
  }

  /** Faults as `DurableDatabase.open`. */
  static open(path: string): Result<AlarmJournal> {
    const database = DurableDatabase.open(path, MIGRATIONS);
    return database.ok ? success(new AlarmJournal(database.value)) : database;
  }

  /** Another number after any record has been added. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * Keeps what is new of `records`, and `states` with them, durably and all at once; gives those that were new, in their order.
   * Faults: `archive.full`, `archive.unwritable`.
   */
  append(records: readonly JournalRecord[], states: KeptStates = new Map()): Result<readonly JournalRecord[]> {
    const added: JournalRecord[] = [];
    const written = this.#database.transact(() => {
      for (const record of records) {
        const { origin, alarm, time, received, happening, ...body } = record;
        const text = JSON.stringify(body satisfies Body);
        if (this.#insert.run(origin, alarm, time, received, happening, text).changes === 1) added.push(record);
      }
      for (const [alarm, body] of states) this.#keepState.run(alarm, body);
    });
    if (!written.ok) return written;
    for (const record of added) this.#note(record);
    if (added.length > 0) this.#revision++;
    return success(added);
  }

  /** As `append` kept them last. Fault: `archive.unwritable`. */
  states(): Result<KeptStates> {
    return this.#database.read(() => {
      const rows = this.#database.prepare('SELECT alarm, body FROM kept_state').all() as unknown as KeptStateRow[];
      return new Map(rows.map(({ alarm, body }) => [alarm, body]));
    });
  }

  /** Fault: `archive.unwritable`. */
  page({ start, end, alarm, origin, descending = false, limit, after }: JournalQuestion): Result<JournalPage> {
    const [order, behind] = descending ? ['DESC', '<'] : ['ASC', '>'];
    const conditions = ['time >= ?', 'time < ?'];
    const given: (number | string)[] = [start, end].map(withinSqlite);
    if (alarm !== undefined) conditions.push('alarm = ?') && given.push(alarm);
    if (origin !== undefined) conditions.push('origin = ?') && given.push(origin);
    if (after) conditions.push(`(time, id) ${behind} (?, ?)`) && given.push(after.time, after.id);
    const statement = `SELECT * FROM record WHERE ${conditions.join(' AND ')} ORDER BY time ${order}, id ${order} LIMIT ?`;
    return this.#database.read(() => {
      const rows = this.#database.prepare(statement).all(...given, limit + 1) as unknown as Row[];
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return { records: rows.slice(0, limit).map(keptOf), next: last && { time: last.time, id: last.id } };
    });
  }

  /** The last record of every alarm, by its own time. */
  latest(): IteratorObject<JournalRecord> {
    return this.#latest.values();
  }

  close(): void {
    this.#database.close();
  }

  #note(record: JournalRecord): void {
    const key = alarmKey(record);
    const last = this.#latest.get(key);
    if (!last || last.time <= record.time) this.#latest.set(key, record);
  }
}

function keptOf({ origin, alarm, time, received, happening, body }: Row): JournalRecord {
  return { ...(JSON.parse(body) as Body), origin, alarm, time, received, happening };
}

/** SQLite has no infinite integers. */
function withinSqlite(time: number): number {
  return Math.min(Math.max(time, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}
