/**
 * Values of a chunk as levels of a grid, or as bits.
 *
 *     grid directory:  | base: 8 | step: 8 | places |  and for each block:
 *                      | packed fields | form | least level - least level of the block before | greatest - least level |
 *                      form 1, steps:  | first - least level | least step |
 *     a field:         form 0, levels: level - least level;  form 1: level - level before - least step
 *
 *     bits directory:  for each block:
 *                      | first value: 8 | high: packed fields, shift | low: packed fields, shift | rows of least, greatest |
 *     a field:         (bits of the value xor bits of the first value) >>> shift, for the upper and the lower 32 bits
 */

import type { ByteSink } from './byteSink.ts';
import type { ByteSource } from './byteSource.ts';
import { BLOCK_SAMPLES, blockCount, blockLength, MAX_CHUNK_BLOCKS, ValueCoding } from './chunkLayout.ts';
import { type FieldPacker, type FieldUnpacker, PackedDirectory } from './packedFields.ts';
import { isFiniteGrid, MAX_LEVEL, POWERS_OF_TEN, type ValueGrid, valueOfLevel } from './valueGrid.ts';

/** Row of the least value of a block that holds a NaN or an infinity. */
const NO_ROW = 255;
const PAIR = new Float64Array(1);
const PAIR_BITS = new Uint32Array(PAIR.buffer);

export class ValueColumnEncoder {
  readonly #fields = new Int32Array(BLOCK_SAMPLES);
  readonly #lowFields = new Int32Array(BLOCK_SAMPLES);

  /** Writes values by their levels on a grid. */
  encodeLevels(
    packer: FieldPacker,
    directory: ByteSink,
    payload: ByteSink,
    { base, step, places }: ValueGrid,
    levels: Int32Array,
    count: number,
  ): void {
    directory.float64(base);
    directory.float64(step);
    directory.byte(places);
    let before = 0;
    for (let start = 0; start < count; start += BLOCK_SAMPLES) {
      before = this.#encodeLevelBlock(
        packer,
        directory,
        payload,
        levels,
        start,
        Math.min(BLOCK_SAMPLES, count - start),
        before,
      );
    }
  }

  #encodeLevelBlock(
    packer: FieldPacker,
    directory: ByteSink,
    payload: ByteSink,
    levels: Int32Array,
    start: number,
    count: number,
    before: number,
  ): number {
    const fields = this.#fields;
    const first = levels[start];
    let [least, greatest, leastStep, previous] = [first, first, MAX_LEVEL * 2, first];
    for (let row = 1; row < count; row++) {
      const level = levels[start + row];
      if (level < least) least = level;
      if (level > greatest) greatest = level;
      if (level - previous < leastStep) leastStep = level - previous;
      previous = level;
    }
    const levelBits = (32 - Math.clz32(greatest - least)) * count;
    if (count === 1) leastStep = 0;
    fields[0] = 0;
    for (let row = 1; row < count; row++) fields[row] = levels[start + row] - levels[start + row - 1] - leastStep;
    packer.fit(fields, count);
    // A stepped block names its first level and its least step as well.
    const stepped = packer.bits + 24 < levelBits;
    if (!stepped) {
      for (let row = 0; row < count; row++) fields[row] = levels[start + row] - least;
      packer.fit(fields, count);
    }
    packer.write(directory, payload, fields, count);
    directory.byte(stepped ? 1 : 0);
    directory.signed(least - before);
    directory.varint(greatest - least);
    if (stepped) {
      directory.varint(first - least);
      directory.signed(leastStep);
    }
    return least;
  }

  /** Writes values by the bits in which they differ. */
  encodeBits(packer: FieldPacker, directory: ByteSink, payload: ByteSink, values: Float64Array, count: number): void {
    const bits = new Uint32Array(values.buffer, values.byteOffset, count * 2);
    for (let start = 0; start < count; start += BLOCK_SAMPLES) {
      this.#encodeBitsBlock(packer, directory, payload, values, bits, start, Math.min(BLOCK_SAMPLES, count - start));
    }
  }

  #encodeBitsBlock(
    packer: FieldPacker,
    directory: ByteSink,
    payload: ByteSink,
    values: Float64Array,
    bits: Uint32Array,
    start: number,
    count: number,
  ): void {
    const high = this.#fields;
    const low = this.#lowFields;
    let [highBits, lowBits, leastRow, greatestRow, finite] = [0, 0, 0, 0, true];
    for (let row = 0; row < count; row++) {
      low[row] = bits[(start + row) * 2] ^ bits[start * 2];
      high[row] = bits[(start + row) * 2 + 1] ^ bits[start * 2 + 1];
      lowBits |= low[row];
      highBits |= high[row];
      const value = values[start + row];
      if (value < values[start + leastRow]) leastRow = row;
      if (value > values[start + greatestRow]) greatestRow = row;
      if (value - value !== 0) finite = false;
    }
    const highShift = trailingZeros(highBits);
    const lowShift = trailingZeros(lowBits);
    for (let row = 0; row < count; row++) {
      high[row] >>>= highShift;
      low[row] >>>= lowShift;
    }
    directory.float64(values[start]);
    packer.fit(high, count);
    packer.write(directory, payload, high, count);
    directory.byte(highShift);
    packer.fit(low, count);
    packer.write(directory, payload, low, count);
    directory.byte(lowShift);
    directory.byte(finite ? leastRow : NO_ROW);
    directory.byte(finite ? greatestRow : NO_ROW);
  }
}

