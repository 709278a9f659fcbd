/**
 * Which tags there are, each with a number of this server's own; kept in SQLite, looked up in typed arrays.
 *
 * A tag is known by its gateway and id. Its index is assigned once, in a durable transaction, before any sample is stored
 * under it. Samples of a gateway's number that no definition has named yet get a placeholder tag, which the definition
 * completes when it comes: they may arrive before it. A gateway that has lost its own catalogue may use its numbers anew;
 * a tag whose number another one has got keeps its index and its history, and has no number (NULL) until it is named again.
 * A definition that changes is kept in all its versions; a tag that is renamed keeps id, index and history.
 * A tag that the policy does not declare has no number, nor has one whose path is another gateway's; and where there is a
 * policy, nor has one that nothing defines.
 */

import type { StatementSync } from 'node:sqlite';
import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import { type TagDefinition, tagPathDefect } from '@tidegate/core/sample/tag.ts';
import type { Admission, RefusalReason } from './admission.ts';
import { DefinitionAllowance, type DefinitionLimits } from './definitionAllowance.ts';
import { GatewayTags, placeholder, type RefusedDefinition } from './gatewayTags.ts';
import type { MetadataDatabase } from './metadataDatabase.ts';
import type { NumberMap } from './numberMap.ts';
import { StateNames } from './stateNames.ts';
import { SERVER_STREAM, type StoredTag, type TagIndex, type TagVersion } from './storedTag.ts';
import { TagClaims } from './tagClaims.ts';
import { definitionText, isSameTag, TagVersions, versionAsOf } from './tagVersions.ts';

/** What a tag of the server's own is made from: its index becomes its number, and its path its id. */
export type NewTag = Omit<TagDefinition, 'number' | 'id'>;

interface TagRow {
  readonly tag_index: number;
  readonly gateway: string;
  readonly number: number | null;
  readonly definition: string | null;
}

type Row = readonly [index: TagIndex, gateway: string, number: number | null, definition: string | null];

export interface CatalogueOptions {
  /** Which tags are taken; all, where it is left out. */
  readonly admission?: Admission;
  /** Of which paths several gateways may have a tag; of none, where it is left out. */
  readonly isShared?: (path: string) => boolean;
  readonly limits?: DefinitionLimits;
}

export class TagCatalogue {
  readonly #database: MetadataDatabase;
  readonly #stamp: () => number;
  readonly #write: StatementSync;
  readonly #versions: TagVersions;
  readonly admission: Admission | undefined;
  readonly #claims: TagClaims;
  readonly #allowance: DefinitionAllowance;
  readonly #tags: StoredTag[] = [];
  /** The code of the lane of each tag, by its index. */
  readonly laneOf: number[] = [];
  /** Indexes of tags that have samples and no definition yet. */
  readonly #placeholders = new Set<TagIndex>();
  readonly #gateways = new Map<string, GatewayTags>();
  #revision = 0;

