/** Reads chunks back from bytes that a disk may have changed: every defect is `undefined`, nothing throws. */

import { crc32 } from 'node:zlib';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { severityOf } from '@tidegate/core/sample/statusCode.ts';
import { type RunSummary, summariseNumbers } from '../runSummary.ts';
import { clipRun, EMPTY_RUN, type SampleRun } from '../sampleRun.ts';
import { BlockSummary } from './blockSummary.ts';
import { ByteSource } from './byteSource.ts';
import {
  BLOCK_SAMPLES,
  blockCount,
  blockLength,
  CHECKSUM_BYTES,
  CHUNK_AT,
  MAX_CHUNK_SAMPLES,
  MIN_CHUNK_BYTES,
  TimeCoding,
  ValueCoding,
} from './chunkLayout.ts';
import { type LagDirectory, readLagDirectory, unpackLags } from './lagColumn.ts';
import { FieldUnpacker } from './packedFields.ts';
import { denseRun, RunMemory } from './runMemory.ts';
import { fillStates, readStateRuns, type StateRuns } from './stateRuns.ts';
import { readTimeDirectory, type TimeDirectory, unpackTimes } from './timeColumn.ts';
import {
  type BitsDirectory,
  type GridDirectory,
  rangeOfBits,
  rangeOfLevels,
  readBitsDirectory,
  readGridDirectory,
  unpackBits,
  unpackLevels,
} from './valueColumn.ts';

/** What a chunk says of itself; its length in bytes is that of the whole chunk. */
export interface ChunkHeader {
  readonly tag: number;
  readonly length: number;
  readonly count: number;
  readonly minTime: number;
  readonly maxTime: number;
}

interface Directories {
  /** `undefined` where times are raw. */
  readonly times: TimeDirectory | undefined;
  /** `undefined` where no sample has a number. */
  readonly values: GridDirectory | BitsDirectory | undefined;
  readonly lags: LagDirectory | undefined;
  readonly states: StateRuns;
  readonly body: Uint8Array;
  readonly payloadAt: number;
}

/** All chunks are unpacked here, one after the other. */
const unpacker = new FieldUnpacker();
/** The samples of a block that only its summary is made of. */
const scratch = new RunMemory();

/** The chunk that begins at `at`, if a whole and undamaged one stands there. It reads `bytes` for as long as it lives. */
export function openChunk(bytes: Uint8Array, at = 0): Chunk | undefined {
  if (at + MIN_CHUNK_BYTES > bytes.length) return undefined;
  const head = new ByteSource(bytes, at, at + CHUNK_AT.directories);
  const [tag, length, count] = [head.uint32(), head.uint32(), head.uint16()];
  const [timeCoding, valueCoding, payloadAt] = [head.byte(), head.byte(), head.uint32()];
  const header = { tag, length, count, minTime: head.float64(), maxTime: head.float64() };
  if (length < MIN_CHUNK_BYTES || length > bytes.length - at) return undefined;
  const body = bytes.subarray(at, at + length - CHECKSUM_BYTES);
  if (new ByteSource(bytes, at + body.length, at + length).uint32() !== crc32(body)) return undefined;
  if (count < 1 || count > MAX_CHUNK_SAMPLES || timeCoding > 3 || valueCoding > ValueCoding.bits) return undefined;
  if (payloadAt < CHUNK_AT.directories || payloadAt > body.length) return undefined;
  const directories = readDirectories(body, header, timeCoding, valueCoding as ValueCoding, payloadAt);
  return directories && new Chunk(header, directories);
}

function readDirectories(
  body: Uint8Array,
  { count, minTime }: ChunkHeader,
  timeCoding: number,
  valueCoding: ValueCoding,
  payloadAt: number,
): Directories | undefined {
  const source = new ByteSource(body, CHUNK_AT.directories, payloadAt);
  const times = timeCoding & TimeCoding.raw ? undefined : readTimeDirectory(source, count, minTime);
  const valuesAt = times ? times.end : count * 2;
  let values: Directories['values'];
  if (valueCoding === ValueCoding.bits) values = readBitsDirectory(source, count, valuesAt);
  else if (valueCoding !== ValueCoding.none) values = readGridDirectory(source, valueCoding, count, valuesAt);
  const lagsAt = values ? values.end : valuesAt;
  const lags = timeCoding & TimeCoding.lags ? readLagDirectory(source, count, lagsAt) : undefined;
  const states = readStateRuns(source, count, source.at < payloadAt);
  const words = lags ? lags.end : lagsAt;
  if (!source.sound || source.at !== payloadAt || payloadAt + words * 4 !== body.length) return undefined;
  return { times, values, lags, states, body, payloadAt };
}

/** Whether a reader takes a summary in place of samples; see `Chunk.parts`. */
export type WantsSummary = (firstTime: number, latest: number, statusBits: number) => boolean;

export class Chunk implements ChunkHeader {
  readonly tag: number;
  readonly length: number;
  readonly count: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly #directories: Directories;

  constructor(header: ChunkHeader, directories: Directories) {
    this.tag = header.tag;
    this.length = header.length;
    this.count = header.count;
    this.minTime = header.minTime;
    this.maxTime = header.maxTime;
    this.#directories = directories;
  }

  get strings(): readonly string[] {
    return this.#directories.states.strings;
  }

  /** All samples. */
  run(): SampleRun {
    return this.rows(0, blockCount(this.count));
  }

