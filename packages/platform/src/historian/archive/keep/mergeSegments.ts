/**
 * Makes one segment of several that follow each other in the log, or one anew without what has expired. Small chunks become
 * large ones, and what arrived out of order comes into order; large chunks that nothing overlaps are copied as they are.
 *
 * The inputs are only read. Until the new segment has its name it is nothing, and from then on it supersedes them: whenever
 * the process ends, either they are used or it is.
 */

import { copyFileSync, existsSync, linkSync } from 'node:fs';
import { dirname } from 'node:path';
import { DAMAGED_SUFFIX } from '../archiveFiles.ts';
import type { Chunk } from '../chunk/chunk.ts';
import { MAX_CHUNK_SAMPLES } from '../chunk/chunkLayout.ts';
import { joinReceipts, type Receipts } from '../receipts.ts';
import { EMPTY_RUN, lowerBound, type SampleRun, sliceRun } from '../sampleRun.ts';
import { type ScanSource, scanSources } from '../scan/scanSources.ts';
import type { ChunkEntry } from '../segment/chunkEntry.ts';
import { sumDays } from '../segment/dayCounts.ts';
import type { Segment } from '../segment/segment.ts';
import type { SegmentHead } from '../segment/segmentLayout.ts';
import { SegmentWriter } from '../segment/segmentWriter.ts';
import { rowOfTag } from '../segment/tagDirectory.ts';
import type { Pace } from './pace.ts';
import { TagSamples } from './tagSamples.ts';

export interface MergeOrder {
  /** In the order of the log, each following the one before; at least one. */
  readonly inputs: readonly Segment[];
  /** Paths of the inputs in which damage has been found so far: what cannot be read of them is kept for a person. */
  readonly damaged: ReadonlySet<string>;
  /** By tag: samples before this time have expired. Tags beyond its end keep everything. */
  readonly keepFrom: Float64Array;
  readonly pace: Pace;
}

export interface Merged {
  readonly name: string;
  /** Samples left out because they have expired. */
  readonly expired: number;
}

/** A chunk from this size on is not worth writing anew. */
const LARGE_CHUNK_SAMPLES = MAX_CHUNK_SAMPLES / 2;

/** An input, and where its receipts lie among those of the output. */
interface MergeInput {
  readonly segment: Segment;
  readonly firstRow: number;
  /** What its streams are called in the output. */
  readonly streams: readonly number[];
  /** False where its receipts are damaged, so that all its samples count as received when its last was. */
  readonly hasReceipts: boolean;
}

interface LargeChunk {
  readonly input: MergeInput;
  readonly entry: ChunkEntry;
}

/** Rejects with what the file system says, and leaves nothing behind then. */
export async function mergeSegments({ inputs, damaged, keepFrom, pace }: MergeOrder): Promise<Merged> {
  const { receipts, parts } = await joinInputs(inputs);
  const writer = new SegmentWriter(dirname(inputs[0].path), headOf(inputs), receipts);
  try {
    let expired = 0;
    for (const tag of tagsOf(inputs)) {
      expired += await mergeTag(writer, tag, parts, tag < keepFrom.length ? keepFrom[tag] : Number.NEGATIVE_INFINITY);
      if (pace.isDue) await pace.pause();
    }
    for (const path of damaged) keepCopy(path);
    return { name: writer.commit(), expired };
  } catch (error) {
    writer.discard();
    throw error;
  }
}

/** Before the file loses its name it gets another one. */
function keepCopy(path: string): void {
  const copy = path + DAMAGED_SUFFIX;
  if (existsSync(copy)) return;
  try {
    linkSync(path, copy);
  } catch {
    // Not every file system gives a file two names.
    copyFileSync(path, copy);
  }
}

