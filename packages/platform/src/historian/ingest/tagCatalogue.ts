/**
 * Which tags there are, each with a number of this server's own; kept in SQLite, looked up in typed arrays.
 *
 * A tag is known by its gateway and id. Its index is assigned once, in a durable transaction, before any sample is stored
 * under it. Samples of a gateway's number that no definition has named yet get a placeholder tag, which the definition
 * completes when it comes: they may arrive before it. A gateway that has lost its own catalogue may use its numbers anew;
 * a tag whose number another one has got keeps its index and its history, and has no number (NULL) until it is named again.
 * A definition that changes is kept in all its versions; a tag that is renamed keeps id, index and history.
 * A tag that the policy does not declare has no number, and where there is a policy, nor has one that nothing defines.
 */

import type { StatementSync } from 'node:sqlite';
import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { StreamName } from '@tidegate/core/port/blockSink.ts';
import { LANES, type Lane } from '@tidegate/core/sample/lane.ts';
import { type TagDefinition, tagPathDefect } from '@tidegate/core/sample/tag.ts';
import type { Admission, BlockArrival } from './admission.ts';
import { blockRows } from './blockRows.ts';
import type { MetadataDatabase } from './metadataDatabase.ts';
import { NumberMap } from './numberMap.ts';
import { StateNames } from './stateNames.ts';
import { SERVER_STREAM, type StoredTag, type TagIndex, type TagVersion } from './storedTag.ts';
import { definitionText, TagVersions, versionAsOf } from './tagVersions.ts';

/** What a tag of the server's own is made from: its index becomes its number, and its path its id. */
export type NewTag = Omit<TagDefinition, 'number' | 'id'>;

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
  /** Those that the gateway has defined and that may not cross, by their number. */
  refused: ReadonlyMap<number, TagDefinition>;
  /** How many tags are kept of it, those that it names no more among them. */
  count: number;
}

/** A block without what may not cross. */
export interface AdmittedBlock {
  readonly block: SampleBlock;
  /** How many samples of which tag number were left out. */
  readonly leftOut: ReadonlyMap<number, number>;
  /** How many were left out for their rate, as `RateCut.refused`; absent where none were. */
  readonly overRate?: ReadonlyMap<number, number>;
}

/** Samples with the index of the tag of each. */
export interface ResolvedBlock {
  readonly admitted: AdmittedBlock;
  readonly tags: Uint32Array;
}

/** Tags are kept for ever: a gateway that names new ones without end must not fill the memory for all others. */
const MAX_TAGS_OF_GATEWAY = 500_000;

const NONE_LEFT_OUT: ReadonlyMap<number, number> = new Map();
const NONE_REFUSED: ReadonlyMap<number, TagDefinition> = new Map();

export class TagCatalogue {
  readonly #database: MetadataDatabase;
  readonly #stamp: () => number;
  readonly #write: StatementSync;
  readonly #versions: TagVersions;
  readonly #admission: Admission | undefined;
  readonly #maxTagsOfGateway: number;
  readonly #tags: StoredTag[] = [];
  /** The code of the lane of each tag, by its index. */
  readonly #laneOf: number[] = [];
  /** Indexes of tags that have samples and no definition yet. */
  readonly #placeholders = new Set<TagIndex>();
  readonly #gateways = new Map<string, GatewayTags>();
  #revision = 0;

  /**
   * The tags of `database`, which stays open when the catalogue is not used any more; `stamp` says when a definition is
   * recorded, see `RecordingClock`; `admission`, which tags are taken; `maxTagsOfGateway`, how many of each.
   */
  constructor(
    database: MetadataDatabase,
    stamp: () => number,
    admission?: Admission,
    maxTagsOfGateway = MAX_TAGS_OF_GATEWAY,
  ) {
    this.#admission = admission;
    this.#maxTagsOfGateway = maxTagsOfGateway;
    this.#database = database;
    this.#stamp = stamp;
    this.#versions = new TagVersions(database);
    this.#write = database.prepare('INSERT OR REPLACE INTO tag VALUES (?, ?, ?, ?)');
    const rows = database.prepare('SELECT * FROM tag ORDER BY tag_index').all();
    for (const row of rows as unknown as TagRow[]) {
      const definition = row.definition === null ? undefined : (JSON.parse(row.definition) as TagDefinition);
      const tag = definition ?? placeholder(row.gateway, row.number ?? row.tag_index);
      this.#remember({ ...tag, index: row.tag_index, gateway: row.gateway }, !definition, row.number !== null);
    }
  }

  /** Every tag; the position of each is its index. */
  get tags(): readonly StoredTag[] {
    return this.#tags;
  }

