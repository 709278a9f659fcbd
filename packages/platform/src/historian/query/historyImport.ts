/**
 * Brings history in that no gateway sent: from files, from other historians. It goes the way of the gateways' blocks, by a
 * stream of the server's own: into the log, durably, into the archive, and into a ledger that balances.
 *
 * What is imported may wait and what a plant measures now may not: only a few blocks are under way at a time, they are
 * small, the event loop turns between them, and half of the memory for new samples is left to the gateways.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { BlockEncoder } from '@tidegate/core/block/encodeBlock.ts';
import { type BlockHeader, type SampleBlock, ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import type { StreamName } from '@tidegate/core/port/blockSink.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import type { Archive } from '../archive/archive.ts';
import type { SampleRun } from '../archive/sampleRun.ts';
import type { Ingest } from '../ingest/ingest.ts';
import { SERVER_STREAM, type StoredTag } from '../ingest/storedTag.ts';
import type { TagCatalogue } from '../ingest/tagCatalogue.ts';
import { convertRun } from './answer/convertRun.ts';
import { MAX_TEXT_LENGTH, runBlocks, type TagRun } from './runBlocks.ts';
import { importConverter } from './unit/importConverter.ts';
import type { UnitConverter } from './unit/unitConverter.ts';

/**
 * Samples of one tag, which is made from the rest where there is none with this path. Where there is one they are converted to
 * its unit; no unit (`''`) is that of the tag.
 */
export interface ImportedSeries extends Pick<TagDefinition, 'path' | 'type' | 'unit' | 'stepped' | 'description'> {
  /** In any order of time; those of equal time are kept in the order given. */
  readonly run: SampleRun;
}

export interface ImportedTag {
  readonly tag: StoredTag;
  /** How many samples were added to it. */
  readonly samples: number;
}

export interface HistoryImportParts {
  readonly catalogue: Pick<TagCatalogue, 'tags' | 'create'>;
  readonly ingest: Pick<Ingest, 'append' | 'ledgers'>;
  readonly archive: Pick<Archive, 'roomForBackfill'>;
  readonly clock: Clock;
}

const STREAM: StreamName = { gateway: SERVER_STREAM, lane: 'analytical' };
/** One life of the stream, because its counts are those of the ledger and begin anew with it. */
const EPOCH = 1;
const MAX_UNDER_WAY = 4;