/** Zero bits below the lowest one; 0 for 0. */
function trailingZeros(bits: number): number {
  return bits === 0 ? 0 : 31 - Math.clz32(bits & -bits);
}

/** The account of a chunk's values on a grid, by block. It is filled again for the next chunk. */
export class LevelDirectory {
  readonly packed = new PackedDirectory();
  readonly #leasts = new Float64Array(MAX_CHUNK_BLOCKS);
  readonly #greatests = new Float64Array(MAX_CHUNK_BLOCKS);
  /** 1 where the fields are steps from level to level. */
  readonly #isStepped = new Uint8Array(MAX_CHUNK_BLOCKS);
  readonly #firsts = new Float64Array(MAX_CHUNK_BLOCKS);
  readonly #leastSteps = new Float64Array(MAX_CHUNK_BLOCKS);
  #grid: ValueGrid = { coding: ValueCoding.exact, base: 0, step: 0, places: 0 };

  /** Reads the account of `count` values, whose fields begin at word `at` of the payload, and tells where they end. */
  read(source: ByteSource, coding: ValueCoding, count: number, at: number): number {
    const [base, step, places] = [source.float64(), source.float64(), source.byte()];
    if (places >= POWERS_OF_TEN.length) source.sound = false;
    this.#grid = { coding, base, step, places };
    let [least, end] = [0, at];
    for (let block = 0; block < blockCount(count) && source.sound; block++) {
      end = this.packed.read(source, block, end, blockLength(count, block));
      const form = source.byte();
      if (form > 1) source.sound = false;
      least += source.signed();
      this.#leasts[block] = least;
      this.#greatests[block] = least + source.varint();
      this.#isStepped[block] = form;
      if (form === 0) continue;
      this.#firsts[block] = least + source.varint();
      this.#leastSteps[block] = source.signed();
    }
    return end;
  }

