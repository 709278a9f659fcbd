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
import { BLOCK_SAMPLES, blockCount, blockLength, ValueCoding } from './chunkLayout.ts';
import {
  type FieldPacker,
  type FieldUnpacker,
  type PackedFields,
  packedWords,
  readPackedFields,
} from './packedFields.ts';
import { MAX_LEVEL, POWERS_OF_TEN, type ValueGrid, valueOfLevel } from './valueGrid.ts';

/** One block of values on a grid. */
export interface LevelBlock {
  readonly packed: PackedFields;
  readonly least: number;
  readonly greatest: number;
  /** Whether the fields are steps from level to level. */
  readonly stepped: boolean;
  readonly first: number;
  readonly leastStep: number;
}

/** One block of values of which only the bits are known. */
export interface BitsBlock {
  readonly first: number;
  readonly high: PackedFields;
  readonly highShift: number;
  readonly low: PackedFields;
  readonly lowShift: number;
  readonly leastRow: number;
  readonly greatestRow: number;
}

export interface GridDirectory {
  readonly grid: ValueGrid;
  readonly blocks: readonly LevelBlock[];
  /** Where the values end in the payload. */
  readonly end: number;
}

export interface BitsDirectory {
  readonly grid: undefined;
  readonly blocks: readonly BitsBlock[];
  readonly end: number;
}

/** Row of the least value of a block that holds a NaN or an infinity. */
const NO_ROW = 255;
/** Numbers that went through here are multiplied as float64; as fields of an object V8 keeps small ones as integers. */
const COEFFICIENTS = new Float64Array(3);
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

/** The account of `count` values on a grid, whose fields begin at `at` of the payload. */
export function readGridDirectory(source: ByteSource, coding: ValueCoding, count: number, at: number): GridDirectory {
  const base = source.float64();
  const step = source.float64();
  const places = source.byte();
  if (places >= POWERS_OF_TEN.length) source.sound = false;
  const blocks: LevelBlock[] = [];
  let least = 0;
  for (let block = 0; block < blockCount(count) && source.sound; block++) {
    const length = blockLength(count, block);
    const packed = readPackedFields(source, at, length);
    const form = source.byte();
    least += source.signed();
    const greatest = least + source.varint();
    const stepped = form === 1;
    const first = stepped ? least + source.varint() : 0;
    const leastStep = stepped ? source.signed() : 0;
    if (form > 1) source.sound = false;
    blocks.push({ packed, least, greatest, stepped, first, leastStep });
    at += packedWords(packed, length);
  }
  return { grid: { coding, base, step, places }, blocks, end: at };
}

/** The account of `count` values as bits. */
export function readBitsDirectory(source: ByteSource, count: number, at: number): BitsDirectory {
  const blocks: BitsBlock[] = [];
  for (let block = 0; block < blockCount(count) && source.sound; block++) {
    const length = blockLength(count, block);
    const first = source.float64();
    const high = readPackedFields(source, at, length);
    const highShift = source.byte();
    at += packedWords(high, length);
    const low = readPackedFields(source, at, length);
    const lowShift = source.byte();
    at += packedWords(low, length);
    const [leastRow, greatestRow] = [source.byte(), source.byte()];
    if (highShift > 31 || lowShift > 31) source.sound = false;
    if ((leastRow >= length || greatestRow >= length) && !(leastRow === NO_ROW && greatestRow === NO_ROW)) {
      source.sound = false;
    }
    blocks.push({ first, high, highShift, low, lowShift, leastRow, greatestRow });
  }
  return { grid: undefined, blocks, end: at };
}

/** Writes the values of a block into `values` from row `into`. */
export function unpackLevels(
  unpacker: FieldUnpacker,
  grid: ValueGrid,
  block: LevelBlock,
  count: number,
  values: Float64Array,
  into: number,
): void {
  unpacker.unpack(block.packed, count);
  const { fields } = unpacker;
  COEFFICIENTS[0] = grid.base;
  COEFFICIENTS[1] = grid.step;
  COEFFICIENTS[2] = POWERS_OF_TEN[grid.places];
  const [base, step, scale] = [COEFFICIENTS[0], COEFFICIENTS[1], COEFFICIENTS[2]];
  // A level follows from the one before it, or from the least one. All of it is modulo 2^32.
  const carried = block.stepped ? -1 : 0;
  const rise = (block.stepped ? block.leastStep : block.least) | 0;
  let level = block.stepped ? (block.first - block.leastStep) | 0 : 0;
  switch (grid.coding) {
    case ValueCoding.float32:
      for (let row = 0; row < count; row++) {
        level = ((level & carried) + rise + fields[row]) | 0;
        values[into + row] = Math.fround(base + level * step);
      }
      break;
    case ValueCoding.decimal:
      for (let row = 0; row < count; row++) {
        level = ((level & carried) + rise + fields[row]) | 0;
        values[into + row] = Math.floor(base + level * step + 0.5) / scale;
      }
      break;
    default:
      for (let row = 0; row < count; row++) {
        level = ((level & carried) + rise + fields[row]) | 0;
        values[into + row] = base + level * step;
      }
  }
}

export function unpackBits(
  unpacker: FieldUnpacker,
  { first, high, highShift, low, lowShift }: BitsBlock,
  count: number,
  values: Float64Array,
  into: number,
): void {
  PAIR[0] = first;
  const [firstLow, firstHigh] = PAIR_BITS;
  const bits = new Uint32Array(values.buffer, values.byteOffset + into * 8, count * 2);
  const { fields } = unpacker;
  unpacker.unpack(low, count);
  for (let row = 0; row < count; row++) bits[row * 2] = firstLow ^ (fields[row] << lowShift);
  unpacker.unpack(high, count);
  for (let row = 0; row < count; row++) bits[row * 2 + 1] = firstHigh ^ (fields[row] << highShift);
}

/** The least and the greatest value of a block on a grid. */
export function rangeOfLevels(grid: ValueGrid, { least, greatest }: LevelBlock): [number, number] {
  return [valueOfLevel(grid, least), valueOfLevel(grid, greatest)];
}

/** The least and the greatest value of a block of bits; `undefined` where one of its values is not finite. */
export function rangeOfBits(
  unpacker: FieldUnpacker,
  block: BitsBlock,
  count: number,
  values: Float64Array,
): [number, number] | undefined {
  if (block.leastRow === NO_ROW) return undefined;
  unpackBits(unpacker, block, count, values, 0);
  return [values[block.leastRow], values[block.greatestRow]];
}
