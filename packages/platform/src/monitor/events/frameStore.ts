/**
 * The event frames of all assets, in SQLite, with what people wrote about them.
 *
 * Invariants:
 * - A frame keeps its number through every derivation, and its notes with it.
 * - A frame that late data took away is hidden, not removed, as long as it has notes.
 */

import type { StatementSync } from 'node:sqlite';
import { type Timestamp, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { DurableDatabase } from '../../historian/ingest/durableDatabase.ts';
import type { AssetId } from '../../model/assets/assetModel.ts';
import type { FrameSpan } from './deriveSpans.ts';

const MIGRATIONS = [
  `CREATE TABLE frame (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     template TEXT NOT NULL,
     asset TEXT NOT NULL,
     start INTEGER NOT NULL,
     end INTEGER,
     uncertain INTEGER NOT NULL,
     parent INTEGER,
     figures TEXT NOT NULL,
     derived_at INTEGER NOT NULL,
     gone INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE INDEX frame_of ON frame (template, asset, start);
   CREATE INDEX frame_start ON frame (start);
   CREATE INDEX frame_parent ON frame (parent);
   CREATE INDEX frame_gone ON frame (id) WHERE gone = 1;
   CREATE TABLE note (id INTEGER PRIMARY KEY, frame INTEGER NOT NULL, at INTEGER NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL) STRICT;
   CREATE INDEX note_of ON note (frame);
   CREATE TABLE derived (template TEXT, asset TEXT, until INTEGER NOT NULL, PRIMARY KEY (template, asset)) STRICT, WITHOUT ROWID;`,
];

/** How far frames were derived is written so often where none has changed: after a start a little is derived again. */
const UNTIL_INTERVAL_US = 60 * US_PER_S;

/** A figure without a good value is `null`. */
export type FrameFigures = Readonly<Record<string, number | string | null>>;

/** A frame without a number has none yet. */
export interface NewFrame extends FrameSpan {
  readonly id: number | undefined;
  readonly template: string;
  readonly asset: AssetId;
  readonly parent: number | undefined;
  readonly figures: FrameFigures;
}

export interface KeptFrame extends NewFrame {
  readonly id: number;
  /** When its edges and figures were derived last. */
  readonly derivedAt: Timestamp;
  /** Whether late data took it away; it is there for its notes. */
  readonly gone: boolean;
}

export interface FrameNote {
  readonly id: number;
  readonly frame: number;
  readonly at: Timestamp;
  readonly by: string;
  readonly text: string;
}

export interface FrameQuestion {
  /** Frames that have a part in `start <= time < end` (µs). */
  readonly start: number;
  readonly end: number;
  /** Of these templates and assets only; of all where they are left out. */
  readonly templates?: readonly string[] | undefined;
  readonly assets?: readonly AssetId[] | undefined;
  /** Only those that lie within this one. */
  readonly parent?: number | undefined;
  /** Only those that go on, or that have ended. */
  readonly open?: boolean | undefined;
  /** Those that begin before this one, or with it and were derived before it. */
  readonly before?: FramePosition | undefined;
  /** The newest; frames that are gone are not asked for. */
  readonly limit: number;
}

/** Of one frame in the order of time. */
export interface FramePosition {
  readonly start: number;
  readonly id: number;
}

interface Row {
  readonly id: number;
  readonly template: string;
  readonly asset: string;
  readonly start: number;
  readonly end: number | null;
  readonly uncertain: number;
  readonly parent: number | null;
  readonly figures: string;
  readonly derived_at: number;
  readonly gone: number;
}

export class FrameStore {
  readonly #database: DurableDatabase;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  /** How far each template and asset was derived, as last written. */
  readonly #untilOf = new Map<string, number>();
  #revision = 0;

  private constructor(database: DurableDatabase) {
    this.#database = database;
    this.#insert = database.prepare(
      `INSERT INTO frame (template, asset, start, end, uncertain, parent, figures, derived_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#update = database.prepare(
      `UPDATE frame SET start = ?, end = ?, uncertain = ?, parent = ?, figures = ?, derived_at = ?, gone = 0 WHERE id = ?`,
    );
  }

  /** Faults as `DurableDatabase.open`. */
  static open(path: string): Result<FrameStore> {
    const database = DurableDatabase.open(path, MIGRATIONS);
    return database.ok ? success(new FrameStore(database.value)) : database;
  }

  /** Of one template and asset, those that have not ended before `from` (µs), in order of time. Fault: `archive.unwritable`. */
  since(template: string, asset: AssetId, from: number): Result<readonly KeptFrame[]> {
    const sql = `SELECT * FROM frame WHERE template = ? AND asset = ? AND gone = 0 AND (end IS NULL OR end >= ?) ORDER BY start`;
    return this.#database.read(() =>
      (this.#database.prepare(sql).all(template, asset, from) as unknown as Row[]).map(frameOf),
    );
  }

  /** Until when the frames of a template and asset have been derived; `undefined` where they never have. */
  derivedUntil(template: string, asset: AssetId): Result<number | undefined> {
    const sql = 'SELECT until FROM derived WHERE template = ? AND asset = ?';
    return this.#database.read(
      () => (this.#database.prepare(sql).get(template, asset) as { until: number } | undefined)?.until,
    );
  }

  /**
   * Keeps what was derived until `until` (µs), and hides what is no more; gives the frames as they are kept. Faults:
   * `archive.full`, `archive.unwritable`.
   */
  keep(
    of: { readonly template: string; readonly asset: AssetId; readonly until: number },
    frames: readonly NewFrame[],
    gone: readonly number[],
    at: Timestamp,
  ): Result<readonly KeptFrame[]> {
    const kept: KeptFrame[] = [];
    const name = `${of.template}\n${of.asset}`;
    const isNews = frames.length + gone.length > 0;
    if (!isNews && of.until - (this.#untilOf.get(name) ?? Number.NEGATIVE_INFINITY) < UNTIL_INTERVAL_US)
      return success(kept);
    const written = this.#database.transact(() => {
      for (const frame of frames) kept.push({ ...frame, id: this.#write(frame, at), derivedAt: at, gone: false });
      const hide = this.#database.prepare('UPDATE frame SET gone = 1, derived_at = ? WHERE id = ?');
      for (const id of gone) hide.run(at, id);
      this.#database.prepare('DELETE FROM frame WHERE gone = 1 AND id NOT IN (SELECT frame FROM note)').run();
      this.#database
        .prepare('INSERT OR REPLACE INTO derived VALUES (?, ?, ?)')
        .run(of.template, of.asset, Math.floor(of.until));
    });
    if (!written.ok) return written;
    this.#untilOf.set(name, of.until);
    if (isNews) this.#revision++;
    return success(kept);
  }

  /** Another number after any frame has changed. */
  get revision(): number {
    return this.#revision;
  }

  /** In order of time. Fault: `archive.unwritable`. */
  list({ start, end, templates, assets, parent, open, before, limit }: FrameQuestion): Result<readonly KeptFrame[]> {
    const conditions = ['gone = 0', 'start < ?', '(end IS NULL OR end >= ?)'];
    const given: (number | string)[] = [
      Math.min(end, Number.MAX_SAFE_INTEGER),
      Math.max(start, Number.MIN_SAFE_INTEGER),
    ];
    const demand = (condition: string, ...values: (number | string)[]) =>
      conditions.push(condition) && given.push(...values);
    if (templates) demand('template IN (SELECT value FROM json_each(?))', JSON.stringify(templates));
    if (assets) demand('asset IN (SELECT value FROM json_each(?))', JSON.stringify(assets));
    if (parent !== undefined) demand('parent = ?', parent);
    if (open !== undefined) demand(open ? 'end IS NULL' : 'end IS NOT NULL');
    if (before) demand('(start, id) < (?, ?)', before.start, before.id);
    const sql = `SELECT * FROM frame WHERE ${conditions.join(' AND ')} ORDER BY start DESC, id DESC LIMIT ?`;
    return this.#database.read(() =>
      (this.#database.prepare(sql).all(...given, limit) as unknown as Row[]).map(frameOf).reverse(),
    );
  }

  /** Faults: `frame.unknown`, `archive.unwritable`. */
  get(id: number): Result<KeptFrame> {
    const row = this.#database.read(
      () => this.#database.prepare('SELECT * FROM frame WHERE id = ?').get(id) as unknown as Row | undefined,
    );
    if (!row.ok) return row;
    return row.value ? success(frameOf(row.value)) : failure('frame.unknown', `There is no event frame ${id}.`);
  }

  /** Faults: `frame.unknown`, `archive.full`, `archive.unwritable`. */
  annotate(frame: number, by: string, text: string, at: Timestamp): Result<FrameNote> {
    const known = this.get(frame);
    if (!known.ok) return known;
    let id = 0;
    const written = this.#database.transact(() => {
      const sql = 'INSERT INTO note (frame, at, author, text) VALUES (?, ?, ?, ?)';
      id = Number(this.#database.prepare(sql).run(frame, at, by, text).lastInsertRowid);
    });
    return written.ok ? success({ id, frame, at, by, text }) : written;
  }

  /** Of one frame, in the order in which they were written. Fault: `archive.unwritable`. */
  notes(frame: number): Result<readonly FrameNote[]> {
    const sql = 'SELECT id, frame, at, author AS "by", text FROM note WHERE frame = ? ORDER BY id';
    return this.#database.read(() => this.#database.prepare(sql).all(frame) as unknown as FrameNote[]);
  }

  close(): void {
    this.#database.close();
  }

  #write({ id, template, asset, start, end, uncertain, parent, figures }: NewFrame, at: Timestamp): number {
    const [last, isUncertain, within, text] = [end ?? null, Number(uncertain), parent ?? null, JSON.stringify(figures)];
    if (id !== undefined) {
      this.#update.run(start, last, isUncertain, within, text, at, id);
      return id;
    }
    return Number(this.#insert.run(template, asset, start, last, isUncertain, within, text, at).lastInsertRowid);
  }
}

function frameOf({ id, template, asset, start, end, uncertain, parent, figures, derived_at, gone }: Row): KeptFrame {
  return {
    ...{ id, template, asset, start, end: end ?? undefined, uncertain: uncertain === 1, parent: parent ?? undefined },
    ...{ figures: JSON.parse(figures) as FrameFigures, derivedAt: derived_at as Timestamp, gone: gone === 1 },
  };
}