function headOf(inputs: readonly Segment[]): SegmentHead {
  const [{ head: first }, { head: last, ledgers }] = [inputs[0], inputs[inputs.length - 1]];
  return {
    ...{ generation: first.generation, from: first.from, end: last.end, ledgers },
    revision: inputs.length === 1 ? first.revision + 1 : 0,
    received: { first: first.received.first, last: last.received.last },
    days: sumDays(inputs.map(({ head }) => head.days)),
  };
}

async function joinInputs(inputs: readonly Segment[]): Promise<{ receipts: Receipts; parts: MergeInput[] }> {
  const found = await Promise.all(inputs.map((segment) => segment.receipts()));
  const books = found.map((book, at) => book ?? lateReceipt(inputs[at]));
  const { receipts, streamsOf } = joinReceipts(books);
  let firstRow = 0;
  const parts = inputs.map((segment, at) => {
    const part = { segment, firstRow, streams: streamsOf[at], hasReceipts: found[at] !== undefined };
    firstRow += books[at].receivedAt.length;
    return part;
  });
  return { receipts, parts };
}

/** Stands for receipts that cannot be read: everything was there when the last sample was. */
function lateReceipt({ head }: Segment): Receipts {
  const { last } = head.received;
  return {
    streams: [''],
    receivedAt: Float64Array.of(last),
    horizons: Float64Array.of(last),
    streamOf: new Uint16Array(1),
  };
}

function tagsOf(inputs: readonly Segment[]): Uint32Array {
  const tags = new Set<number>();
  for (const { directory } of inputs) for (const tag of directory.tags) tags.add(tag);
  return Uint32Array.from(tags).sort();
}

/** Returns how many samples of the tag have expired. */
async function mergeTag(writer: SegmentWriter, tag: number, inputs: readonly MergeInput[], keepFrom: number) {
  let expired = 0;
  const sources: ScanSource<LargeChunk>[] = [];
  for (const input of inputs) {
    if (rowOfTag(input.segment.directory, tag) < 0) continue;
    for (const entry of await input.segment.entries(tag)) {
      if (entry.maxTime < keepFrom) expired += entry.count;
      else sources.push(chunkSource(input, entry, sources.length, keepFrom));
    }
  }
  const samples = new TagSamples(writer, tag);
  for await (const found of scanSources(sources, 'forward')) {
    if ('times' in found) {
      const cut = lowerBound(found.times, keepFrom);
      expired += cut;
      samples.add(sliceRun(found, cut, found.times.length));
      continue;
    }
    samples.flush();
    for (const large of found) {
      const bytes = await large.input.segment.chunkBytes(large.entry);
      if (bytes) writer.copy(movedEntry(large), bytes);
    }
  }
  samples.flush();
  return expired;
}

function chunkSource(input: MergeInput, entry: ChunkEntry, rank: number, keepFrom: number): ScanSource<LargeChunk> {
  const isLarge = entry.count >= LARGE_CHUNK_SAMPLES && entry.minTime >= keepFrom && input.hasReceipts;
  return {
    ...{ minTime: entry.minTime, maxTime: entry.maxTime, rank },
    hand: isLarge ? () => [[{ input, entry }]] : undefined,
    read: async () => {
      const [chunk] = await input.segment.chunks([entry]);
      return chunk ? withRows(input, entry, chunk, chunk.run()) : EMPTY_RUN;
    },
  };
}

/** In place of the time of receipt each sample carries the row of its receipt in the output. */
async function withRows(input: MergeInput, entry: ChunkEntry, chunk: Chunk, run: SampleRun): Promise<SampleRun> {
  const rows = await input.segment.receiptRows(entry, chunk, run);
  const received = new Float64Array(run.times.length).fill(input.firstRow);
  if (rows) for (let at = 0; at < rows.length; at++) received[at] += rows[at];
  return { ...run, received };
}

function movedEntry({ input, entry }: LargeChunk): ChunkEntry {
  const { first, last, stream } = entry;
  const shifted = { first: first + input.firstRow, last: last + input.firstRow };
  return { ...entry, ...shifted, stream: input.streams[stream] ?? 0 };
}