  /** The samples of the blocks from `first` to before `last`; in `memory`, or in memory of their own. */
  rows(first: number, last: number, memory?: RunMemory): SampleRun {
    const count = Math.min(this.count, last * BLOCK_SAMPLES) - first * BLOCK_SAMPLES;
    const run = memory ? memory.take(count, this.strings) : denseRun(count, this.strings);
    this.#decode(first, last, run);
    return run;
  }

  /** The samples with `start <= time < end`; only the blocks that hold some of them are decoded. */
  slice(start: number, end: number, memory?: RunMemory): SampleRun {
    if (!(start <= this.maxTime && end > this.minTime)) return EMPTY_RUN;
    const [first, last] = this.#blocksOf(start, end);
    return clipRun(this.rows(first, last, memory), start, end);
  }

  /**
   * As `slice`, in parts that follow each other: a block whose samples lie in `start <= time < end`, and which `wants` by
   * its first time, a time at or behind its last, and the bits of its statuses, comes as its summary.
   */
  parts(start: number, end: number, wants: WantsSummary): (SampleRun | BlockSummary)[] {
    const summaries = this.blocks();
    if (!summaries) return [this.slice(start, end)];
    const parts: (SampleRun | BlockSummary)[] = [];
    const [first, last] = this.#blocksOf(start, end);
    let from = first;
    for (let block = first; block < last; block++) {
      const summary = summaries[block];
      const latest = block + 1 < summaries.length ? summaries[block + 1].firstTime : this.maxTime;
      const isInside = summary.firstTime >= start && latest < end;
      if (!isInside || !wants(summary.firstTime, latest, summary.statusBits)) continue;
      if (from < block) parts.push(clipRun(this.rows(from, block), start, end));
      parts.push(summary);
      from = block + 1;
    }
    if (from < last) parts.push(clipRun(this.rows(from, last), start, end));
    return parts;
  }

  /** The summary of a block of good numbers. */
  summarise(block: number): RunSummary {
    const run = scratch.take(blockLength(this.count, block), []);
    this.#decode(block, block + 1, run);
    return summariseNumbers(run);
  }

  /** Each block as its summary, in order; `undefined` where a sample is not a good finite number. */
  blocks(): BlockSummary[] | undefined {
    const { states, values } = this.#directories;
    const isGood = states.states.every(
      ({ kind, status }) => kind === ValueKind.number && severityOf(status) === 'good',
    );
    if (!values || !isGood) return undefined;
    const statusBits = states.states.reduce((bits, { status }) => bits | status, 0) >>> 0;
    if (!values.grid) unpacker.load(this.#directories.body, this.#directories.payloadAt);
    const blocks: BlockSummary[] = [];
    for (let block = 0; block < blockCount(this.count); block++) {
      const count = blockLength(this.count, block);
      const range = values.grid
        ? rangeOfLevels(values.grid, values.blocks[block])
        : rangeOfBits(unpacker, values.blocks[block], count, scratch.take(count, []).values);
      if (!range || !Number.isFinite(range[0]) || !Number.isFinite(range[1])) return undefined;
      const [min, max] = range;
      blocks.push(new BlockSummary(this, block, { count, firstTime: this.#firstTime(block), min, max, statusBits }));
    }
    return blocks;
  }

  /** By how many log records each sample came later than expected; all 0 in most chunks. */
  lags(): Int32Array {
    const { lags: directory, body, payloadAt } = this.#directories;
    const lags = new Int32Array(this.count);
    if (!directory) return lags;
    unpacker.load(body, payloadAt);
    for (const [block, entry] of directory.blocks.entries()) {
      unpackLags(unpacker, entry, blockLength(this.count, block), lags, block * BLOCK_SAMPLES);
    }
    return lags;
  }

  #firstTime(block: number): number {
    const { times, body, payloadAt } = this.#directories;
    if (times) return times.blocks[block].firstTime;
    return new ByteSource(body, payloadAt + block * BLOCK_SAMPLES * 8, body.length).float64();
  }

  /** The blocks, from the first to before the last, that hold all samples with `start <= time < end`. */
  #blocksOf(start: number, end: number): [number, number] {
    const blocks = blockCount(this.count);
    let [first, last] = [0, blocks];
    // Samples of the time at which a block begins may stand at the end of the block before it.
    while (first + 1 < blocks && this.#firstTime(first + 1) < start) first++;
    while (last > first + 1 && this.#firstTime(last - 1) >= end) last--;
    return [first, last];
  }

  /** Writes the blocks from `first` to before `last` into `run`, which is as long as they are. */
  #decode(first: number, last: number, run: SampleRun): void {
    const { times, values, states, body, payloadAt } = this.#directories;
    const firstRow = first * BLOCK_SAMPLES;
    unpacker.load(body, payloadAt);
    if (!times) {
      const raw = body.subarray(payloadAt + firstRow * 8, payloadAt + (firstRow + run.times.length) * 8);
      new Uint8Array(run.times.buffer, run.times.byteOffset, raw.length).set(raw);
    }
    if (!values) run.values.fill(0);
    for (let block = first; block < last; block++) {
      const count = blockLength(this.count, block);
      const into = block * BLOCK_SAMPLES - firstRow;
      if (times) unpackTimes(unpacker, times, times.blocks[block], count, run.times, into);
      if (values?.grid) unpackLevels(unpacker, values.grid, values.blocks[block], count, run.values, into);
      else if (values) unpackBits(unpacker, values.blocks[block], count, run.values, into);
    }
    fillStates(states, firstRow, run);
  }
}
