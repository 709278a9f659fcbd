/** Reads chunks back from bytes that a disk may have changed: every defect is `undefined`, nothing throws. */

import { crc32 } from 'node:zlib';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { severityOf } from '@tidegate/core/sample/statusCode.ts';
import { clipRun, EMPTY_RUN, type SampleRun } from '../sampleRun.ts';
import { ByteSource } from './byteSource.ts';
import { ChunkDirectory, type ChunkForm } from './chunkDirectory.ts';
import {
  BLOCK_SAMPLES,
  blockCount,
  blockLength,
  CHECKSUM_BYTES,
  CHUNK_AT,
  MAX_CHUNK_SAMPLES,
  MIN_CHUNK_BYTES,
  ValueCoding,
} from './chunkLayout.ts';
import { FieldUnpacker } from './packedFields.ts';
import { denseRun, type RunMemory } from './runMemory.ts';
import { fillStates, readStateRuns, type StateRuns } from './stateRuns.ts';
import { StretchSummary } from './stretchSummary.ts';

/** What a chunk says of itself; its length in bytes is that of the whole chunk. */
export interface ChunkHeader extends ChunkForm {
  readonly tag: number;
  readonly length: number;
  readonly maxTime: number;
  readonly payloadAt: number;
}

/** All chunks are unpacked here, one after the other. */
const unpacker = new FieldUnpacker();
/** What is asked of single blocks is decoded here. */
const blockTimes = new Float64Array(BLOCK_SAMPLES);
const blockValues = new Float64Array(BLOCK_SAMPLES);
/** Those of the chunks that were used last, and the number of the one that is filled next. */
const directories = Array.from({ length: 4 }, () => new ChunkDirectory());
let nextDirectory = 0;

/** The chunk that begins at `at`, if a whole and undamaged one stands there. It reads `bytes` for as long as it lives. */
export function openChunk(bytes: Uint8Array, at = 0): Chunk | undefined {
  if (at + MIN_CHUNK_BYTES > bytes.length) return undefined;
  const head = new ByteSource(bytes, at, at + CHUNK_AT.directories);
  const [tag, length, count] = [head.uint32(), head.uint32(), head.uint16()];
  const [timeCoding, valueCoding, payloadAt] = [head.byte(), head.byte() as ValueCoding, head.uint32()];
  const [minTime, maxTime] = [head.float64(), head.float64()];
  if (length < MIN_CHUNK_BYTES || length > bytes.length - at) return undefined;
  const body = bytes.subarray(at, at + length - CHECKSUM_BYTES);
  if (new ByteSource(bytes, at + body.length, at + length).uint32() !== crc32(body)) return undefined;
  if (count < 1 || count > MAX_CHUNK_SAMPLES || timeCoding > 3 || valueCoding > ValueCoding.bits) return undefined;
  if (payloadAt < CHUNK_AT.directories || payloadAt > body.length) return undefined;
  const header = { tag, length, count, minTime, maxTime, timeCoding, valueCoding, payloadAt };
  const source = new ByteSource(body, CHUNK_AT.directories, payloadAt);
  const directory = oldestDirectory();
  const words = directory.read(source, header);
  const states = readStateRuns(source, count, source.at < payloadAt);
  if (!source.sound || source.at !== payloadAt || payloadAt + words * 4 !== body.length) return undefined;
  return new Chunk(header, directory, states, body);
}

function oldestDirectory(): ChunkDirectory {
  nextDirectory = (nextDirectory + 1) % directories.length;
  return directories[nextDirectory];
}

/** Whether a reader takes a summary in place of samples; see `Chunk.parts`. */
export type WantsSummary = (firstTime: number, latest: number, statusBits: number) => boolean;

export class Chunk {
  readonly header: ChunkHeader;
  readonly #states: StateRuns;
  readonly #body: Uint8Array;
  /** Its own as long as it has the chunk's header. */
  #directory: ChunkDirectory;

  constructor(header: ChunkHeader, directory: ChunkDirectory, states: StateRuns, body: Uint8Array) {
    this.header = header;
    this.#directory = directory;
    this.#states = states;
    this.#body = body;
  }

  get tag(): number {
    return this.header.tag;
  }

  get length(): number {
    return this.header.length;
  }

  get count(): number {
    return this.header.count;
  }

  get strings(): readonly string[] {
    return this.#states.strings;
  }

  /** All samples. */
  run(): SampleRun {
    return this.rows(0, blockCount(this.count));
  }

