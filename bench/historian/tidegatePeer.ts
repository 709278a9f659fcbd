/** Tidegate's own historian, in this process: the blocks that a gateway would send, and the questions of its interface. */

import { crc32 } from 'node:zlib';
import { BlockEncoder } from '@tidegate/core/block/encodeBlock.ts';
import type { BlockHeader, SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import type { RunSummary } from '@tidegate/platform/historian/archive/runSummary.ts';
import type { SampleRun } from '@tidegate/platform/historian/archive/sampleRun.ts';
import { IntervalPlan } from '@tidegate/platform/historian/query/aggregate/intervalPlan.ts';
import { Historian, type HistorianOptions } from '@tidegate/platform/historian/query/historian.ts';
import type { HistorianPeer, PixelRows, ScanTotals, TaggedRows, TagRows, TimeRange } from './historianPeer.ts';
import { signalKind } from './plant.ts';

/** A block as it comes over the boundary. */
export interface EncodedBlock {
  readonly header: BlockHeader;
  readonly bytes: Uint8Array;
}

/** A gateway has as many blocks under way. */
const BLOCKS_UNDER_WAY = 16;
const GATEWAY = 'plant';
const MINUTE_US = 60e6;
/** Of samples that are not in a file yet; while they are written, as much again. */
export const HOT_BYTES = 128 * 2 ** 20;

export class TidegatePeer implements HistorianPeer {
  readonly name = 'Tidegate';
  readonly version: string;
  readonly manner = 'encoded blocks, 16 under way; acknowledged after fdatasync; all status bits';
  readonly historian: Historian;
  readonly #encoder = new BlockEncoder(crc32);
  #numbers = new Uint32Array(0);
  #sequence: number;
  #accepted: number;

  private constructor(historian: Historian) {
    this.historian = historian;
    this.version = process.version;
    const [ledger] = historian.ledgers();
    this.#sequence = (ledger?.position.sequence ?? -1) + 1;
    this.#accepted = ledger?.tally.accepted ?? 0;
  }

  static async start(directory: string, options: Partial<HistorianOptions> = {}): Promise<TidegatePeer> {
    const events = ({ kind, source, detail }: { kind: string; source: string; detail: string }) =>
      void process.stderr.write(`${kind} ${source}: ${detail}\n`);
    const settings = { directory, clock: systemClock, events, hotBytes: HOT_BYTES, ...options };
    return new TidegatePeer(must(await Historian.open(settings)));
  }

  /** Tags of the plant and one behind them, numbered as the samples are. */
  async defineTags(count: number): Promise<void> {
    const definitions = Array.from({ length: count }, (_, number) => definitionOf(number));
    must(await this.historian.sink.defineTags(GATEWAY, definitions));
  }

  encode(block: SampleBlock): EncodedBlock {
    const { count, times } = block;
    this.#accepted += count;
    const last = times.subarray(0, count).reduce((latest, time) => Math.max(latest, time), 0) as Timestamp;
    const tally = { ...EMPTY_TALLY, read: this.#accepted, accepted: this.#accepted };
    const position = { gateway: GATEWAY, lane: 'analytical', epoch: 1, sequence: this.#sequence++ } as const;
    const header = { ...position, sealedAt: last, tally };
    return { header: { ...header, count }, bytes: this.#encoder.encode(header, block).slice() };
  }

  /** Seconds until the last of the blocks is durable. */
  async append(blocks: Iterable<EncodedBlock>): Promise<number> {
    const begin = performance.now();
    const underWay: Promise<Result<void>>[] = [];
    for (const { header, bytes } of blocks) {
      underWay.push(this.historian.sink.append(header, bytes));
      if (underWay.length === BLOCKS_UNDER_WAY) must(await underWay.shift()!);
    }
    for (const result of await Promise.all(underWay)) must(result);
    return (performance.now() - begin) / 1_000;
  }

  ingest(blocks: readonly SampleBlock[]): Promise<number> {
    return this.append(blocks.map((block) => this.encode(block)));
  }

  async settle(): Promise<number> {
    const begin = performance.now();
    must(await this.historian.seal());
    await this.historian.settle();
    return (performance.now() - begin) / 1_000;
  }

  async diskBytes(): Promise<number> {
    return this.historian.statistics().segmentBytes;
  }

  async raw(tag: number, { fromUs, toUs }: TimeRange): Promise<TagRows> {
    const request = { start: fromUs, end: toUs, limit: 0, returnBounds: false };
    const { samples } = must(await this.historian.queries.raw({ tag: this.#tag(tag), request }));
    return samples;
  }

  async pixels(tag: number, { fromUs, toUs }: TimeRange, pixels: number): Promise<PixelRows> {
    const question = { tag: this.#tag(tag), start: fromUs, end: toUs, width: pixels };
    const answer = must(await this.historian.queries.plot(question));
    return pixelRows(answer.samples, fromUs, toUs, pixels);
  }

  async minuteAverages(tags: readonly number[], { fromUs, toUs }: TimeRange): Promise<TaggedRows> {
    const plan = must(IntervalPlan.ofRange(fromUs, toUs, MINUTE_US, 1e6));
    const answers = await Promise.all(
      tags.map((tag) => this.historian.queries.processed({ tag: this.#tag(tag), aggregates: ['Average'], plan })),
    );
    const results = answers.map((answer) => must(answer)[0].results);
    return taggedRows(tags, results);
  }

  async latest(tagCount: number): Promise<TaggedRows> {
    const { tags, times, values } = this.historian.latestColumns(this.#firstTags(tagCount));
    return { tags, times, values };
  }

  /** From the summaries of the chunks that lie in the range as a whole, and the samples of the others. */
  async fullScan({ fromUs, toUs }: TimeRange): Promise<ScanTotals> {
    let [count, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { index } of this.historian.tags()) {
      const range = { start: fromUs, end: toUs, wantsWhole: () => true };
      for await (const found of this.historian.history.scan(index, range)) {
        const parts: readonly Pick<RunSummary, 'count' | 'min' | 'max'>[] =
          'times' in found ? [extremes(found)] : found;
        for (const part of parts) {
          count += part.count;
          min = Math.min(min, part.min);
          max = Math.max(max, part.max);
        }
      }
    }
    return { count, min, max };
  }

  async stop(): Promise<void> {
    await this.historian.close();
  }

  #firstTags(count: number): Uint32Array {
    if (this.#numbers.length !== count) this.#numbers = Uint32Array.from({ length: count }, (_, tag) => tag);
    return this.#numbers;
  }

  #tag(index: number) {
    const tag = this.historian.tag(index);
    if (!tag) throw new Error(`there is no tag ${index}`);
    return tag;
  }
}

export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.detail}`);
  return result.value;
}

function definitionOf(number: number): TagDefinition {
  const kind = signalKind(number);
  const id = `${kind}-${number}`;
  const shape = { type: 'number', lane: 'analytical', unit: '', description: '', aliases: [] } as const;
  return { ...shape, number, id, path: `plant/area-${Math.floor(number / 100)}/${id}`, stepped: kind !== 'analog' };
}

/** What a plot keeps of each interval is in order of time, between samples that only bound the picture. */
function pixelRows({ times, values }: SampleRun, fromUs: number, toUs: number, pixels: number): PixelRows {
  const rows = { starts: [], first: [], last: [], min: [], max: [] } as Record<keyof PixelRows, number[]>;
  let pixel = -1;
  for (let row = 0; row < times.length; row++) {
    const time = times[row];
    if (time < fromUs || time >= toUs) continue;
    const at = Math.floor(((time - fromUs) * pixels) / (toUs - fromUs));
    const value = values[row];
    const last = rows.starts.length - 1;
    if (at !== pixel) {
      pixel = at;
      rows.starts.push(fromUs + (at * (toUs - fromUs)) / pixels);
      for (const column of [rows.first, rows.last, rows.min, rows.max]) column.push(value);
      continue;
    }
    rows.last[last] = value;
    if (value < rows.min[last]) rows.min[last] = value;
    if (value > rows.max[last]) rows.max[last] = value;
  }
  const column = (name: keyof PixelRows) => Float64Array.from(rows[name]);
  return {
    starts: column('starts'),
    first: column('first'),
    last: column('last'),
    min: column('min'),
    max: column('max'),
  };
}

/** The intervals that have a value. */
function taggedRows(
  tags: readonly number[],
  results: readonly Pick<SampleRun, 'times' | 'values' | 'kinds'>[],
): TaggedRows {
  let count = 0;
  for (const { kinds } of results) for (let row = 0; row < kinds.length; row++) if (kinds[row] !== 0) count++;
  const rows = { tags: new Uint32Array(count), times: new Float64Array(count), values: new Float64Array(count) };
  let at = 0;
  for (const [place, { times, values, kinds }] of results.entries()) {
    for (let row = 0; row < times.length; row++) {
      if (kinds[row] === 0) continue;
      rows.tags[at] = tags[place];
      rows.times[at] = times[row];
      rows.values[at++] = values[row];
    }
  }
  return rows;
}

function extremes({ values }: SampleRun): Pick<RunSummary, 'count' | 'min' | 'max'> {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { count: values.length, min, max };
}