  least(block: number): number {
    return valueOfLevel(this.#grid, this.#leasts[block]);
  }

  greatest(block: number): number {
    return valueOfLevel(this.#grid, this.#greatests[block]);
  }

  get isFinite(): boolean {
    return isFiniteGrid(this.#grid);
  }

  /** Writes the values of a block of `count` samples into `values` from row `into`. */
  unpack(unpacker: FieldUnpacker, block: number, count: number, values: Float64Array, into: number): void {
    unpacker.unpack(this.packed, block, count);
    const { kernel } = unpacker;
    // A level follows from the one before it, or from the least one. All of it is modulo 2^32.
    const leastStep = this.#leastSteps[block];
    if (this.#isStepped[block] === 1) kernel.carry(this.#firsts[block] - leastStep, leastStep);
    else kernel.lift(this.#leasts[block]);
    const { coding, base, step, places } = this.#grid;
    if (coding === ValueCoding.float32) kernel.float32(base, step);
    else if (coding === ValueCoding.decimal) kernel.decimal(base, step, POWERS_OF_TEN[places]);
    else kernel.exact(base, step);
    unpacker.copyNumbers(count, values, into);
  }
}

/** The account of a chunk's values as bits, by block. It is filled again for the next chunk. */
export class BitsDirectory {
  readonly #firsts = new Float64Array(MAX_CHUNK_BLOCKS);
  readonly #high = new PackedDirectory();
  readonly #highShifts = new Uint8Array(MAX_CHUNK_BLOCKS);
  readonly #low = new PackedDirectory();
  readonly #lowShifts = new Uint8Array(MAX_CHUNK_BLOCKS);
  readonly #leastRows = new Uint8Array(MAX_CHUNK_BLOCKS);
  readonly #greatestRows = new Uint8Array(MAX_CHUNK_BLOCKS);
  /** Where ranges are found. */
  readonly #values = new Float64Array(BLOCK_SAMPLES);

  /** Reads the account of `count` values, whose fields begin at word `at` of the payload, and tells where they end. */
  read(source: ByteSource, count: number, at: number): number {
    let end = at;
    for (let block = 0; block < blockCount(count) && source.sound; block++) {
      const length = blockLength(count, block);
      this.#firsts[block] = source.float64();
      end = this.#high.read(source, block, end, length);
      const highShift = source.byte();
      end = this.#low.read(source, block, end, length);
      const lowShift = source.byte();
      const [leastRow, greatestRow] = [source.byte(), source.byte()];
      if (highShift > 31 || lowShift > 31) source.sound = false;
      if ((leastRow >= length || greatestRow >= length) && !(leastRow === NO_ROW && greatestRow === NO_ROW)) {
        source.sound = false;
      }
      this.#highShifts[block] = highShift;
      this.#lowShifts[block] = lowShift;
      this.#leastRows[block] = leastRow;
      this.#greatestRows[block] = greatestRow;
    }
    return end;
  }

  /** NaN where one of the values is not finite. */
  least(unpacker: FieldUnpacker, block: number, count: number): number {
    return this.#valueAt(unpacker, block, count, this.#leastRows[block]);
  }

  /** As `least`. */
  greatest(unpacker: FieldUnpacker, block: number, count: number): number {
    return this.#valueAt(unpacker, block, count, this.#greatestRows[block]);
  }

  /** Writes the values of a block of `count` samples into `values` from row `into`. */
  unpack(unpacker: FieldUnpacker, block: number, count: number, values: Float64Array, into: number): void {
    PAIR[0] = this.#firsts[block];
    const [firstLow, firstHigh] = PAIR_BITS;
    const [highShift, lowShift] = [this.#highShifts[block], this.#lowShifts[block]];
    const bits = new Uint32Array(values.buffer, values.byteOffset + into * 8, count * 2);
    const { fields } = unpacker;
    unpacker.unpack(this.#low, block, count);
    for (let row = 0; row < count; row++) bits[row * 2] = firstLow ^ (fields[row] << lowShift);
    unpacker.unpack(this.#high, block, count);
    for (let row = 0; row < count; row++) bits[row * 2 + 1] = firstHigh ^ (fields[row] << highShift);
  }

  #valueAt(unpacker: FieldUnpacker, block: number, count: number, row: number): number {
    if (row === NO_ROW) return Number.NaN;
    this.unpack(unpacker, block, count, this.#values, 0);
    return this.#values[row];
  }
}
