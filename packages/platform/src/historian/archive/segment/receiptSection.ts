/**
 * The receipts of a segment as they stand in its file, as a whole compressed with zstd.
 *
 *     +----------------+---------------+------------+------------------+---------------+---------------+
 *     | json bytes u32 | rows u32      | json       | received at, f64 | horizons, f64 | streams, u16  |
 *     +----------------+---------------+------------+------------------+---------------+---------------+
 *
 * The JSON is the list of the names of streams, padded with spaces to a multiple of 8 bytes.
 */

import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Receipts } from '../receipts.ts';

const FIXED_BYTES = 8;
const ROW_BYTES = 18;
/** A larger section is not one of ours: a segment spans months, and has a row a second for each of its streams. */
const MAX_BYTES = 2 ** 31;

export function encodeReceipts({ streams, receivedAt, horizons, streamOf }: Receipts): Uint8Array {
  const rows = receivedAt.length;
  const names = Buffer.from(JSON.stringify(streams));
  const padded = Math.ceil(names.length / 8) * 8;
  const bytes = new Uint8Array(FIXED_BYTES + padded + rows * ROW_BYTES).fill(0x20, FIXED_BYTES, FIXED_BYTES + padded);
  new Uint32Array(bytes.buffer, 0, 2).set([padded, rows]);
  bytes.set(names, FIXED_BYTES);
  const at = FIXED_BYTES + padded;
  new Float64Array(bytes.buffer, at, rows).set(receivedAt);
  new Float64Array(bytes.buffer, at + rows * 8, rows).set(horizons);
  new Uint16Array(bytes.buffer, at + rows * 16, rows).set(streamOf);
  return zstdCompressSync(bytes);
}

/** `undefined` where the bytes are not what `encodeReceipts` gives. */
export function decodeReceipts(compressed: Uint8Array): Receipts | undefined {
  try {
    const { buffer } = new Uint8Array(zstdDecompressSync(compressed, { maxOutputLength: MAX_BYTES }));
    const [padded, rows] = new Uint32Array(buffer, 0, 2);
    if (FIXED_BYTES + padded + rows * ROW_BYTES !== buffer.byteLength) return undefined;
    const at = FIXED_BYTES + padded;
    const streams = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, FIXED_BYTES, padded))) as string[];
    return {
      streams,
      receivedAt: new Float64Array(buffer, at, rows),
      horizons: new Float64Array(buffer, at + rows * 8, rows),
      streamOf: new Uint16Array(buffer, at + rows * 16, rows),
    };
  } catch {
    return undefined;
  }
}
