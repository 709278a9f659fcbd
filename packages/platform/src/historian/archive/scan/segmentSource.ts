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
   * Whether the reader takes a summary in place of all samples of a chunk whose first and last sample have these times.
   * Forward only.
   */
  readonly wantsWhole?: ((firstTime: number, lastTime: number) => boolean) | undefined;
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

function chunkSources(segment: Segment, entries: readonly ChunkEntry[], range: ScanRange, rank: number) {
  const { start, end, wantsWhole } = range;
  const mustBeDecoded = range.withReceived || isPartlyKnown(segment, range);
  const sources: ScanSource<RunSummary>[] = [];
  let batch = new ChunkBatch(segment);
  for (const [ordinal, entry] of entries.entries()) {
    const { minTime, maxTime, summary } = entry;
    if (minTime >= end || maxTime < start) continue;
    const isWhole = !mustBeDecoded && summary && minTime >= start && maxTime < end && wantsWhole?.(minTime, maxTime);
    if (!isWhole && batch.entries.length === BATCH_CHUNKS) batch = new ChunkBatch(segment);
    const reader = isWhole ? new ChunkBatch(segment) : batch;
    const place = reader.entries.push(entry) - 1;
    const read = async () => readRange(segment, entry, (await reader.chunks())[place], range);
    sources.push({ minTime, maxTime, rank: rank + ordinal, whole: isWhole ? summary : undefined, read });
  }
  return sources;
}

/** Chunks that are read together when the first of them is wanted. */
class ChunkBatch {
  readonly entries: ChunkEntry[] = [];
  readonly #segment: Segment;
  #chunks: Promise<(Chunk | undefined)[]> | undefined;

  constructor(segment: Segment) {
    this.#segment = segment;
  }

  chunks(): Promise<(Chunk | undefined)[]> {
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