  /**
   * The tags of `database`, which stays open when the catalogue is not used any more; `stamp` says when a definition is
   * recorded, see `RecordingClock`.
   */
  constructor(database: MetadataDatabase, stamp: () => number, options: CatalogueOptions = {}) {
    const { admission, isShared = () => false, limits } = options;
    this.admission = admission;
    this.#claims = new TagClaims(isShared);
    this.#allowance = new DefinitionAllowance(limits);
    this.#database = database;
    this.#stamp = stamp;
    this.#versions = new TagVersions(database);
    this.#write = database.prepare('INSERT OR REPLACE INTO tag VALUES (?, ?, ?, ?)');
    const rows = database.prepare('SELECT * FROM tag ORDER BY tag_index').all();
    for (const row of rows as unknown as TagRow[]) {
      const definition = row.definition === null ? undefined : (JSON.parse(row.definition) as TagDefinition);
      const tag = definition ?? placeholder(row.gateway, row.number ?? row.tag_index);
      this.#remember({ ...tag, index: row.tag_index, gateway: row.gateway }, !definition, row.number !== null);
      this.#allowance.count(row.gateway, { tags: 1, bytes: row.definition?.length ?? 0, written: 0 }, 0);
    }
    for (const gateway of this.#gateways.keys()) this.#claims.replace(gateway, this.#numberedPaths(gateway));
  }

  /** Every tag; the position of each is its index. */
  get tags(): readonly StoredTag[] {
    return this.#tags;
  }

  /** Another number after any tag has been added or defined anew. */
  get revision(): number {
    return this.#revision;
  }

  /** Whether there is no policy. */
  get isOpen(): boolean {
    return this.admission === undefined || this.admission.isOpen;
  }

  /** Whether the policy lets a tag cross. */
  admits(gateway: string, { path, lane }: Pick<TagDefinition, 'path' | 'lane'>): boolean {
    return this.admission === undefined || this.admission.admits(gateway, path, lane);
  }

  /** What a gateway has said of its tags. */
  gatewayTags(gateway: string): GatewayTags {
    let tags = this.#gateways.get(gateway);
    if (!tags) {
      tags = new GatewayTags();
      this.#gateways.set(gateway, tags);
    }
    return tags;
  }

  /** Whether `define` would change what a number stands for that samples may have been logged under. */
  renumbers(gateway: string, definitions: readonly TagDefinition[]): boolean {
    const { indexOfNumber, indexOfId } = this.gatewayTags(gateway);
    return definitions.some((definition) => {
      const index = indexOfId.get(definition.id);
      const holder = indexOfNumber.get(definition.number);
      if (this.#refusal(gateway, definition)) return holder !== undefined;
      return index === undefined ? holder !== undefined && !this.#placeholders.has(holder) : holder !== index;
    });
  }

  /**
   * Takes the complete list of a gateway's tags; tags that it no longer names are kept, for their history, and those that
   * it may not have are refused. Faults: `boundary.tags-limit`, and those of the database.
   */
  define(gateway: string, definitions: readonly TagDefinition[]): Result<void> {
    const known = this.gatewayTags(gateway);
    const { indexOfNumber, indexOfId } = known;
    const changed: StoredTag[] = [];
    const losers: StoredTag[] = [];
    const refused = new Map<number, RefusedDefinition>();
    const claimed: string[] = [];
    let end = this.#tags.length;
    for (const definition of definitions) {
      const holder = indexOfNumber.get(definition.number);
      const reason = this.#refusal(gateway, definition);
      if (reason) {
        refused.set(definition.number, { path: definition.path, lane: definition.lane, reason });
        if (holder !== undefined) losers.push(this.#tags[holder]);
        continue;
      }
      claimed.push(definition.path);
      const index = indexOfId.get(definition.id) ?? this.#placeholderAt(holder) ?? end++;
      const tag = { ...definition, index, gateway };
      if (holder === index && isSameTag(this.#tags[index], tag)) continue;
      if (holder !== undefined && holder !== index) losers.push(this.#tags[holder]);
      changed.push(tag);
    }
    const rows = losers.map((tag) => [tag.index, gateway, null, this.#definitionOf(tag)] as const);
    const stored = this.#store(rows, changed, gateway);
    if (!stored.ok) return stored;
    for (const number of refused.keys()) indexOfNumber.delete(number);
    known.refused = refused;
    for (const { path, lane, reason } of refused.values()) this.admission?.refused(gateway, path, lane, 0, reason);
    this.#claims.replace(gateway, claimed);
    for (const { index } of changed) this.#forgetNumber(index, indexOfNumber);
    for (const tag of changed) this.#remember(tag, false, true);
    return success(undefined);
  }

  /**
   * Makes tags of the server's own, all or none, in the order given. Faults: `tag.invalid`, and `tag.exists` where a tag
   * of any gateway has one of the paths, with its index in the detail.
   */
  create(definitions: readonly NewTag[], by: string): Result<readonly StoredTag[]> {
    const paths = new Set<string>();
    for (const { path } of definitions) {
      const defect = tagPathDefect(path);
      if (defect !== undefined) return failure('tag.invalid', `the path ${JSON.stringify(path)} ${defect}`);
      if (paths.has(path)) return failure('tag.invalid', `the path ${JSON.stringify(path)} stands twice`);
      paths.add(path);
    }
    const taken = this.#tags.find(({ path }) => paths.has(path));
    if (taken) return failure('tag.exists', `${taken.path} is tag ${taken.index}, of ${taken.gateway}`);
    const end = this.#tags.length;
    const tags = definitions.map((definition, at): StoredTag => {
      const index = end + at;
      return { ...definition, number: index, id: definition.path, index, gateway: SERVER_STREAM };
    });
    const stored = this.#store([], tags, by);
    if (!stored.ok) return stored;
    for (const tag of tags) this.#remember(tag, false, true);
    return success(tags);
  }

  /**
   * The index of the tag of each sample of `block`, in `memory`, which has room for them, or a new array. Fault:
   * `tag.unknown` where the server's own stream names a tag that is not there, `boundary.tags-limit` where a gateway names
   * too many, and those of the database.
   */
  resolve(gateway: string, block: SampleBlock, memory?: Uint32Array): Result<Uint32Array> {
    if (gateway === SERVER_STREAM) return this.#resolveOwn(block);
    const { indexOfNumber } = this.gatewayTags(gateway);
    const indexes = memory?.subarray(0, block.count) ?? new Uint32Array(block.count);
    if (indexOfNumber.translate(block.tags, block.count, indexes)) return success(indexes);
    const added = this.#addPlaceholders(gateway, indexOfNumber.missing(block.tags, block.count));
    if (!added.ok) return added;
    indexOfNumber.translate(block.tags, block.count, indexes);
    return success(indexes);
  }

  /** Whether tags have a number that may not cross (any more). */
  get hasStrangers(): boolean {
    return this.#strangers().length > 0;
  }

  /** Takes their numbers from those tags. What is logged under the numbers must be in a segment before. */
  expel(): Result<void> {
    const strangers = this.#strangers();
    const rows = strangers.map((tag) => [tag.index, tag.gateway, null, this.#definitionOf(tag)] as const);
    const stored = this.#store(rows, [], SERVER_STREAM);
    if (!stored.ok) return stored;
    for (const { index, gateway } of strangers) this.#forgetNumber(index, this.gatewayTags(gateway).indexOfNumber);
    return stored;
  }

  /** Every definition of a tag, oldest first. Fault: `archive.unwritable`. */
  versions(index: TagIndex): Result<readonly TagVersion[]> {
    return this.#versions.of(index);
  }

  /** How the tag was defined as far as was known at `time` (µs); `undefined` where nothing was. */
  definitionAsOf(index: TagIndex, time: number): Result<TagDefinition | undefined> {
    const versions = this.versions(index);
    return versions.ok ? success(versionAsOf(versions.value, time)?.definition) : versions;
  }

  /** The paths that the tag had and has no more, oldest first. */
  formerPaths(index: TagIndex): Result<readonly string[]> {
    const versions = this.versions(index);
    if (!versions.ok) return versions;
    const paths = new Set(versions.value.map(({ definition }) => definition.path));
    paths.delete(this.#tags[index]?.path);
    return success([...paths]);
  }

  /** The tags that have, or ever had, this path. */
  everAt(path: string): Result<readonly TagIndex[]> {
    return this.#versions.everAt(path);
  }

  /** What the values of a digital tag stand for, at any time. */
  stateNames(index: TagIndex): Result<StateNames> {
    const versions = this.versions(index);
    return versions.ok ? success(new StateNames(versions.value)) : versions;
  }

  /** Why a definition of a gateway is not taken; `undefined` where it is. */
  #refusal(gateway: string, definition: TagDefinition): RefusalReason | undefined {
    return (
      this.#claims.judge(gateway, definition.path) ?? (this.admits(gateway, definition) ? undefined : 'undeclared')
    );
  }

  /** What a gateway named when it was heard last, as far as is known. */
  #numberedPaths(gateway: string): string[] {
    const { indexOfNumber } = this.gatewayTags(gateway);
    return this.#tags
      .filter((tag) => tag.gateway === gateway && indexOfNumber.get(tag.number) === tag.index)
      .map(({ path }) => path);
  }

  #strangers(): StoredTag[] {
    if (this.isOpen) return [];
    return this.#tags.filter((tag) => {
      if (tag.gateway === SERVER_STREAM || this.admits(tag.gateway, tag)) return false;
      return this.gatewayTags(tag.gateway).indexOfNumber.get(tag.number) === tag.index;
    });
  }

  #resolveOwn({ tags, count }: SampleBlock): Result<Uint32Array> {
    const indexes = tags.slice(0, count);
    const unknown = indexes.find((index) => index >= this.#tags.length);
    return unknown === undefined ? success(indexes) : failure('tag.unknown', `an import names tag ${unknown}`);
  }

  #addPlaceholders(gateway: string, numbers: readonly number[]): Result<void> {
    const first = this.#tags.length;
    const tags = numbers.map((number, at) => ({ ...placeholder(gateway, number), index: first + at, gateway }));
    const rows = tags.map(({ index, number }) => [index, gateway, number, null] as const);
    const stored = this.#store(rows, [], gateway);
    if (stored.ok) for (const tag of tags) this.#remember(tag, true, true);
    return stored;
  }

  #placeholderAt(index: TagIndex | undefined): TagIndex | undefined {
    return index !== undefined && this.#placeholders.has(index) ? index : undefined;
  }

  #definitionOf(tag: StoredTag): string | null {
    return this.#placeholders.has(tag.index) ? null : definitionText(tag);
  }

  #forgetNumber(index: TagIndex, indexOfNumber: NumberMap): void {
    const number = this.#tags[index]?.number;
    if (number !== undefined && indexOfNumber.get(number) === index) indexOfNumber.delete(number);
  }

  /** Writes `rows` as they are, and `defined` each with a new version where it says something new; all of one gateway. */
  #store(rows: readonly Row[], defined: readonly StoredTag[], by: string): Result<void> {
    if (rows.length + defined.length === 0) return success(undefined);
    const recordedAt = this.#stamp();
    const gateway = defined[0]?.gateway ?? rows[0][1];
    const texts = defined.map(definitionText);
    const more = this.#growth(rows, defined, texts);
    const defect = gateway === SERVER_STREAM ? undefined : this.#allowance.defect(gateway, more, recordedAt);
    if (defect !== undefined) return failure('boundary.tags-limit', defect);
    const stored = this.#database.transact(() => {
      for (const row of rows) this.#write.run(...row);
      for (const [at, tag] of defined.entries()) {
        this.#write.run(tag.index, tag.gateway, tag.number, texts[at]);
        const before = this.#tags[tag.index];
        const isNew = !before || this.#placeholders.has(tag.index) || !isSameTag(before, tag);
        if (isNew) this.#versions.add(tag, recordedAt, by);
      }
    });
    if (stored.ok) this.#allowance.count(gateway, more, recordedAt);
    return stored;
  }

  /** What is kept more when they are stored. */
  #growth(rows: readonly Row[], defined: readonly StoredTag[], texts: readonly string[]) {
    const isNew = (index: TagIndex) => index >= this.#tags.length;
    const written = texts.reduce((sum, { length }) => sum + length, 0);
    const replaced = defined.filter(({ index }) => !isNew(index) && !this.#placeholders.has(index));
    const bytes = replaced.reduce((sum, { index }) => sum - definitionText(this.#tags[index]).length, written);
    const tags = defined.filter(({ index }) => isNew(index)).length + rows.filter(([index]) => isNew(index)).length;
    return { tags, bytes, written };
  }

  #remember(tag: StoredTag, isPlaceholder: boolean, hasNumber: boolean): void {
    const { indexOfNumber, indexOfId } = this.gatewayTags(tag.gateway);
    this.#tags[tag.index] = tag;
    this.laneOf[tag.index] = LANES.indexOf(tag.lane);
    this.#revision++;
    if (hasNumber) indexOfNumber.set(tag.number, tag.index);
    if (isPlaceholder) this.#placeholders.add(tag.index);
    else {
      this.#placeholders.delete(tag.index);
      indexOfId.set(tag.id, tag.index);
    }
  }
}