  /** Another number after any tag has been added or defined anew. */
  get revision(): number {
    return this.#revision;
  }

  /** Whether `define` would change what a number stands for that samples may have been logged under. */
  renumbers(gateway: string, definitions: readonly TagDefinition[]): boolean {
    const { indexOfNumber, indexOfId } = this.#gatewayTags(gateway);
    return definitions.some((definition) => {
      const index = indexOfId.get(definition.id);
      const holder = indexOfNumber.get(definition.number);
      if (!this.#admits(gateway, definition)) return holder !== undefined;
      return index === undefined ? holder !== undefined && !this.#placeholders.has(holder) : holder !== index;
    });
  }

  /**
   * Takes the complete list of a gateway's tags; tags that it no longer names are kept, for their history. Faults:
   * `boundary.tags` where they are too many, and those of the database.
   */
  define(gateway: string, definitions: readonly TagDefinition[]): Result<void> {
    const known = this.#gatewayTags(gateway);
    const { indexOfNumber, indexOfId } = known;
    const changed: StoredTag[] = [];
    const losers: StoredTag[] = [];
    const refused = new Map<number, TagDefinition>();
    let end = this.#tags.length;
    for (const definition of definitions) {
      const holder = indexOfNumber.get(definition.number);
      if (!this.#admits(gateway, definition)) {
        refused.set(definition.number, definition);
        if (holder !== undefined) losers.push(this.#tags[holder]);
        continue;
      }
      const index = indexOfId.get(definition.id) ?? this.#placeholderAt(holder) ?? end++;
      const tag = { ...definition, index, gateway };
      if (holder === index && sameTag(this.#tags[index], tag)) continue;
      if (holder !== undefined && holder !== index) losers.push(this.#tags[holder]);
      changed.push(tag);
    }
    const defect = this.#numberDefect(known, end - this.#tags.length);
    if (defect !== undefined) return failure('boundary.tags', defect);
    const rows = losers.map((tag) => [tag.index, gateway, null, this.#definitionOf(tag)] as const);
    const stored = this.#store(rows, changed, gateway);
    if (!stored.ok) return stored;
    for (const number of refused.keys()) indexOfNumber.delete(number);
    known.refused = refused;
    for (const { path, lane } of refused.values()) this.#admission?.refused(gateway, path, lane, 0);
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
   * The index of the tag of each sample of `block`, in a new array. Fault: `tag.unknown` where the server's own stream
   * names a tag that is not there, `boundary.tags` where a gateway names too many, and those of the database.
   */
  resolve(gateway: string, block: SampleBlock): Result<Uint32Array> {
    if (gateway === SERVER_STREAM) return this.#resolveOwn(block);
    const { indexOfNumber } = this.#gatewayTags(gateway);
    const indexes = new Uint32Array(block.count);
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
    for (const { index, gateway } of strangers) this.#forgetNumber(index, this.#gatewayTags(gateway).indexOfNumber);
    return stored;
  }

  /**
   * What of a gateway's block in `lane` may be stored. Where there is no policy that is all of it. A tag crosses in its own
   * lane; in another one only where the policy declares it there too, as for a backlog from before it changed its lane.
   */
  admit({ gateway, lane }: StreamName, block: SampleBlock): AdmittedBlock {
    const { indexOfNumber } = this.#gatewayTags(gateway);
    if (!this.#admission || gateway === SERVER_STREAM || this.#areOf(lane, indexOfNumber, block)) {
      return { block, leftOut: NONE_LEFT_OUT };
    }
    const rows: number[] = [];
    const leftOut = new Map<number, number>();
    const mayCross = new Map<number, boolean>();
    for (let row = 0; row < block.count; row++) {
      const number = block.tags[row];
      const isTaken = mayCross.get(number) ?? this.#mayCross(gateway, lane, number);
      mayCross.set(number, isTaken);
      if (isTaken) rows.push(row);
      else leftOut.set(number, (leftOut.get(number) ?? 0) + 1);
    }
    return { block: blockRows(block, rows), leftOut };
  }

  /** What of a gateway's samples is within the rates of their flows. */
  limit({ gateway }: StreamName, arrival: BlockArrival, resolved: ResolvedBlock): ResolvedBlock {
    if (!this.#admission || gateway === SERVER_STREAM) return resolved;
    const { admitted, tags } = resolved;
    const cut = this.#admission.withinRates(arrival, tags, this.#tags, this.#revision);
    if (!cut) return resolved;
    const block = blockRows(admitted.block, cut.rows);
    return {
      admitted: { ...admitted, block, overRate: cut.refused },
      tags: Uint32Array.from(cut.rows, (row) => tags[row]),
    };
  }

  /** Tells the admission what came of a block. */
  account({ gateway, lane }: StreamName, { leftOut, overRate }: AdmittedBlock, tags: Uint32Array): void {
    if (!this.#admission) return;
    if (overRate) this.#admission.exceeded(overRate);
    const { refused, indexOfNumber } = this.#gatewayTags(gateway);
    for (const [number, samples] of leftOut) {
      const known = this.#tags[indexOfNumber.get(number) ?? -1];
      const tag = refused.get(number) ?? { path: (known ?? placeholder(gateway, number)).path, lane };
      this.#admission.refused(gateway, tag.path, tag.lane, samples);
    }
    this.#admission.taken(tags, this.#tags, this.#revision);
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

  #admits(gateway: string, { path, lane }: TagDefinition): boolean {
    return this.#admission === undefined || this.#admission.admits(gateway, path, lane);
  }

  /** Whether all samples of a block are of tags that the gateway has defined in `lane`. */
  #areOf(lane: Lane, indexOfNumber: NumberMap, { tags, count }: SampleBlock): boolean {
    const code = LANES.indexOf(lane);
    for (let row = 0; row < count; row++) {
      const index = indexOfNumber.get(tags[row]);
      if (index === undefined || this.#laneOf[index] !== code) return false;
    }
    return true;
  }

  #mayCross(gateway: string, lane: Lane, number: number): boolean {
    const index = this.#gatewayTags(gateway).indexOfNumber.get(number);
    if (index === undefined) return false;
    const tag = this.#tags[index];
    return tag.lane === lane || this.#admits(gateway, { ...tag, lane });
  }

  #strangers(): StoredTag[] {
    if (!this.#admission) return [];
    return this.#tags.filter((tag) => {
      if (tag.gateway === SERVER_STREAM || this.#admits(tag.gateway, tag)) return false;
      return this.#gatewayTags(tag.gateway).indexOfNumber.get(tag.number) === tag.index;
    });
  }

  #resolveOwn({ tags, count }: SampleBlock): Result<Uint32Array> {
    const indexes = tags.slice(0, count);
    const unknown = indexes.find((index) => index >= this.#tags.length);
    return unknown === undefined ? success(indexes) : failure('tag.unknown', `an import names tag ${unknown}`);
  }

  #addPlaceholders(gateway: string, numbers: readonly number[]): Result<void> {
    const first = this.#tags.length;
    const defect = this.#numberDefect(this.#gatewayTags(gateway), numbers.length);
    if (defect !== undefined) return failure('boundary.tags', defect);
    const tags = numbers.map((number, at) => ({ ...placeholder(gateway, number), index: first + at, gateway }));
    const rows = tags.map(({ index, number }) => [index, gateway, number, null] as const);
    const stored = this.#store(rows, [], gateway);
    if (stored.ok) for (const tag of tags) this.#remember(tag, true, true);
    return stored;
  }

  #numberDefect({ count }: GatewayTags, added: number): string | undefined {
    const max = this.#maxTagsOfGateway;
    return count + added > max ? `${count} tags are kept, and ${added} would be new: ${max} are the most` : undefined;
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

  /** Writes `rows` as they are, and `defined` each with a new version where it says something new. */
  #store(rows: readonly Row[], defined: readonly StoredTag[], by: string): Result<void> {
    if (rows.length + defined.length === 0) return success(undefined);
    const recordedAt = this.#stamp();
    return this.#database.transact(() => {
      for (const row of rows) this.#write.run(...row);
      for (const tag of defined) {
        this.#write.run(tag.index, tag.gateway, tag.number, definitionText(tag));
        const before = this.#tags[tag.index];
        const isNew = !before || this.#placeholders.has(tag.index) || !sameTag(before, tag);
        if (isNew) this.#versions.add(tag, recordedAt, by);
      }
    });
  }

  #remember(tag: StoredTag, isPlaceholder: boolean, hasNumber: boolean): void {
    const known = this.#gatewayTags(tag.gateway);
    const { indexOfNumber, indexOfId } = known;
    if (this.#tags[tag.index] === undefined) known.count++;
    this.#tags[tag.index] = tag;
    this.#laneOf[tag.index] = LANES.indexOf(tag.lane);
    this.#revision++;
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
      tags = { indexOfNumber: new NumberMap(), indexOfId: new Map(), refused: NONE_REFUSED, count: 0 };
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

function sameTag(a: StoredTag, b: StoredTag): boolean {
  const sorted = (tag: StoredTag) => JSON.stringify(Object.entries(tag).sort(([x], [y]) => (x < y ? -1 : 1)));
  return sorted(a) === sorted(b);
}
