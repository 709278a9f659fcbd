/** What a segment has of one tag, as a source of a scan: its chunks are read when they are come to, neighbours together. */

import type { Chunk } from '../chunk/chunk.ts';
import type { RunSummary } from '../runSummary.ts';
import { clipRun, EMPTY_RUN, type SampleRun } from '../sampleRun.ts';
import type { ChunkEntry } from '../segment/chunkEntry.ts';
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
  readonly wantsWhole?: ((firstTime: number, lastTime: number, statusBits: number) => boolean) | undefined;
}

/** So many chunks at most are read at once: about a day of a tag, and no more than a query that ends early can bear. */
const BATCH_CHUNKS = 16;

/** `rank` is that of the first chunk; each has one of its own. */
export function segmentSource(segment: Segment, tag: number, range: ScanRange, rank: number): ScanSource<RunSummary> {
  const { minTime, maxTime } = segment;
  return {
    ...{ minTime, maxTime, rank },
    read: async () => chunkSources(segment, await segment.entries(tag), range, rank),
  };
}

function chunkSources(segment: Segment, entries: readonly ChunkEntry[], range: ScanRange, rank: number): ChunkSource[] {
  const { start, end, wantsWhole } = range;
  const mayBeWhole = wantsWhole !== undefined && !range.withReceived && !isPartlyKnown(segment, range);
  const sources: ChunkSource[] = [];
  let batch = new ChunkBatch(segment, undefined);
  for (const [ordinal, entry] of entries.entries()) {
    const { minTime, maxTime, summary } = entry;
    if (minTime >= end || maxTime < start) continue;
    const isWhole =
      mayBeWhole && summary && minTime >= start && maxTime < end && wantsWhole(minTime, maxTime, summary.statusBits);
    if (!isWhole && batch.entries.length === BATCH_CHUNKS) batch = new ChunkBatch(segment, batch);
    sources.push(new ChunkSource(segment, entry, range, rank + ordinal, isWhole ? undefined : batch));
  }
  return sources;
}

class ChunkSource implements ScanSource<RunSummary> {
  readonly minTime: number;
  readonly maxTime: number;
  readonly rank: number;
  readonly whole: RunSummary | undefined;
  readonly #segment: Segment;
  readonly #entry: ChunkEntry;
  readonly #range: ScanRange;
  readonly #batch: ChunkBatch | undefined;
  readonly #place: number;

  /** Without a batch the chunk can be taken whole, and is read alone where it is not. */
  constructor(segment: Segment, entry: ChunkEntry, range: ScanRange, rank: number, batch: ChunkBatch | undefined) {
    this.minTime = entry.minTime;
    this.maxTime = entry.maxTime;
    this.rank = rank;
    this.whole = batch ? undefined : entry.summary;
    this.#segment = segment;
    this.#entry = entry;
    this.#range = range;
    this.#batch = batch;
    this.#place = batch ? batch.entries.push(entry) - 1 : 0;
  }

  async read(): Promise<SampleRun> {
    const chunks = this.#batch ? await this.#batch.chunks() : await this.#segment.chunks([this.#entry]);
    return readRange(this.#segment, this.#entry, chunks[this.#place], this.#range);
  }
}

/** Chunks that are read together when the first of them is wanted; the batch behind is then read ahead. */
class ChunkBatch {
  readonly entries: ChunkEntry[] = [];
  readonly #segment: Segment;
  #next: ChunkBatch | undefined;
  #chunks: Promise<(Chunk | undefined)[]> | undefined;

  constructor(segment: Segment, before: ChunkBatch | undefined) {
    this.#segment = segment;
    if (before) before.#next = this;
  }

  chunks(): Promise<(Chunk | undefined)[]> {
    const chunks = this.begin();
    this.#next?.begin();
    return chunks;
  }

  begin(): Promise<(Chunk | undefined)[]> {
    this.#chunks ??= this.#segment.chunks(this.entries);
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
  if (!withReceived && !isPartlyKnown(segment, range)) return chunk.slice(start, end) ?? EMPTY_RUN;
  const run = chunk.run();
  if (!run) return EMPTY_RUN;
  const clipped = clipRun(await segment.withReceived(entry, chunk, run), start, end);
  return receivedBefore === undefined ? clipped : knownRows(clipped, receivedBefore);
}

/** Whether some samples of the segment, and not all, were received in time. */
function isPartlyKnown({ head }: Segment, { receivedBefore }: ScanRange): boolean {
  return receivedBefore !== undefined && head.received.last >= receivedBefore;
}
