/** What a segment has of one tag, as a source of a scan: its chunks are read when they are come to, neighbours together. */

import type { Chunk, WantsSummary } from '../chunk/chunk.ts';
import { RunMemory } from '../chunk/runMemory.ts';
import type { RunSummary } from '../runSummary.ts';
import { clipRun, copyRun, EMPTY_RUN, type SampleRun } from '../sampleRun.ts';
import type { ChunkEntry, EntryTable } from '../segment/chunkEntry.ts';
import type { Segment } from '../segment/segment.ts';
import { knownRows } from './knownRows.ts';
import type { ScanBatch, ScanSource } from './scanSources.ts';

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
    read: async () => chunkSources(segment, await segment.entryTable(tag), range, rank),
  };
}

/** What a segment has of one tag, and what is wanted of it. */
interface TagChunks {
  readonly segment: Segment;
  readonly entries: EntryTable;
  readonly range: ScanRange;
  readonly rank: number;
  /** By number the chunks that are read, together with others; none where the summary will do. */
  readonly batched: (BatchedChunk | undefined)[];
}

interface BatchedChunk {
  readonly batch: ChunkBatch;
  readonly place: number;
}

function chunkSources(segment: Segment, entries: EntryTable, range: ScanRange, rank: number): ScanSource<RunSummary>[] {
  const { start, end } = range;
  const chunks: TagChunks = { segment, entries, range, rank, batched: [] };
  const wantsWhole = needsReceived(segment, range) ? undefined : range.wantsWhole;
  const sources: ScanSource<RunSummary>[] = [];
  let batch = new ChunkBatch(segment, undefined);
  let [from, latest] = [0, Number.POSITIVE_INFINITY];
  for (let number = 0; number < entries.count; number++) {
    const minTime = entries.minTime(number);
    const maxTime = entries.maxTime(number);
    const isWanted = minTime < end && maxTime >= start;
    if (!isWanted || minTime <= latest) {
      if (from < number) sources.push(new ChunkStretch(chunks, from, number));
      from = isWanted ? number : number + 1;
    }
    latest = maxTime;
    const isInside = minTime >= start && maxTime < end && entries.hasSummary(number);
    if (!isWanted || (isInside && wantsWhole?.(minTime, maxTime, entries.statusBits(number)))) continue;
    if (batch.isFull) batch = new ChunkBatch(segment, batch);
    chunks.batched[number] = { batch, place: batch.entries.push(entries.entry(number)) - 1 };
  }
  if (from < entries.count) sources.push(new ChunkStretch(chunks, from, entries.count));
  return sources;
}

/**
 * Neighbouring chunks, each of which ends before the next begins. Where nothing else is of their time they are handed over
 * one after the other; otherwise they are divided, until only the chunks that share their time with others stand singly.
 */
class ChunkStretch implements ScanSource<RunSummary> {
  readonly #chunks: TagChunks;
  readonly #from: number;
  readonly #to: number;

  constructor(chunks: TagChunks, from: number, to: number) {
    this.#chunks = chunks;
    this.#from = from;
    this.#to = to;
  }

  get minTime(): number {
    return this.#chunks.entries.minTime(this.#from);
  }

  get maxTime(): number {
    return this.#chunks.entries.maxTime(this.#to - 1);
  }

  get rank(): number {
    return this.#chunks.rank + this.#from;
  }

  async read(): Promise<SampleRun | readonly ScanSource<RunSummary>[]> {
    const middle = (this.#from + this.#to) >>> 1;
    if (middle > this.#from) return [this.#part(this.#from, middle), this.#part(middle, this.#to)];
    const { segment, entries, range, batched } = this.#chunks;
    const entry = entries.entry(this.#from);
    const found = batched[this.#from];
    const chunk = found ? await found.batch.chunk(found.place) : (await segment.chunks([entry]))[0];
    return readRange(segment, entry, chunk, range);
  }

  get hand(): ScanSource<RunSummary>['hand'] {
    const { segment, range } = this.#chunks;
    return needsReceived(segment, range) ? undefined : () => this.#hand();
  }

  #part(from: number, to: number): ChunkStretch {
    return new ChunkStretch(this.#chunks, from, to);
  }

  async *#hand(): AsyncGenerator<ScanBatch<RunSummary>, void, undefined> {
    const { entries, range, batched } = this.#chunks;
    const left: RunSummary[] = [];
    for (let number = this.#from; number < this.#to; number++) {
      const found = batched[number];
      if (!found) {
        const summary = entries.summary(number);
        if (left.length > 0 || !range.take?.(summary)) left.push(summary);
        continue;
      }
      if (left.length > 0) yield left.splice(0);
      const opened = found.batch.chunk(found.place);
      const chunk = opened instanceof Promise ? await opened : opened;
      if (!chunk) continue;
      for (const batch of handOver(chunk, range, entries.hasSummary(number))) yield batch;
    }
    if (left.length > 0) yield left;
  }
}

/** Hands the samples of a chunk to the reader, and gives those that it does not take. */
function* handOver(
  chunk: Chunk,
  { start, end, take, inBlocks, wantsWhole }: ScanRange,
  hasSummary: boolean,
): Generator<ScanBatch<RunSummary>, void, undefined> {
  const memory = take && handedMemory;
  const wants = take && inBlocks && hasSummary ? wantsWhole : undefined;
  const parts = wants ? chunk.parts(start, end, wants, memory) : [chunk.slice(start, end, memory)];
  const left = take ? parts.findIndex((part) => !take(part)) : 0;
  if (left < 0) return;
  // What is left must outlast the memory that is used again.
  for (const part of parts.slice(left).map((part) => ('times' in part && take ? copyRun(part) : part))) {
    if (!('times' in part)) yield [part];
    else if (part.times.length > 0) yield part;
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
