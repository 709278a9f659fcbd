/**
 * How a segment file is made up. All numbers are little-endian.
 *
 *     +------+---------+-----+---------+-------+-----------+---------+
 *     | head | chunk 0 | ... | chunk n | index | head copy | trailer |
 *     +------+---------+-----+---------+-------+-----------+---------+
 *
 *     head:     "TGAS" | version u8, zero x 3 | body length u32 | body, UTF-8 JSON: SegmentHead | crc32
 *     index:    one entry of 48 bytes for each chunk, in the order of the chunks: by tag, then by arrival
 *     trailer:  index offset u32 | entries u32 | head copy offset u32 | crc32 of the index | zero | crc32 | "TGAE"
 *
 *     an entry of the index:
 *     0     4       8        12       16         24         32           40            44          45
 *     +-----+-------+--------+--------+----------+----------+------------+-------------+-----------+----------+
 *     | tag | count | offset | length | min time | max time | last value | last status | last kind | zero x 3 |
 *     +-----+-------+--------+--------+----------+----------+------------+-------------+-----------+----------+
 *
 * The last value is that of the chunk's last sample, 0 where it is a string. The head stands twice, because what it says
 * (which records of the log need not be replayed) must survive damage. See `docs/formats/archive-segment.md`.
 */

import { crc32 } from 'node:zlib';
import type { StreamLedger } from '../ingest/streamLedger.ts';
import type { LogRange } from './archiveFiles.ts';

const HEAD_MAGIC = 0x53414754; // "TGAS" read as a little-endian number
const TRAILER_MAGIC = 0x45414754; // "TGAE"
const VERSION = 1;
const HEAD_FIXED_BYTES = 12;
const CHECKSUM_BYTES = 4;
/** A longer head is not one of ours. */
const MAX_HEAD_BYTES = 16 * 1024 * 1024;

export const TRAILER_BYTES = 28;
export const ENTRY_BYTES = 48;
export const ENTRY_AT = {
  tag: 0,
  count: 4,
  offset: 8,
  length: 12,
  minTime: 16,
  maxTime: 24,
  lastValue: 32,
  lastStatus: 40,
  lastKind: 44,
} as const;

/** What a segment makes durable beyond its samples: how far the log is covered, and the accounts as of there. */
export interface SegmentHead extends LogRange {
  readonly ledgers: readonly StreamLedger[];
}

export interface SegmentTrailer {
  readonly indexOffset: number;
  readonly entries: number;
  readonly headCopyOffset: number;
  readonly indexCrc: number;
}

export function encodeHead(head: SegmentHead): Uint8Array {
  const body = new TextEncoder().encode(JSON.stringify(head));
  const bytes = new Uint8Array(HEAD_FIXED_BYTES + body.length + CHECKSUM_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, HEAD_MAGIC, true);
  view.setUint8(4, VERSION);
  view.setUint32(8, body.length, true);
  bytes.set(body, HEAD_FIXED_BYTES);
  view.setUint32(HEAD_FIXED_BYTES + body.length, crc32(bytes.subarray(0, HEAD_FIXED_BYTES + body.length)), true);
  return bytes;
}

/** The head that `bytes` begin with and its length; `undefined` where it is damaged. */
export function decodeHead(bytes: Uint8Array): { readonly head: SegmentHead; readonly length: number } | undefined {
  const length = headLength(bytes);
  if (length === undefined || length > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const end = length - CHECKSUM_BYTES;
  if (view.getUint32(end, true) !== crc32(bytes.subarray(0, end))) return undefined;
  try {
    return { head: JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD_FIXED_BYTES, end))), length };
  } catch {
    return undefined;
  }
}

/** How long the head is that begins like this, if it is one of this version. */
export function headLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < HEAD_FIXED_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEAD_FIXED_BYTES);
  const body = view.getUint32(8, true);
  const known = view.getUint32(0, true) === HEAD_MAGIC && view.getUint8(4) === VERSION && body < MAX_HEAD_BYTES;
  return known ? HEAD_FIXED_BYTES + body + CHECKSUM_BYTES : undefined;
}

export function encodeTrailer({ indexOffset, entries, headCopyOffset, indexCrc }: SegmentTrailer): Uint8Array {
  const bytes = new Uint8Array(TRAILER_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [field, value] of [indexOffset, entries, headCopyOffset, indexCrc, 0].entries()) {
    view.setUint32(field * 4, value, true);
  }
  view.setUint32(20, crc32(bytes.subarray(0, 20)), true);
  view.setUint32(24, TRAILER_MAGIC, true);
  return bytes;
}

/** `undefined` where the trailer of a file of `fileBytes` is damaged or contradicts the length of the file. */
export function decodeTrailer(bytes: Uint8Array, fileBytes: number): SegmentTrailer | undefined {
  if (bytes.length !== TRAILER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, TRAILER_BYTES);
  if (view.getUint32(24, true) !== TRAILER_MAGIC || view.getUint32(20, true) !== crc32(bytes.subarray(0, 20))) {
    return undefined;
  }
  const trailer = {
    indexOffset: view.getUint32(0, true),
    entries: view.getUint32(4, true),
    headCopyOffset: view.getUint32(8, true),
    indexCrc: view.getUint32(12, true),
  };
  const indexEnd = trailer.indexOffset + trailer.entries * ENTRY_BYTES;
  return indexEnd === trailer.headCopyOffset && indexEnd < fileBytes - TRAILER_BYTES ? trailer : undefined;
}
