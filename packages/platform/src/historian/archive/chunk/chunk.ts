/** Reads chunks back from bytes that a disk may have changed: every defect is `undefined`, nothing throws. */

import { crc32 } from 'node:zlib';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { severityOf } from '@tidegate/core/sample/statusCode.ts';
import { clipRun, EMPTY_RUN, type SampleRun } from '../sampleRun.ts';
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

/** What is known of a block of samples, all of them good finite numbers, before it is decoded. */
export interface BlockRange {
  readonly count: number;
  readonly firstTime: number;
  readonly min: number;
  readonly max: number;
}

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
  run(): SampleRun | undefined {
    const run = denseRun(this.count, this.strings);
    return this.#decode(0, blockCount(this.count), run, 0, 0) ? run : undefined;
  }

  /**
   * Writes all samples into `run` from row `at`, which is the fastest where memory is used again. The strings of the chunk
   * are to stand in `run.strings` from `firstString`; this does not put them there. False where the chunk is damaged.
   */
  copyTo(run: SampleRun, at: number, firstString = 0): boolean {
    return this.#decode(0, blockCount(this.count), run, at, firstString);
  }

  /** The samples with `start <= time < end`; only the blocks that hold some of them are decoded. */
  slice(start: number, end: number): SampleRun | undefined {
    if (!(start <= this.maxTime && end > this.minTime)) return EMPTY_RUN;
    const blocks = blockCount(this.count);
    let [first, last] = [0, blocks];
    // Samples of the time at which a block begins may stand at the end of the block before it.
    while (first + 1 < blocks && this.#firstTime(first + 1) < start) first++;
    while (last > first + 1 && this.#firstTime(last - 1) >= end) last--;
    const rows = Math.min(this.count, last * BLOCK_SAMPLES) - first * BLOCK_SAMPLES;
    const run = denseRun(rows, this.strings);
    return this.#decode(first, last, run, 0, 0) ? clipRun(run, start, end) : undefined;
  }

  /** The range of each block, in order; `undefined` where a sample is not a good finite number. */
  blocks(): BlockRange[] | undefined {
    const { states, values } = this.#directories;
    const plain = states.states.every(({ kind, status }) => kind === ValueKind.number && severityOf(status) === 'good');
    if (!values || !plain) return undefined;
    if (!values.grid) unpacker.load(this.#directories.body, this.#directories.payloadAt);
    const scratch = new Float64Array(values.grid ? 0 : BLOCK_SAMPLES);
    const ranges: BlockRange[] = [];
    for (let block = 0; block < blockCount(this.count); block++) {
      const count = blockLength(this.count, block);
      const range = values.grid
        ? rangeOfLevels(values.grid, values.blocks[block])
        : rangeOfBits(unpacker, values.blocks[block], count, scratch);
      if (!range || !Number.isFinite(range[0]) || !Number.isFinite(range[1])) return undefined;
      ranges.push({ count, firstTime: this.#firstTime(block), min: range[0], max: range[1] });
    }
    return ranges;
  }

  /** By how many log records each sample came later than expected; all 0 in most chunks. */
  lags(): Int32Array | undefined {
    const { lags: directory, body, payloadAt } = this.#directories;
    const lags = new Int32Array(this.count);
    if (!directory) return lags;
    unpacker.load(body, payloadAt);
    for (const [block, entry] of directory.blocks.entries()) {
      const count = blockLength(this.count, block);
      if (!unpackLags(unpacker, entry, count, lags, block * BLOCK_SAMPLES)) return undefined;
    }
    return lags;
  }

  #firstTime(block: number): number {
    const { times, body, payloadAt } = this.#directories;
    if (times) return times.blocks[block].firstTime;
    return new ByteSource(body, payloadAt + block * BLOCK_SAMPLES * 8, body.length).float64();
  }

  /** Writes the blocks from `first` to before `last` into `run` from row `at`. */
  #decode(first: number, last: number, run: SampleRun, at: number, firstString: number): boolean {
    const { times, values, states, body, payloadAt } = this.#directories;
    const firstRow = first * BLOCK_SAMPLES;
    const lastRow = Math.min(this.count, last * BLOCK_SAMPLES);
    unpacker.load(body, payloadAt);
    if (!times) {
      const raw = body.subarray(payloadAt + firstRow * 8, payloadAt + lastRow * 8);
      new Uint8Array(run.times.buffer, run.times.byteOffset + at * 8, raw.length).set(raw);
    }
    for (let block = first; block < last; block++) {
      const count = blockLength(this.count, block);
      const into = at + block * BLOCK_SAMPLES - firstRow;
      if (times && !unpackTimes(unpacker, times, times.blocks[block], count, run.times, into)) return false;
      if (!unpackValues(values, block, count, run.values, into)) return false;
    }
    fillStates(states, firstRow, lastRow, run, at, firstString);
    return true;
  }
}

function unpackValues(
  values: Directories['values'],
  block: number,
  count: number,
  into: Float64Array,
  at: number,
): boolean {
  if (values?.grid) return unpackLevels(unpacker, values.grid, values.blocks[block], count, into, at);
  if (values) return unpackBits(unpacker, values.blocks[block], count, into, at);
  into.fill(0, at, at + count);
  return true;
}

/**
 * A run to be filled. Its columns stand in one piece of memory that is not cleared, because to get and clear memory costs
 * more than to unpack into it.
 */
function denseRun(count: number, strings: readonly string[]): SampleRun {
  const memory = Buffer.allocUnsafeSlow(count * (8 + 8 + 4 + 1)).buffer;
  return {
    times: new Float64Array(memory, 0, count),
    values: new Float64Array(memory, count * 8, count),
    statuses: new Uint32Array(memory, count * 16, count),
    kinds: new Uint8Array(memory, count * 20, count),
    strings,
  };
}
