/**
 * The learned models of all watches, in SQLite, with who brought each to where it stands.
 *
 * Invariants:
 * - What was learned never changes: only the state of a model does, and each change is kept with who made it, when and why.
 * - At most one model of a watch is active.
 * - A model that is not as it was written is a fault that names it, and scores nothing.
 */

import { hash } from 'node:crypto';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { LearnedProfile } from '@tidegate/health/profile/learnedProfile.ts';
import { profileFromJson } from '@tidegate/health/profile/profileFromJson.ts';
import { DurableDatabase } from '../../../historian/ingest/durableDatabase.ts';
import type { ModelCard, ModelState, ModelVersion } from './modelVersion.ts';
import { fromText, toText } from './numberText.ts';
import { type OnnxModel, onnxFromJson, onnxToJson } from './onnx/onnxModel.ts';
import { type SeenRows, seenRowsFromJson } from './seenRows.ts';

const MIGRATIONS = [
  `CREATE TABLE model (
     watch TEXT NOT NULL,
     number INTEGER NOT NULL,
     feature_version TEXT NOT NULL,
     learned_at INTEGER NOT NULL,
     learned_by TEXT NOT NULL,
     card TEXT NOT NULL,
     document TEXT NOT NULL,
     checksum TEXT NOT NULL,
     PRIMARY KEY (watch, number)
   ) STRICT;
   CREATE TRIGGER model_is_final BEFORE UPDATE ON model BEGIN SELECT RAISE(ABORT, 'a model never changes'); END;
   CREATE TRIGGER model_stays BEFORE DELETE ON model BEGIN SELECT RAISE(ABORT, 'a model is never removed'); END;
   CREATE TABLE standing (watch TEXT, number INTEGER, state TEXT NOT NULL, PRIMARY KEY (watch, number)) STRICT, WITHOUT ROWID;
   CREATE UNIQUE INDEX one_active ON standing (watch) WHERE state = 'active';
   CREATE TABLE change (
     id INTEGER PRIMARY KEY,
     watch TEXT NOT NULL,
     number INTEGER NOT NULL,
     state TEXT NOT NULL,
     at INTEGER NOT NULL,
     made_by TEXT NOT NULL,
     why TEXT NOT NULL
   ) STRICT;
   CREATE INDEX change_of ON change (watch, id);`,
];

const VERSIONS =
  'SELECT m.watch, m.number, s.state, m.learned_at, m.learned_by, m.card FROM model m JOIN standing s USING (watch, number)';

/** Models that have, or had, or could get a voice by themselves: one from elsewhere counts only where a person gave it one. */
const LAST_AND_FITTING = `
  SELECT max(m.number) AS last, sum(m.feature_version = ? AND (m.card ->> '$.onnx' IS NULL OR s.state = 'active')) AS fitting
  FROM model m JOIN standing s USING (watch, number) WHERE m.watch = ?`;

/** What learning comes to. */
export interface NewModel {
  readonly watch: string;
  readonly by: string;
  /** µs since 1970 UTC. */
  readonly learnedAt: number;
  readonly card: ModelCard;
  /** `LearnedProfile.toJson`, and the rows it was learned from in short. */
  readonly profile: unknown;
  readonly seen: SeenRows;
  readonly onnx?: OnnxModel | undefined;
}

/** What a model scores with. */
export interface ModelArtefact {
  readonly profile: LearnedProfile;
  readonly seen: SeenRows;
  /** Gives rows the score that the profile takes; `undefined` where it has its own. */
  readonly onnx: OnnxModel | undefined;
}

export interface ModelOrder {
  readonly watch: string;
  readonly number: number;
  readonly by: string;
  readonly why: string;
  /** µs since 1970 UTC. */
  readonly at: number;
}

/** One entry of the audit trail: the model was brought to this state. */
export interface ModelChange extends ModelOrder {
  readonly state: ModelState;
}

interface Row {
  readonly watch: string;
  readonly number: number;
  readonly state: ModelState;
  readonly learned_at: number;
  readonly learned_by: string;
  readonly card: string;
}

