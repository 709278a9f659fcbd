/**
 * How a segment file is made up. All numbers are little-endian.
 *
 *     +------+---------+-----+---------+---------+------+----------+-----------+---------+
 *     | head | chunk 0 | ... | chunk n | entries | tags | receipts | head copy | trailer |
 *     +------+---------+-----+---------+---------+------+----------+-----------+---------+
 *
 *     head:     "TGAS" | version u8, zero x 3 | body length u32 | body, UTF-8 JSON: SegmentHead | crc32
 *     entries:  one for each chunk, in the order of the chunks: by tag, then by time (`chunkEntry.ts`)
 *     tags:     one row for each tag, ascending: where its entries are and its last sample (`tagDirectory.ts`)
 *     receipts: when the samples arrived (`receiptSection.ts`)
 *     trailer:  offset of entries, tags, receipts, head copy | number of entries, of tags | crc32 of tags, of receipts |
 *               zero | crc32 of the trailer | "TGAE", each u32
 *
 * The head stands twice, because what it says (which records of the log need not be replayed) must survive damage. See
 * `docs/formats/archive-segment.md`.
 */

import { crc32 } from 'node:zlib';
import type { StreamLedger } from '../../ingest/streamLedger.ts';
import type { SegmentRange } from '../archiveFiles.ts';
import type { DayCounts } from './dayCounts.ts';

const HEAD_MAGIC = 0x53414754; // "TGAS" read as a little-endian number
const TRAILER_MAGIC = 0x45414754; // "TGAE"
const VERSION = 2;
const HEAD_FIXED_BYTES = 12;
const CHECKSUM_BYTES = 4;
/** A longer head is not one of ours. */
const MAX_HEAD_BYTES = 16 * 1024 * 1024;
const TRAILER_FIELDS = 9;

export const TRAILER_BYTES = (TRAILER_FIELDS + 2) * 4;

/** What a segment makes durable beyond its samples: how far the log is covered, and the accounts as of there. */
export interface SegmentHead extends SegmentRange {
  /** When the first and the last of its samples arrived, in microseconds. */
  readonly received: { readonly first: number; readonly last: number };
  /** Samples by the day of their time, those that have expired since included. */
  readonly days: DayCounts;
  readonly ledgers: readonly StreamLedger[];
}

export interface SegmentTrailer {
  readonly entriesOffset: number;
  readonly tagsOffset: number;
  readonly receiptsOffset: number;
  readonly headCopyOffset: number;
  readonly entries: number;
  readonly tags: number;
  readonly tagsCrc: number;
  readonly receiptsCrc: number;
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

/** How many bytes of a head tell how long it is. */
export const HEAD_LENGTH_BYTES = HEAD_FIXED_BYTES;

export function encodeTrailer(trailer: SegmentTrailer): Uint8Array {
  const { entriesOffset, tagsOffset, receiptsOffset, headCopyOffset, entries, tags, tagsCrc, receiptsCrc } = trailer;
  const bytes = new Uint8Array(TRAILER_BYTES);
  const view = new DataView(bytes.buffer);
  const fields = [entriesOffset, tagsOffset, receiptsOffset, headCopyOffset, entries, tags, tagsCrc, receiptsCrc, 0];
  for (const [field, value] of fields.entries()) view.setUint32(field * 4, value, true);
  view.setUint32(TRAILER_FIELDS * 4, crc32(bytes.subarray(0, TRAILER_FIELDS * 4)), true);
  view.setUint32(TRAILER_FIELDS * 4 + 4, TRAILER_MAGIC, true);
  return bytes;
}

/** `undefined` where the trailer of a file of `fileBytes` is damaged or contradicts the length of the file. */
export function decodeTrailer(bytes: Uint8Array, fileBytes: number): SegmentTrailer | undefined {
  if (bytes.length !== TRAILER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, TRAILER_BYTES);
  const field = (number: number) => view.getUint32(number * 4, true);
  const sum = crc32(bytes.subarray(0, TRAILER_FIELDS * 4));
  if (field(TRAILER_FIELDS + 1) !== TRAILER_MAGIC || field(TRAILER_FIELDS) !== sum) return undefined;
  const offsets = {
    entriesOffset: field(0),
    tagsOffset: field(1),
    receiptsOffset: field(2),
    headCopyOffset: field(3),
  };
  const ascends = [...Object.values(offsets), fileBytes - TRAILER_BYTES];
  if (ascends.some((offset, place) => place > 0 && offset < ascends[place - 1])) return undefined;
  return { ...offsets, entries: field(4), tags: field(5), tagsCrc: field(6), receiptsCrc: field(7) };
}
