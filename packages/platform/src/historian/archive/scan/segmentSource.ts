/** What a segment has of one tag, as a source of a scan: its chunks are read when they are come to, neighbours together. */

import type { Chunk, WantsSummary } from '../chunk/chunk.ts';
import { RunMemory } from '../chunk/runMemory.ts';
import type { RunSummary } from '../runSummary.ts';
import { clipRun, copyRun, EMPTY_RUN, type SampleRun } from '../sampleRun.ts';
import type { ChunkEntry, EntryTable } from '../segment/chunkEntry.ts';
import type { Segment } from '../segment/segment.ts';
import { knownRows } from './knownRows.ts';
import type { ScanParts, ScanSource } from './scanSources.ts';

export interface ScanRange {
  /** First moment, itself included, and end, itself not included, in microseconds. */
  readonly start: number;
  readonly end: number;
  /** Only what was received before this. */
  readonly receivedBefore?: number | undefined;
  /** Whether each sample is to carry when it was received. */
  readonly withReceived?: boolean | undefined;
  /**
   * Whether the reader takes a summary in place of all samples of a chunk whose first and last sample have these times, and
   * whose statuses are together these bits. Forward only.
   */
  readonly wantsWhole?: WantsSummary | undefined;
  /**
   * Whether the same holds for the blocks of a chunk, for which `wantsWhole` is asked with a time that may lie behind the
   * last. Most of their summary is found only when it is asked for: for readers that ask for little.
   */
  readonly inBlocks?: boolean | undefined;
  /**
   * Is handed the samples of a chunk at once, in memory that is used again for the next, when it is their turn, or the
   * summary of some of them. What it takes does not come through the scan; where it returns false, it has taken nothing of it.
   * Forward only; `inBlocks` is of no effect without it.
   */
  readonly take?: TakePart | undefined;
}

export type TakePart = (part: SampleRun | RunSummary) => boolean;

type LeftParts = ScanParts<RunSummary>;
/** Of samples that are handed over: whoever takes them is done with them before anything else is decoded. */
const handedMemory = new RunMemory();

/** So many chunks are read at first: about a day of a tag, and no more than a query that ends early can bear. */
const FIRST_CHUNKS = 16;
/** A scan that goes on reads twice as many every time, up to this. */
const MOST_CHUNKS = 64;

/** `rank` is that of the first chunk; each has one of its own. */
export function segmentSource(segment: Segment, tag: number, range: ScanRange, rank: number): ScanSource<RunSummary> {
  const { minTime, maxTime } = segment.spans.of(tag);
  return {
    ...{ minTime, maxTime, rank },
    read: async () => chunkSources({ segment, entries: await segment.entryTable(tag), range, rank }),
  };
}

/** What a segment has of one tag, and what is wanted of it. */
interface TagChunks {
  readonly segment: Segment;
  readonly entries: EntryTable;
  readonly range: ScanRange;
  readonly rank: number;
}

function chunkSources(chunks: TagChunks): ScanSource<RunSummary>[] {
  const { segment, entries, range } = chunks;
  const { start, end } = range;
  const wantsWhole = needsReceived(segment, range) ? undefined : range.wantsWhole;
  const sources: ScanSource<RunSummary>[] = [];
  let batch = new ChunkBatch(segment, undefined);
  for (let number = 0; number < entries.count; number++) {
    const minTime = entries.minTime(number);
    const maxTime = entries.maxTime(number);
    if (minTime >= end || maxTime < start) continue;
    const wants = entries.hasSummary(number) ? wantsWhole : undefined;
    if (minTime >= start && maxTime < end && wants?.(minTime, maxTime, entries.statusBits(number))) {
      sources.push(new WholeChunk(chunks, number));
      continue;
    }
    if (batch.isFull) batch = new ChunkBatch(segment, batch);
    sources.push(new BatchedChunk(chunks, number, batch, wants));
  }
  return sources;
}

/** A chunk of which the summary will do; it is read alone where it shares its time with others. There are many of them. */
class WholeChunk implements ScanSource<RunSummary> {
  readonly #chunks: TagChunks;
  readonly #number: number;

  constructor(chunks: TagChunks, number: number) {
    this.#chunks = chunks;
    this.#number = number;
  }

  get minTime(): number {
    return this.#chunks.entries.minTime(this.#number);
  }

  get maxTime(): number {
    return this.#chunks.entries.maxTime(this.#number);
  }

  get rank(): number {
    return this.#chunks.rank + this.#number;
  }

  get whole(): RunSummary {
    return this.#chunks.entries.summary(this.#number);
  }