export class ModelRegistry {
  readonly #database: DurableDatabase;
  /** By watch, how often its models have changed. */
  readonly #revisions = new Map<string, number>();

  private constructor(database: DurableDatabase) {
    this.#database = database;
  }

  /** Faults as `DurableDatabase.open`. */
  static open(path: string): Result<ModelRegistry> {
    const database = DurableDatabase.open(path, MIGRATIONS);
    return database.ok ? success(new ModelRegistry(database.value)) : database;
  }

  /** Another number after a model of the watch has been added or brought to another state. */
  revisionOf(watch: string): number {
    return this.#revisions.get(watch) ?? 0;
  }

  /**
   * Of one watch, or of all, by watch and number. Faults: `archive.unwritable`, and of one watch `health.model-damaged`; of all, one
   * that is damaged is left out, as the others are sound.
   */
  list(watch?: string): Result<readonly ModelVersion[]> {
    const sql = `${VERSIONS} WHERE ? IN (m.watch, '') ORDER BY m.watch, m.number`;
    const rows = this.#database.read(() => this.#database.prepare(sql).all(watch ?? '') as unknown as Row[]);
    if (!rows.ok) return rows;
    const versions: ModelVersion[] = [];
    for (const row of rows.value) {
      const version = versionOf(row);
      if (version.ok) versions.push(version.value);
      else if (watch !== undefined) return version;
    }
    return success(versions);
  }

  /** Faults: `health.model-unknown`, and those of `list`. */
  get(watch: string, number: number): Result<ModelVersion> {
    const sql = `${VERSIONS} WHERE m.watch = ? AND m.number = ?`;
    const row = this.#database.read(() => this.#database.prepare(sql).get(watch, number) as unknown as Row | undefined);
    if (!row.ok) return row;
    return row.value ? versionOf(row.value) : unknownModel(watch, number);
  }

  /** Faults as `artefact`. */
  profile(watch: string, number: number): Result<LearnedProfile> {
    const artefact = this.artefact(watch, number);
    return artefact.ok ? success(artefact.value.profile) : artefact;
  }