export class HistoryImport {
  readonly #parts: HistoryImportParts;
  readonly #encoder = new BlockEncoder(crc32);
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: HistoryImportParts) {
    this.#parts = parts;
  }

  /**
   * Makes the tags that are missing and adds the samples; resolves when all of them are durable. Imports are done one
   * after the other. Faults: `import.invalid`, `tag.invalid`, `tag.ambiguous`, with which nothing was added; and those of
   * the log and the archive, with which the first blocks may have been.
   */
  importSamples(series: readonly ImportedSeries[], by: string): Promise<Result<readonly ImportedTag[]>> {
    const imported = this.#last.then(() => this.#import(series, by));
    this.#last = imported.catch(() => {});
    return imported;
  }

  async #import(series: readonly ImportedSeries[], by: string): Promise<Result<readonly ImportedTag[]>> {
    for (const one of series) {
      const defect = seriesDefect(one);
      if (defect !== undefined) return failure('import.invalid', `${one.path}: ${defect}`);
    }
    const wanted = new Map(series.map((one) => [one.path, one]));
    const found = this.#find(wanted);
    if (!found.ok) return found;
    const converters = await convertersOf(series, (path) => found.value.get(path) ?? wanted.get(path)!);
    if (!converters.ok) return converters;
    const missing = [...wanted.values()].filter(({ path }) => !found.value.has(path));
    const created = this.#parts.catalogue.create(missing.map(definitionOf), by);
    if (!created.ok) return created;
    for (const tag of created.value) found.value.set(tag.path, tag);
    const tags = series.map(({ path }) => found.value.get(path)!);
    const appended = await this.#append(runBlocks(tagRuns(series, tags, converters.value)));
    if (!appended.ok) return appended;
    return success(tags.map((tag, at) => ({ tag, samples: series[at].run.times.length })));
  }

  /** The tags that are there, by their paths. */
  #find(wanted: ReadonlyMap<string, ImportedSeries>): Result<Map<string, StoredTag>> {
    const found = new Map<string, StoredTag>();
    for (const tag of this.#parts.catalogue.tags) {
      if (!wanted.has(tag.path)) continue;
      const other = found.get(tag.path);
      if (other) return failure('tag.ambiguous', `${tag.path} is tag ${other.index} and tag ${tag.index}`);
      found.set(tag.path, tag);
    }
    return success(found);
  }

  /** Several blocks are under way at once, so that they share the syncs of the log. */
  async #append(blocks: Iterable<SampleBlock>): Promise<Result<void>> {
    const { ingest, archive } = this.#parts;
    const ledger = ingest.ledgers().find(({ gateway }) => gateway === SERVER_STREAM);
    let sequence = (ledger?.position.sequence ?? -1) + 1;
    let accepted = ledger?.tally.accepted ?? 0;
    const underWay: Promise<Result<void>>[] = [];
    let outcome: Result<void> = success(undefined);
    for (const block of blocks) {
      if (underWay.length === MAX_UNDER_WAY) outcome = (await underWay.shift()) ?? outcome;
      if (!outcome.ok) break;
      await archive.roomForBackfill();
      accepted += block.count;
      const { header, bytes } = this.#seal(block, sequence++, accepted);
      underWay.push(ingest.append(header, bytes));
      await nextTurn();
    }
    for (const result of await Promise.all(underWay)) if (outcome.ok) outcome = result;
    return outcome;
  }

  #seal(block: SampleBlock, sequence: number, accepted: number): { header: BlockHeader; bytes: Uint8Array } {
    const sealedAt = this.#parts.clock.now();
    const tally = { ...EMPTY_TALLY, read: accepted, accepted };
    const header = { ...STREAM, epoch: EPOCH, sequence, sealedAt, tally };
    return { header: { ...header, count: block.count }, bytes: this.#encoder.encode(header, block) };
  }
}

/** What takes each series to the unit of its tag, whose type it must have. */
async function convertersOf(
  series: readonly ImportedSeries[],
  tagOf: (path: string) => Pick<TagDefinition, 'path' | 'type' | 'unit'>,
): Promise<Result<readonly (UnitConverter | undefined)[]>> {
  const converters: (UnitConverter | undefined)[] = [];
  for (const one of series) {
    const tag = tagOf(one.path);
    const detail = `${one.path} is a tag of the type ${tag.type}; the samples are of the type ${one.type}`;
    if (tag.type !== one.type) return failure('import.invalid', detail);
    const converter = await importConverter(one, tag);
    if (!converter.ok) return converter;
    converters.push(converter.value);
  }
  return success(converters);
}

/** One after the other, so that no more than one of them is in memory twice. */
function* tagRuns(
  series: readonly ImportedSeries[],
  tags: readonly StoredTag[],
  converters: readonly (UnitConverter | undefined)[],
): Generator<TagRun, void, undefined> {
  for (const [at, { run }] of series.entries()) {
    const converter = converters[at];
    yield { tag: tags[at].index, run: converter ? convertRun(run, converter) : run };
  }
}

function definitionOf({ path, type, unit, stepped, description }: ImportedSeries) {
  return { path, type, unit, description, stepped: stepped || type !== 'number', lane: STREAM.lane, aliases: [] };
}

/** Why the samples cannot be taken, as half a sentence. */
function seriesDefect({ type, run }: ImportedSeries): string | undefined {
  const { times, kinds, values, strings } = run;
  const unfit = type === 'string' ? ValueKind.number : ValueKind.string;
  for (let row = 0; row < times.length; row++) {
    if (!Number.isSafeInteger(times[row])) return `sample ${row + 1} has no time in whole microseconds (${times[row]})`;
    if (kinds[row] === unfit) return `the value of sample ${row + 1} is no ${type}`;
    if (kinds[row] === ValueKind.string && strings[values[row]].length > MAX_TEXT_LENGTH) {
      return `the text of sample ${row + 1} has more than ${MAX_TEXT_LENGTH} characters`;
    }
  }
  return undefined;
}
