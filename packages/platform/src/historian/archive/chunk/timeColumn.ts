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
import { BLOCK_SAMPLES, blockCount, blockLength, MAX_CHUNK_BLOCKS } from './chunkLayout.ts';
import { type FieldPacker, type FieldUnpacker, MAX_FIELD_BITS, PackedDirectory } from './packedFields.ts';
import { findScanGrid } from './scanPeriod.ts';

/** Beyond these, sums of times are no longer exact, or fields do not fit. */
const MAX_EXACT = 2 ** 52;
const MAX_COUNT = 2 ** 30;

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

/** The account of a chunk's times, by block. It is filled again for the next chunk. */
export class TimeDirectory {
  readonly packed = new PackedDirectory();
  readonly firstTimes = new Float64Array(MAX_CHUNK_BLOCKS);
  readonly #leastSteps = new Int32Array(MAX_CHUNK_BLOCKS);
  readonly #leastRests = new Float64Array(MAX_CHUNK_BLOCKS);
  readonly #restBits = new Uint8Array(MAX_CHUNK_BLOCKS);
  /** Period and unit: in a column, because as fields of an object V8 keeps small numbers as integers. */
  readonly #grid = new Float64Array(2);

  /** Reads the account of `count` times, of which the first is `minTime`, and tells where they end in the payload. */
  read(source: ByteSource, count: number, minTime: number): number {
    this.#grid[0] = source.varint();
    this.#grid[1] = source.varint();
    let [firstTime, end] = [minTime, 0];
    for (let block = 0; block < blockCount(count) && source.sound; block++) {
      firstTime += source.varint() * this.#grid[1];
      this.firstTimes[block] = firstTime;
      this.#leastSteps[block] = source.varint();
      this.#leastRests[block] = -source.varint();
      this.#restBits[block] = source.byte();
      if (this.#restBits[block] > MAX_FIELD_BITS - 1) source.sound = false;
      end = this.packed.read(source, block, end, blockLength(count, block));
    }
    return end;
  }

  /** Writes the times of a block of `count` samples into `times` from row `into`. */
  unpack(unpacker: FieldUnpacker, block: number, count: number, times: Float64Array, into: number): void {
    unpacker.unpack(this.packed, block, count);
    const [perStep, perRest] = [this.#grid[0], this.#grid[1]];
    const first = this.firstTimes[block] + this.#leastRests[block] * perRest;
    unpacker.kernel.times(first, perStep, perRest, this.#leastSteps[block], this.#restBits[block]);
    unpacker.copyNumbers(count, times, into);
  }
}