  /** Faults: `health.model-unknown`, `health.model-damaged`, `archive.unwritable`. */
  artefact(watch: string, number: number): Result<ModelArtefact> {
    const sql = 'SELECT card, document, checksum FROM model WHERE watch = ? AND number = ?';
    const read = this.#database.read(
      () =>
        this.#database.prepare(sql).get(watch, number) as Record<'card' | 'document' | 'checksum', string> | undefined,
    );
    if (!read.ok) return read;
    if (!read.value) return unknownModel(watch, number);
    const { card, document, checksum } = read.value;
    if (checksumOf(watch, number, card, document) !== checksum) {
      return damagedModel(watch, number, 'its checksum does not fit');
    }
    const parts = JSON.parse(document) as Partial<Record<'profile' | 'seen' | 'onnx', unknown>>;
    const [learned, rows] = [profileFromJson(parts.profile), seenRowsFromJson(parts.seen)];
    const onnx = parts.onnx === undefined ? success(undefined) : onnxFromJson(parts.onnx);
    if (!learned.ok) return damagedModel(watch, number, learned.fault.detail);
    if (!rows.ok) return damagedModel(watch, number, rows.fault.detail);
    if (!onnx.ok) return damagedModel(watch, number, onnx.fault.detail);
    return success({ profile: learned.value, seen: rows.value, onnx: onnx.value });
  }

  /**
   * Keeps what was learned. The first model of a watch that has the features as they are becomes active by itself, because
   * nothing that fits has a voice; each further one is a shadow, and so is each that was learned elsewhere. Faults: `archive.full`, `archive.unwritable`.
   */
  add({ watch, by, learnedAt, card, profile, seen, onnx }: NewModel): Result<ModelVersion> {
    const document = JSON.stringify({ profile, seen, onnx: onnx && onnxToJson(onnx) });
    const cardText = toText(card);
    let [number, state]: [number, ModelState] = [0, 'shadow'];
    const written = this.#database.transact(() => {
      const { last, fitting } = this.#database.prepare(LAST_AND_FITTING).get(card.featureVersion, watch) as {
        readonly last: number | null;
        readonly fitting: number | null;
      };
      [number, state] = [(last ?? 0) + 1, fitting || onnx ? 'shadow' : 'active'];
      this.#database
        .prepare('INSERT INTO model VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
        .run(
          ...[watch, number, card.featureVersion, learnedAt, by],
          ...[cardText, document, checksumOf(watch, number, cardText, document)],
        );
      const why = state === 'active' ? 'the first with these features' : 'learned';
      if (state === 'active')
        this.#retireActive({ watch, number, by, at: learnedAt, why: `model ${number} is ${why}` });
      this.#setState({ watch, number, by, at: learnedAt, why }, state);
    });
    if (!written.ok) return written;
    this.#changed(watch);
    return success({ watch, number, state, learnedAt, by, card });
  }

  /**
   * Gives a shadow its voice, or a retired model its voice back; the model that had it is retired. Faults:
   * `health.model-unknown`, `health.model-damaged` (such a one is never promoted), `archive.full`, `archive.unwritable`.
   */
  promote(order: ModelOrder): Result<ModelVersion> {
    const artefact = this.artefact(order.watch, order.number);
    return artefact.ok ? this.#change(order, 'active') : artefact;
  }

  /** Takes a model its voice, or ends its life as a shadow. Faults as `get`, `archive.full`. */
  retire(order: ModelOrder): Result<ModelVersion> {
    return this.#change(order, 'retired');
  }

  /** Every change of state of the models of a watch, in the order in which they were made. Fault: `archive.unwritable`. */
  trail(watch: string): Result<readonly ModelChange[]> {
    const sql = 'SELECT watch, number, state, at, made_by AS "by", why FROM change WHERE watch = ? ORDER BY id';
    return this.#database.read(() => this.#database.prepare(sql).all(watch) as unknown as ModelChange[]);
  }

  close(): void {
    this.#database.close();
  }

  #change(order: ModelOrder, state: ModelState): Result<ModelVersion> {
    const before = this.get(order.watch, order.number);
    if (!before.ok || before.value.state === state) return before;
    const written = this.#database.transact(() => {
      if (state === 'active')
        this.#retireActive({ ...order, why: `model ${order.number} took its place: ${order.why}` });
      this.#setState(order, state);
    });
    if (!written.ok) return written;
    this.#changed(order.watch);
    return success({ ...before.value, state });
  }

  #changed(watch: string): void {
    this.#revisions.set(watch, this.revisionOf(watch) + 1);
  }

  #retireActive(order: ModelOrder): void {
    const sql = `SELECT number FROM standing WHERE watch = ? AND state = 'active'`;
    const active = this.#database.prepare(sql).get(order.watch) as { readonly number: number } | undefined;
    if (active) this.#setState({ ...order, number: active.number }, 'retired');
  }

  #setState({ watch, number, by, why, at }: ModelOrder, state: ModelState): void {
    this.#database.prepare('INSERT OR REPLACE INTO standing VALUES (?, ?, ?)').run(watch, number, state);
    this.#database
      .prepare('INSERT INTO change (watch, number, state, at, made_by, why) VALUES (?, ?, ?, ?, ?, ?)')
      .run(watch, number, state, at, by, why);
  }
}

function versionOf({ watch, number, state, learned_at, learned_by, card }: Row): Result<ModelVersion> {
  try {
    return success({ watch, number, state, learnedAt: learned_at, by: learned_by, card: fromText(card) as ModelCard });
  } catch {
    return damagedModel(watch, number, 'its card cannot be read');
  }
}

function checksumOf(watch: string, number: number, card: string, document: string): string {
  return hash('sha256', [watch, number, card, document].join('\n'));
}

function unknownModel(watch: string, number: number) {
  return failure('health.model-unknown', `The watch ${watch} has no model ${number}.`);
}

/** `what` may be a sentence with a stop of its own. */
function damagedModel(watch: string, number: number, what: string) {
  return failure(
    'health.model-damaged',
    `Model ${number} of the watch ${watch} is damaged: ${what.replace(/\.$/, '')}.`,
  );
}
