/**
 * Which tags there are, each with a number of this server's own; kept in SQLite, looked up in typed arrays.
 *
 * A tag is known by its gateway and id. Its index is assigned once, in a durable transaction, before any sample is stored
 * under it. Samples of a gateway's number that no definition has named yet get a placeholder tag, which the definition
 * completes when it comes: they may arrive before it.
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
    number INTEGER NOT NULL,
    definition TEXT
  ) STRICT`;
/** SQLite's own numbers of what can be wrong outside (https://www.sqlite.org/rescode.html). */
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

interface TagRow {
  readonly tag_index: number;
  readonly gateway: string;
  readonly number: number;
  readonly definition: string | null;
}

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
      this.#remember(row.tag_index, row.gateway, definition ?? placeholder(row.gateway, row.number), !definition);
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

  /** Takes the complete list of a gateway's tags; tags that it no longer names are kept, for their history. */
  define(gateway: string, definitions: readonly TagDefinition[]): Result<void> {
    const { indexOfNumber, indexOfId } = this.#gatewayTags(gateway);
    const changes: StoredTag[] = [];
    let end = this.#tags.length;
    for (const definition of definitions) {
      const index = indexOfId.get(definition.id) ?? this.#placeholderAt(indexOfNumber.get(definition.number)) ?? end++;
      const tag = { ...definition, index, gateway };
      const isKnown = index < this.#tags.length && sameTag(this.#tags[index], tag);
      if (!isKnown) changes.push(tag);
      else indexOfNumber.set(definition.number, index);
    }
    const stored = this.#store(changes.map((tag) => [tag, definitionOf(tag)]));
    if (!stored.ok) return stored;
    for (const tag of changes) this.#remember(tag.index, gateway, tag, false);
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
    const stored = this.#store(tags.map((tag) => [tag, null]));
    if (stored.ok) for (const tag of tags) this.#remember(tag.index, gateway, tag, true);
    return stored;
  }

  #placeholderAt(index: TagIndex | undefined): TagIndex | undefined {
    return index !== undefined && this.#placeholders.has(index) ? index : undefined;
  }

  #store(rows: readonly (readonly [tag: StoredTag, definition: string | null])[]): Result<void> {
    if (rows.length === 0) return success(undefined);
    try {
      this.#database.exec('BEGIN');
      for (const [{ index, gateway, number }, definition] of rows) this.#write.run(index, gateway, number, definition);
      this.#database.exec('COMMIT');
      return success(undefined);
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      return { ok: false, fault: faultOf(error, 'the tag catalogue') };
    }
  }

  #remember(index: TagIndex, gateway: string, definition: TagDefinition, isPlaceholder: boolean): void {
    const { indexOfNumber, indexOfId } = this.#gatewayTags(gateway);
    this.#tags[index] = { ...definition, index, gateway };
    indexOfNumber.set(definition.number, index);
    if (isPlaceholder) this.#placeholders.add(index);
    else {
      this.#placeholders.delete(index);
      indexOfId.set(definition.id, index);
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
function definitionOf({ index: _index, gateway: _gateway, ...definition }: StoredTag): string {
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