  /** The samples of the blocks from `first` to before `last`; in `memory`, or in memory of their own. */
  rows(first: number, last: number, memory?: RunMemory): SampleRun {
    const [from, to] = [first * BLOCK_SAMPLES, Math.min(this.count, last * BLOCK_SAMPLES)];
    const run = memory
      ? memory.take(from, to, this.strings, this.#isPlain)
      : denseRun(to - from, this.strings, this.#isPlain);
    this.#decode(first, last, run);
    return run;
  }

  /** The times of one block; in memory that those of the next have as well. */
  times(block: number): Float64Array {
    const times = blockTimes.subarray(0, blockLength(this.count, block));
    this.#decodeTimes(block, block + 1, times);
    return times;
  }

  /** The same of its values, where they are numbers. */
  values(block: number): Float64Array {
    const values = blockValues.subarray(0, blockLength(this.count, block));
    this.#decodeValues(block, block + 1, values);
    return values;
  }

  /** The samples with `start <= time < end`; only the blocks that hold some of them are decoded. */
  slice(start: number, end: number, memory?: RunMemory): SampleRun {
    if (!(start <= this.header.maxTime && end > this.header.minTime)) return EMPTY_RUN;
    const [first, last] = this.#blocksOf(start, end);
    return clipRun(this.rows(first, last, memory), start, end);
  }

  /**
   * As `slice`, in parts that follow each other: neighbouring blocks whose samples lie in `start <= time < end`, and which
   * `wants` by their first time, a time at or behind their last, and the bits of their statuses, come as one summary.
   */
  parts(start: number, end: number, wants: WantsSummary, memory?: RunMemory): (SampleRun | StretchSummary)[] {
    const statusBits = this.#goodBits();
    if (statusBits === undefined) return [this.slice(start, end, memory)];
    const parts: (SampleRun | StretchSummary)[] = [];
    const [first, last] = this.#blocksOf(start, end);
    let from = first;
    for (let block = first; block < last; ) {
      const firstTime = this.#firstTime(block);
      let to = block;
      while (firstTime >= start && to < last) {
        const latest = this.#latestTime(to);
        if (latest >= end || !wants(firstTime, latest, statusBits)) break;
        to++;
      }
      const stretch = to > block ? this.summary(block, to) : undefined;
      if (stretch) {
        if (from < block) parts.push(clipRun(this.rows(from, block, memory), start, end));
        parts.push(stretch);
        from = to;
      }
      block = Math.max(to, block + 1);
    }
    if (from < last) parts.push(clipRun(this.rows(from, last, memory), start, end));
    return parts;
  }

  /** The blocks from `from` to before `to` as their summary; `undefined` where a sample is not a good finite number. */
  summary(from: number, to: number): StretchSummary | undefined {
    const statusBits = this.#goodBits();
    if (statusBits === undefined) return undefined;
    const found = this.#read();
    let [min, max, minBlock, maxBlock] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, from, from];
    for (let block = from; block < to; block++) {
      const length = blockLength(this.count, block);
      const least = found.least(unpacker, block, length);
      const greatest = found.greatest(unpacker, block, length);
      // The difference is 0 for finite numbers only.
      if (least - least !== 0 || greatest - greatest !== 0) return undefined;
      if (least < min) [min, minBlock] = [least, block];
      if (greatest > max) [max, maxBlock] = [greatest, block];
    }
    const count = Math.min(this.count, to * BLOCK_SAMPLES) - from * BLOCK_SAMPLES;
    const firstTime = this.#firstTime(from);
    return new StretchSummary(this, { from, to, count, firstTime, min, max, minBlock, maxBlock, statusBits });
  }

  /** By how many log records each sample came later than expected; all 0 in most chunks. */
  lags(): Int32Array {
    const lags = new Int32Array(this.count);
    const found = this.#read();
    if (!found.hasLags) return lags;
    for (let block = 0; block < blockCount(this.count); block++) {
      found.unpackLags(unpacker, block, blockLength(this.count, block), lags);
    }
    return lags;
  }

  /** The directory, which says what this chunk has, and the payload in the hands of the unpacker. */
  #read(): ChunkDirectory {
    const { payloadAt } = this.header;
    unpacker.load(this.#body, payloadAt);
    if (this.#directory.form === this.header) return this.#directory;
    this.#directory = oldestDirectory();
    this.#directory.read(new ByteSource(this.#body, CHUNK_AT.directories, payloadAt), this.header);
    return this.#directory;
  }

  /** All statuses or-ed, where each sample is a number and good. */
  #goodBits(): number | undefined {
    let bits = 0;
    for (const { kind, status } of this.#states.states) {
      if (kind !== ValueKind.number || severityOf(status) !== 'good') return undefined;
      bits |= status;
    }
    return bits >>> 0;
  }

  /** As `SampleRun.isPlain`. */
  get #isPlain(): boolean {
    return this.#goodBits() !== undefined && this.#read().isFinite;
  }

  #firstTime(block: number): number {
    const found = this.#read();
    if (!found.isTimeRaw) return found.firstTime(block);
    const at = this.header.payloadAt + block * BLOCK_SAMPLES * 8;
    return new ByteSource(this.#body, at, this.#body.length).float64();
  }

  /** A time at or behind the last of a block. */
  #latestTime(block: number): number {
    return block + 1 < blockCount(this.count) ? this.#firstTime(block + 1) : this.header.maxTime;
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
    this.#decodeTimes(first, last, run.times);
    this.#decodeValues(first, last, run.values);
    fillStates(this.#states, first * BLOCK_SAMPLES, run);
  }

  #decodeTimes(first: number, last: number, times: Float64Array): void {
    const found = this.#read();
    if (found.isTimeRaw) {
      const from = this.header.payloadAt + first * BLOCK_SAMPLES * 8;
      new Uint8Array(times.buffer, times.byteOffset).set(this.#body.subarray(from, from + times.length * 8));
      return;
    }
    for (let block = first; block < last; block++) {
      found.unpackTimes(unpacker, block, blockLength(this.count, block), times, (block - first) * BLOCK_SAMPLES);
    }
  }

  /** What is no number is left as it may be: its state tells. */
  #decodeValues(first: number, last: number, values: Float64Array): void {
    const found = this.#read();
    for (let block = first; block < last; block++) {
      found.unpackValues(unpacker, block, blockLength(this.count, block), values, (block - first) * BLOCK_SAMPLES);
    }
  }
}
