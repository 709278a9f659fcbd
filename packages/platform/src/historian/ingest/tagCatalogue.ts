/**
 * Which tags there are, each with a number of this server's own; kept in SQLite, looked up in typed arrays.
 *
 * A tag is known by its gateway and id. Its index is assigned once, in a durable transaction, before any sample is stored
 * under it. Samples of a gateway's number that no definition has named yet get a placeholder tag, which the definition
 * completes when it comes: they may arrive before it. A gateway that has lost its own catalogue may use its numbers anew;
 * a tag whose number another one has got keeps its index and its history, and has no number (NULL) until it is named again.
 */

import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { NumberMap } from './numberMap.ts';
import type { StoredTag, TagIndex } from './storedTag.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS tag (
    tag_index INTEGER PRIMARY KEY,
    gateway TEXT NOT NULL,
    number INTEGER,
    definition TEXT
  ) STRICT`;
/** SQLite's own numbers of what can be wrong outside (https://www.sqlite.org/rescode.html). */
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

interface TagRow {
  readonly tag_index: number;
  readonly gateway: string;
  readonly number: number | null;
  readonly definition: string | null;
}

type Row = readonly [index: TagIndex, gateway: string, number: number | null, definition: string | null];

/** What is known of one gateway's tags. */
interface GatewayTags {
  readonly indexOfNumber: NumberMap;
  readonly indexOfId: Map<string, TagIndex>;
}

export class TagCatalogue {
  readonly #database: DatabaseSync;
  readonly #write: StatementSync;
  readonly #tags: StoredTag[] = [];
  /** Indexes of tags that have samples and no definition yet. */
  readonly #placeholders = new Set<TagIndex>();
  readonly #gateways = new Map<string, GatewayTags>();

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#write = database.prepare('INSERT OR REPLACE INTO tag VALUES (?, ?, ?, ?)');
    const rows = database.prepare('SELECT * FROM tag ORDER BY tag_index').all();
    for (const row of rows as unknown as TagRow[]) {
      const definition = row.definition === null ? undefined : (JSON.parse(row.definition) as TagDefinition);
      const tag = definition ?? placeholder(row.gateway, row.number ?? row.tag_index);
      this.#remember({ ...tag, index: row.tag_index, gateway: row.gateway }, !definition, row.number !== null);
    }
  }

  /** Holds the file for this process until it is closed. Faults: `archive.in-use`, `archive.full`, `archive.unwritable`. */
  static open(path: string): Result<TagCatalogue> {
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path);
      database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      database.exec(`BEGIN EXCLUSIVE; ${SCHEMA}; COMMIT`);
      return success(new TagCatalogue(database));
    } catch (error) {
      if (database?.isOpen) database.close();
      return { ok: false, fault: faultOf(error, path) };
    }
  }

  /** Every tag; the position of each is its index. */
  get tags(): readonly StoredTag[] {
    return this.#tags;
  }

  close(): void {
    this.#database.close();
  }

  /** Whether `define` would change what a number stands for that samples may have been logged under. */
  renumbers(gateway: string, definitions: readonly TagDefinition[]): boolean {
    const { indexOfNumber, indexOfId } = this.#gatewayTags(gateway);
    return definitions.some(({ id, number }) => {
      const index = indexOfId.get(id);
      const holder = indexOfNumber.get(number);
      return index === undefined ? holder !== undefined && !this.#placeholders.has(holder) : holder !== index;
    });
  }

  /** Takes the complete list of a gateway's tags; tags that it no longer names are kept, for their history. */
  define(gateway: string, definitions: readonly TagDefinition[]): Result<void> {
    const { indexOfNumber, indexOfId } = this.#gatewayTags(gateway);
    const changed: StoredTag[] = [];
    const losers: StoredTag[] = [];
    let end = this.#tags.length;
    for (const definition of definitions) {
      const holder = indexOfNumber.get(definition.number);
      const index = indexOfId.get(definition.id) ?? this.#placeholderAt(holder) ?? end++;
      const tag = { ...definition, index, gateway };
      if (holder === index && sameTag(this.#tags[index], tag)) continue;
      if (holder !== undefined && holder !== index) losers.push(this.#tags[holder]);
      changed.push(tag);
    }
    const stored = this.#store([
      ...losers.map((tag) => [tag.index, gateway, null, this.#definitionOf(tag)] as const),
      ...changed.map((tag) => [tag.index, gateway, tag.number, textOf(tag)] as const),
    ]);
    if (!stored.ok) return stored;
    for (const { index } of changed) this.#forgetNumber(index, indexOfNumber);
    for (const tag of changed) this.#remember(tag, false, true);
    return success(undefined);
  }

  /** The index of the tag of each sample of `block`, in a new array. */
  resolve(gateway: string, block: SampleBlock): Result<Uint32Array> {
    const { indexOfNumber } = this.#gatewayTags(gateway);
    const indexes = new Uint32Array(block.count);
    if (indexOfNumber.translate(block.tags, block.count, indexes)) return success(indexes);
    const added = this.#addPlaceholders(gateway, indexOfNumber.missing(block.tags, block.count));
    if (!added.ok) return added;
    indexOfNumber.translate(block.tags, block.count, indexes);
    return success(indexes);
  }

  #addPlaceholders(gateway: string, numbers: readonly number[]): Result<void> {
    const first = this.#tags.length;
    const tags = numbers.map((number, at) => ({ ...placeholder(gateway, number), index: first + at, gateway }));
    const stored = this.#store(tags.map(({ index, number }) => [index, gateway, number, null]));
    if (stored.ok) for (const tag of tags) this.#remember(tag, true, true);
    return stored;
  }

  #placeholderAt(index: TagIndex | undefined): TagIndex | undefined {
    return index !== undefined && this.#placeholders.has(index) ? index : undefined;
  }

  #definitionOf(tag: StoredTag): string | null {
    return this.#placeholders.has(tag.index) ? null : textOf(tag);
  }

  #forgetNumber(index: TagIndex, indexOfNumber: NumberMap): void {
    const number = this.#tags[index]?.number;
    if (number !== undefined && indexOfNumber.get(number) === index) indexOfNumber.delete(number);
  }

  #store(rows: readonly Row[]): Result<void> {
    if (rows.length === 0) return success(undefined);
    try {
      this.#database.exec('BEGIN');
      for (const row of rows) this.#write.run(...row);
      this.#database.exec('COMMIT');
      return success(undefined);
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      return { ok: false, fault: faultOf(error, 'the tag catalogue') };
    }
  }

  #remember(tag: StoredTag, isPlaceholder: boolean, hasNumber: boolean): void {
    const { indexOfNumber, indexOfId } = this.#gatewayTags(tag.gateway);
    this.#tags[tag.index] = tag;
    if (hasNumber) indexOfNumber.set(tag.number, tag.index);
    if (isPlaceholder) this.#placeholders.add(tag.index);
    else {
      this.#placeholders.delete(tag.index);
      indexOfId.set(tag.id, tag.index);
    }
  }

  #gatewayTags(gateway: string): GatewayTags {
    let tags = this.#gateways.get(gateway);
    if (!tags) {
      tags = { indexOfNumber: new NumberMap(), indexOfId: new Map() };
      this.#gateways.set(gateway, tags);
    }
    return tags;
  }
}

/** What is said of a tag of which nothing but its number is known. */
function placeholder(gateway: string, number: number): TagDefinition {
  const path = `${gateway}/undefined/${number}`;
  const description = 'The gateway has sent samples of this tag and no definition yet.';
  const shape = { type: 'number', lane: 'analytical', unit: '', stepped: true } as const;
  return { ...shape, number, id: path, path, description, aliases: [] };
}

/** The definition as it is kept: without what the row says already. */
function textOf({ index: _index, gateway: _gateway, ...definition }: StoredTag): string {
  return JSON.stringify(definition);
}

function sameTag(a: StoredTag, b: StoredTag): boolean {
  const sorted = (tag: StoredTag) => JSON.stringify(Object.entries(tag).sort(([x], [y]) => (x < y ? -1 : 1)));
  return sorted(a) === sorted(b);
}

function faultOf(error: unknown, path: string): Fault {
  const { errcode, message } = error as { errcode?: number; message: string };
  if (errcode === undefined) throw error;
  const detail = `${path}: ${message}`;
  if ((errcode & 0xff) === SQLITE_BUSY) return failure('archive.in-use', detail).fault;
  return failure((errcode & 0xff) === SQLITE_FULL ? 'archive.full' : 'archive.unwritable', detail).fault;
}
