/**
 * Times of a chunk: whole scan periods and what is left over. A source that scans every second and reports by exception has
 * steps of any number of seconds, each off by a few milliseconds: two small numbers instead of a large one.
 *
 *     directory:  | period | unit |  and for each block:
 *                 | first time - first time of the block before, in units | least step in periods | least rest in units |
 *                 | bits of a rest | packed fields |
 *     a field:    (step - least step) << bits of a rest | (rest - least rest)
 *
 * In the raw coding there is no directory and every time is a float64.
 */

import type { ByteSink } from './byteSink.ts';
import type { ByteSource } from './byteSource.ts';
import { BLOCK_SAMPLES, blockCount, blockLength } from './chunkLayout.ts';
import {
  type FieldPacker,
  type FieldUnpacker,
  MAX_FIELD_BITS,
  type PackedFields,
  packedWords,
  readPackedFields,
} from './packedFields.ts';
import { findScanGrid } from './scanPeriod.ts';

/** Beyond these, sums of times are no longer exact, or fields do not fit. */
const MAX_EXACT = 2 ** 52;
const MAX_COUNT = 2 ** 30;

/** Numbers that went through here are multiplied as float64; as fields of an object V8 keeps small ones as integers. */
const COEFFICIENTS = new Float64Array(3);

/** One block of times, as the directory has it. */
export interface TimeBlock {
  readonly packed: PackedFields;
  readonly firstTime: number;
  readonly leastStep: number;
  readonly leastRest: number;
  readonly restBits: number;
}

export interface TimeDirectory {
  readonly period: number;
  readonly unit: number;
  readonly blocks: readonly TimeBlock[];
  /** Where the times end in the payload. */
  readonly end: number;
}

export class TimeColumnEncoder {
  readonly #steps = new Int32Array(BLOCK_SAMPLES);
  readonly #rests = new Int32Array(BLOCK_SAMPLES);
  readonly #fields = new Int32Array(BLOCK_SAMPLES);

  /** Writes the rows from `from` to before `to`. False where that cannot be done exactly; what was written is void then. */
  encode(
    packer: FieldPacker,
    directory: ByteSink,
    payload: ByteSink,
    times: Float64Array,
    from: number,
    to: number,
  ): boolean {
    if (!(times[from] > -MAX_EXACT && times[to - 1] < MAX_EXACT)) return false;
    const { period, unit } = findScanGrid(times, from, to);
    directory.varint(period);
    directory.varint(unit);
    let before = times[from];
    for (let start = from; start < to; start += BLOCK_SAMPLES) {
      const count = Math.min(BLOCK_SAMPLES, to - start);
      const ahead = Math.round((times[start] - before) / unit);
      before += ahead * unit;
      if (before !== times[start]) return false;
      directory.varint(ahead);
      if (!this.#encodeBlock(packer, directory, payload, times, start, count, period, unit)) return false;
    }
    return true;
  }

  #encodeBlock(
    packer: FieldPacker,
    directory: ByteSink,
    payload: ByteSink,
    times: Float64Array,
    start: number,
    count: number,
    period: number,
    unit: number,
  ): boolean {
    const steps = this.#steps;
    const rests = this.#rests;
    const fields = this.#fields;
    const first = times[start];
    if (!Number.isInteger(first)) return false;
    if (!(times[start + count - 1] - first < MAX_COUNT * period && period < MAX_COUNT * unit)) return false;
    const [perPeriod, perUnit] = [1 / period, 1 / unit];
    let [before, leastStep, mostStep, leastRest, mostRest] = [0, count === 1 ? 0 : MAX_COUNT, 0, 0, 0];
    for (let row = 1; row < count; row++) {
      const since = times[start + row] - first;
      const n = (since * perPeriod + 0.5) | 0;
      const rest = Math.floor((since - n * period) * perUnit + 0.5) | 0;
      // A rest that is no whole number of units, or a time that is no whole number, does not come back.
      if (first + n * period + rest * unit !== times[start + row]) return false;
      const step = (n - before) | 0;
      before = n;
      steps[row] = step;
      rests[row] = rest;
      if (step < leastStep) leastStep = step;
      if (step > mostStep) mostStep = step;
      if (rest < leastRest) leastRest = rest;
      if (rest > mostRest) mostRest = rest;
    }
    const restBits = 32 - Math.clz32(mostRest - leastRest);
    if (restBits + 32 - Math.clz32(mostStep - leastStep) > MAX_FIELD_BITS || restBits === 32) return false;
    fields[0] = -leastRest;
    for (let row = 1; row < count; row++) {
      fields[row] = ((steps[row] - leastStep) << restBits) | (rests[row] - leastRest);
    }
    directory.varint(leastStep);
    directory.varint(-leastRest);
    directory.byte(restBits);
    packer.fit(fields, count);
    packer.write(directory, payload, fields, count);
    return true;
  }
}

/** The account of the times of `count` samples, of which the first is `minTime`. */
export function readTimeDirectory(source: ByteSource, count: number, minTime: number): TimeDirectory {
  const period = source.varint();
  const unit = source.varint();
  const blocks: TimeBlock[] = [];
  let [firstTime, at] = [minTime, 0];
  for (let block = 0; block < blockCount(count) && source.sound; block++) {
    firstTime += source.varint() * unit;
    const leastStep = source.varint();
    const leastRest = -source.varint();
    const restBits = source.byte();
    if (restBits > MAX_FIELD_BITS - 1) source.sound = false;
    const length = blockLength(count, block);
    const packed = readPackedFields(source, at, length);
    blocks.push({ packed, firstTime, leastStep, leastRest, restBits });
    at += packedWords(packed, length);
  }
  return { period, unit, blocks, end: at };
}

/** Writes the times of a block into `times` from row `into`. */
export function unpackTimes(
  unpacker: FieldUnpacker,
  { period, unit }: TimeDirectory,
  block: TimeBlock,
  count: number,
  times: Float64Array,
  into: number,
): void {
  unpacker.unpack(block.packed, count);
  const { fields } = unpacker;
  const { restBits } = block;
  const restMask = (1 << restBits) - 1;
  COEFFICIENTS[0] = block.firstTime + block.leastRest * unit;
  COEFFICIENTS[1] = period;
  COEFFICIENTS[2] = unit;
  const [first, perStep, perRest] = [COEFFICIENTS[0], COEFFICIENTS[1], COEFFICIENTS[2]];
  const leastStep = block.leastStep | 0;
  // The first field has no step of its own. Counts of sound bytes are far below 2^31, others may come out as anything.
  let n = -leastStep | 0;
  for (let row = 0; row < count; row++) {
    const field = fields[row];
    n = (n + leastStep + (field >>> restBits)) | 0;
    times[into + row] = first + n * perStep + (field & restMask) * perRest;
  }
}
