/**
 * Lags of a chunk: by how many records of the log each sample came later than the one before it suggests. Mostly 0, and
 * then nothing is written.
 *
 *     directory:  for each block: | least lag | packed fields |
 *     a field:    lag - least lag
 */

import type { ByteSink } from './byteSink.ts';
import type { ByteSource } from './byteSource.ts';
import { BLOCK_SAMPLES, blockCount, blockLength } from './chunkLayout.ts';
import {
  type FieldPacker,
  type FieldUnpacker,
  type PackedFields,
  packedWords,
  readPackedFields,
} from './packedFields.ts';

/** One block of lags. */
export interface LagBlock {
  readonly packed: PackedFields;
  readonly least: number;
}

export interface LagDirectory {
  readonly blocks: readonly LagBlock[];
  /** Where the lags end in the payload. */
  readonly end: number;
}

/** Writes the first `count` lags. */
export function writeLags(
  packer: FieldPacker,
  directory: ByteSink,
  payload: ByteSink,
  lags: Int32Array,
  count: number,
): void {
  const fields = new Int32Array(BLOCK_SAMPLES);
  for (let start = 0; start < count; start += BLOCK_SAMPLES) {
    const length = Math.min(BLOCK_SAMPLES, count - start);
    let least = lags[start];
    for (let row = 1; row < length; row++) if (lags[start + row] < least) least = lags[start + row];
    for (let row = 0; row < length; row++) fields[row] = lags[start + row] - least;
    directory.signed(least);
    packer.fit(fields, length);
    packer.write(directory, payload, fields, length);
  }
}

/** The account of `count` lags, whose fields begin at `at` of the payload. */
export function readLagDirectory(source: ByteSource, count: number, at: number): LagDirectory {
  const blocks: LagBlock[] = [];
  for (let block = 0; block < blockCount(count) && source.sound; block++) {
    const least = source.signed();
    const length = blockLength(count, block);
    const packed = readPackedFields(source, at, length);
    blocks.push({ packed, least });
    at += packedWords(packed, length);
  }
  return { blocks, end: at };
}

/** Writes the lags of a block into `lags` from row `into`. */
export function unpackLags(
  unpacker: FieldUnpacker,
  block: LagBlock,
  count: number,
  lags: Int32Array,
  into: number,
): void {
  unpacker.unpack(block.packed, count);
  for (let row = 0; row < count; row++) lags[into + row] = (unpacker.fields[row] + block.least) | 0;
}