  async read(): Promise<SampleRun> {
    const { segment, entries, range } = this.#chunks;
    const entry = entries.entry(this.#number);
    const [chunk] = await segment.chunks([entry]);
    return readRange(segment, entry, chunk, range);
  }
}

/** A chunk that is read, together with others. */
class BatchedChunk implements ScanSource<RunSummary> {
  readonly minTime: number;
  readonly maxTime: number;
  readonly rank: number;
  readonly hand: ScanSource<RunSummary>['hand'];
  readonly #range: ScanRange;
  readonly #batch: ChunkBatch;
  readonly #place: number;

  /** `wants` tells of which blocks the summary will do. */
  constructor({ entries, range, rank }: TagChunks, number: number, batch: ChunkBatch, wants?: WantsSummary) {
    const entry = entries.entry(number);
    this.minTime = entry.minTime;
    this.maxTime = entry.maxTime;
    this.rank = rank + number;
    const { take } = range;
    const wantsBlocks = range.inBlocks ? wants : undefined;
    if (take && !needsReceived(batch.segment, range)) this.hand = () => this.#hand(take, wantsBlocks);
    this.#range = range;
    this.#batch = batch;
    this.#place = batch.entries.push(entry) - 1;
  }

  async read(): Promise<SampleRun> {
    const { segment, entries } = this.#batch;
    return readRange(segment, entries[this.#place], await this.#batch.chunk(this.#place), this.#range);
  }

  #hand(take: TakePart, wants: WantsSummary | undefined): LeftParts | Promise<LeftParts> {
    const chunk = this.#batch.chunk(this.#place);
    return chunk instanceof Promise
      ? chunk.then((read) => this.#handOver(read, take, wants))
      : this.#handOver(chunk, take, wants);
  }

  #handOver(chunk: Chunk | undefined, take: TakePart, wants: WantsSummary | undefined): LeftParts {
    if (!chunk) return [];
    const { start, end } = this.#range;
    const parts = wants ? chunk.parts(start, end, wants, handedMemory) : [chunk.slice(start, end, handedMemory)];
    const left = parts.findIndex((part) => !take(part));
    return left < 0 ? [] : parts.slice(left).map((part) => ('times' in part ? copyRun(part) : part));
  }
}

/** Chunks that are read together when the first of them is wanted; the batch behind is then read ahead. */
class ChunkBatch {
  readonly segment: Segment;
  readonly entries: ChunkEntry[] = [];
  readonly #room: number;
  #behind: ChunkBatch | undefined;
  #reading: Promise<readonly Uint8Array[]> | undefined;
  /** What was read, as soon as it is there. */
  #pieces: readonly Uint8Array[] | undefined;

  constructor(segment: Segment, before: ChunkBatch | undefined) {
    this.segment = segment;
    this.#room = before ? Math.min(before.#room * 2, MOST_CHUNKS) : FIRST_CHUNKS;
    if (before) before.#behind = this;
  }

  get isFull(): boolean {
    return this.entries.length === this.#room;
  }

  /** A chunk is opened when it is come to: its directory is then at hand while it is decoded. */
  chunk(place: number): Chunk | undefined | Promise<Chunk | undefined> {
    const reading = this.begin();
    this.#behind?.begin();
    const open = (pieces: readonly Uint8Array[]) => this.segment.openChunk(this.entries[place], pieces[place]);
    return this.#pieces ? open(this.#pieces) : reading.then(open);
  }

  begin(): Promise<readonly Uint8Array[]> {
    this.#reading ??= this.#read();
    return this.#reading;
  }

  async #read(): Promise<readonly Uint8Array[]> {
    this.#pieces = await this.segment.readChunks(this.entries);
    return this.#pieces;
  }
}

async function readRange(
  segment: Segment,
  entry: ChunkEntry,
  chunk: Chunk | undefined,
  range: ScanRange,
): Promise<SampleRun> {
  const { start, end, receivedBefore } = range;
  if (!chunk) return EMPTY_RUN;
  if (!needsReceived(segment, range)) return chunk.slice(start, end);
  const clipped = clipRun(await segment.withReceived(entry, chunk, chunk.run()), start, end);
  return receivedBefore === undefined ? clipped : knownRows(clipped, receivedBefore);
}

/** Whether one must know when samples were received, because it is asked for or only some came in time. */
function needsReceived({ head }: Segment, { withReceived, receivedBefore }: ScanRange): boolean {
  return withReceived === true || (receivedBefore !== undefined && head.received.last >= receivedBefore);
}
