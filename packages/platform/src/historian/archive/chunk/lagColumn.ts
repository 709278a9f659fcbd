/**
 * Lags of a chunk: by how many records of the log each sample came later than the one before it suggests. Mostly 0, and
 * then nothing is written.
 *
 *     directory:  for each block: | least lag | packed fields |
 *     a field:    lag - least lag
 */

import type { ByteSink } from './byteSink.ts';
import type { ByteSource } from './byteSource.ts';
import { BLOCK_SAMPLES, blockCount, blockLength, MAX_CHUNK_BLOCKS } from './chunkLayout.ts';
import { type FieldPacker, type FieldUnpacker, PackedDirectory } from './packedFields.ts';

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

/** The account of a chunk's lags, by block. It is filled again for the next chunk. */
export class LagDirectory {
  readonly packed = new PackedDirectory();
  readonly leasts = new Float64Array(MAX_CHUNK_BLOCKS);

  /** Reads the account of `count` lags, whose fields begin at word `at` of the payload, and tells where they end. */
  read(source: ByteSource, count: number, at: number): number {
    let end = at;
    for (let block = 0; block < blockCount(count) && source.sound; block++) {
      this.leasts[block] = source.signed();
      end = this.packed.read(source, block, end, blockLength(count, block));
    }
    return end;
  }

  /** Writes the lags of a block of `count` samples into `lags` from row `into`. */
  unpack(unpacker: FieldUnpacker, block: number, count: number, lags: Int32Array, into: number): void {
    unpacker.unpack(this.packed, block, count);
    for (let row = 0; row < count; row++) lags[into + row] = (unpacker.fields[row] + this.leasts[block]) | 0;
  }
}
