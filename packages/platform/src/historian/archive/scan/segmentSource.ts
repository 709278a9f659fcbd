/** What a segment has of one tag, as a source of a scan: its chunks are read when they are come to, neighbours together. */

import type { Chunk, WantsSummary } from '../chunk/chunk.ts';
import type { RunSummary } from '../runSummary.ts';
import { clipRun, EMPTY_RUN, type SampleRun } from '../sampleRun.ts';
import type { ChunkEntry, EntryTable } from '../segment/chunkEntry.ts';
import type { Segment } from '../segment/segment.ts';
import { knownRows } from './knownRows.ts';
import type { ScanSource } from './scanSources.ts';

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
}

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

function chunkSources(segment: Segment, entries: EntryTable, range: ScanRange, rank: number): ScanSource<RunSummary>[] {
  const { start, end } = range;
  const wantsWhole = range.withReceived || isPartlyKnown(segment, range) ? undefined : range.wantsWhole;
  const sources: ScanSource<RunSummary>[] = [];
  let batch = new ChunkBatch(segment, undefined);
  for (let number = 0; number < entries.count; number++) {
    const minTime = entries.minTime(number);
    const maxTime = entries.maxTime(number);
    if (minTime >= end || maxTime < start) continue;
    const wants = entries.hasSummary(number) ? wantsWhole : undefined;
    if (minTime >= start && maxTime < end && wants?.(minTime, maxTime, entries.statusBits(number))) {
      sources.push(new WholeChunk(segment, entries, number, range, rank + number));
      continue;
    }
    if (batch.isFull) batch = new ChunkBatch(segment, batch);
    sources.push(new BatchedChunk(batch, entries.entry(number), range, rank + number, wants));
  }
  return sources;
}

/** A chunk of which the summary will do; it is read alone where it shares its time with others. */
class WholeChunk implements ScanSource<RunSummary> {
  readonly minTime: number;
  readonly maxTime: number;
  readonly rank: number;
  readonly whole: RunSummary;
  readonly #segment: Segment;
  readonly #entries: EntryTable;
  readonly #number: number;
  readonly #range: ScanRange;

  constructor(segment: Segment, entries: EntryTable, number: number, range: ScanRange, rank: number) {
    this.minTime = entries.minTime(number);
    this.maxTime = entries.maxTime(number);
    this.rank = rank;
    this.whole = entries.summary(number);
    this.#segment = segment;
    this.#entries = entries;
    this.#number = number;
    this.#range = range;
  }

  async read(): Promise<SampleRun> {
    const entry = this.#entries.entry(this.#number);
    const [chunk] = await this.#segment.chunks([entry]);
    return readRange(this.#segment, entry, chunk, this.#range);
  }
}

/** A chunk that is read, together with others. */
class BatchedChunk implements ScanSource<RunSummary> {
  readonly minTime: number;
  readonly maxTime: number;
  readonly rank: number;
  readonly readParts: ScanSource<RunSummary>['readParts'];
  readonly #batch: ChunkBatch;
  readonly #place: number;
  readonly #range: ScanRange;

  /** `wants` tells of which blocks the summary will do. */
  constructor(batch: ChunkBatch, entry: ChunkEntry, range: ScanRange, rank: number, wants: WantsSummary | undefined) {
    this.minTime = entry.minTime;
    this.maxTime = entry.maxTime;
    this.rank = rank;
    this.readParts = wants && range.inBlocks ? () => this.#parts(wants) : undefined;
    this.#batch = batch;
    this.#place = batch.entries.push(entry) - 1;
    this.#range = range;
  }

  async read(): Promise<SampleRun> {
    const { segment, entries } = this.#batch;
    return readRange(segment, entries[this.#place], (await this.#batch.chunks())[this.#place], this.#range);
  }

  async #parts(wants: WantsSummary): Promise<readonly (SampleRun | RunSummary)[]> {
    const chunk = (await this.#batch.chunks())[this.#place];
    return chunk?.parts(this.#range.start, this.#range.end, wants) ?? [];
  }
}

/** Chunks that are read together when the first of them is wanted; the batch behind is then read ahead. */
class ChunkBatch {
  readonly segment: Segment;
  readonly entries: ChunkEntry[] = [];
  readonly #room: number;
  #behind: ChunkBatch | undefined;
  #chunks: Promise<(Chunk | undefined)[]> | undefined;

  constructor(segment: Segment, before: ChunkBatch | undefined) {
    this.segment = segment;
    this.#room = before ? Math.min(before.#room * 2, MOST_CHUNKS) : FIRST_CHUNKS;
    if (before) before.#behind = this;
  }

  get isFull(): boolean {
    return this.entries.length === this.#room;
  }

  chunks(): Promise<(Chunk | undefined)[]> {
    const chunks = this.begin();
    this.#behind?.begin();
    return chunks;
  }

  begin(): Promise<(Chunk | undefined)[]> {
    this.#chunks ??= this.segment.chunks(this.entries);
    return this.#chunks;
  }
}

async function readRange(
  segment: Segment,
  entry: ChunkEntry,
  chunk: Chunk | undefined,
  range: ScanRange,
): Promise<SampleRun> {
  const { start, end, receivedBefore, withReceived } = range;
  if (!chunk) return EMPTY_RUN;
  if (!withReceived && !isPartlyKnown(segment, range)) return chunk.slice(start, end);
  const clipped = clipRun(await segment.withReceived(entry, chunk, chunk.run()), start, end);
  return receivedBefore === undefined ? clipped : knownRows(clipped, receivedBefore);
}

/** Whether some samples of the segment, and not all, were received in time. */
function isPartlyKnown({ head }: Segment, { receivedBefore }: ScanRange): boolean {
  return receivedBefore !== undefined && head.received.last >= receivedBefore;
}
