/**
 * How a record stands in a segment file. All numbers are little-endian; a segment holds records and nothing else.
 *
 *     0        4        8               16            20           24
 *     +--------+--------+---------------+-------------+------------+---------+
 *     | "TGJ1" | length | record number | payload crc | header crc | payload |
 *     +--------+--------+---------------+-------------+------------+---------+
 *
 * The length counts the payload alone, in 31 bits; the highest bit is set where the record stands in the same write as the
 * one before it, because after a power cut parts of a write may be missing and others there. The header's checksum covers the 20 bytes before it and starts from the salt of
 * the segment, which is in the file's name, plus the offset of the header in the file: a payload that happens to hold a
 * piece of a journal, even of this one, cannot be mistaken for records when a reader looks for the next header behind
 * damage. See `docs/formats/journal.md`.
 *
 * In this module `origin` is the salt plus the offset in the file at which `bytes` begins.
 */

import { crc32 } from 'node:zlib';

export const HEADER_BYTES = 24;
/** A longer payload is not one of ours; it bounds what a reader holds at once. */
export const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

const MAGIC = 0x314a4754; // "TGJ1" read as a little-endian number
const MAGIC_BYTES = Buffer.from('TGJ1');
const AT = { magic: 0, length: 4, number: 8, payloadCrc: 16, headerCrc: 20 } as const;
const TWO_POW_32 = 2 ** 32;
const CONTINUES = 2 ** 31;

/** What a header says; one object is used again so that a scan allocates nothing per record. */
export interface RecordHeader {
  number: number;
  length: number;
  payloadCrc: number;
  /** Whether it was written together with the record before it. */
  continues: boolean;
}

export function blankHeader(number = 0): RecordHeader {
  return { number, length: 0, payloadCrc: 0, continues: false };
}

/** What a header is made of; `seed` is the salt plus the header's offset in the file. */
export interface HeaderParts {
  readonly number: number;
  readonly payload: Uint8Array;
  readonly continues: boolean;
  readonly seed: number;
}

/** Writes the header of a record at `at`. */
export function writeHeader(into: Buffer, at: number, { number, payload, continues, seed }: HeaderParts): void {
  into.writeUInt32LE(MAGIC, at + AT.magic);
  into.writeUInt32LE(payload.length + (continues ? CONTINUES : 0), at + AT.length);
  into.writeUInt32LE(number % TWO_POW_32, at + AT.number);
  into.writeUInt32LE(Math.floor(number / TWO_POW_32), at + AT.number + 4);
  into.writeUInt32LE(crc32(payload), at + AT.payloadCrc);
  into.writeUInt32LE(crc32(into.subarray(at, at + AT.headerCrc), seed >>> 0), at + AT.headerCrc);
}

/** Reads the header at `at` into `header`; false where there is none that its checksum confirms. */
export function readHeader(bytes: Buffer, at: number, origin: number, header: RecordHeader): boolean {
  if (at + HEADER_BYTES > bytes.length || bytes.readUInt32LE(at + AT.magic) !== MAGIC) return false;
  if (bytes.readUInt32LE(at + AT.headerCrc) !== crc32(bytes.subarray(at, at + AT.headerCrc), (origin + at) >>> 0))
    return false;
  const length = bytes.readUInt32LE(at + AT.length);
  header.continues = length >= CONTINUES;
  header.length = header.continues ? length - CONTINUES : length;
  header.number = bytes.readUInt32LE(at + AT.number) + bytes.readUInt32LE(at + AT.number + 4) * TWO_POW_32;
  header.payloadCrc = bytes.readUInt32LE(at + AT.payloadCrc);
  return header.length <= MAX_PAYLOAD_BYTES && Number.isSafeInteger(header.number);
}

/** The first offset at or behind `from` where a header stands whose number is in [low, limit); -1 where there is none. */
export function findHeader(bytes: Buffer, from: number, origin: number, low: number, limit: number): number {
  const header = blankHeader();
  for (let at = bytes.indexOf(MAGIC_BYTES, from); at >= 0; at = bytes.indexOf(MAGIC_BYTES, at + 1)) {
    if (readHeader(bytes, at, origin, header) && header.number >= low && header.number < limit) return at;
  }
  return -1;
}

/** True where the payload behind the header at `at` is whole and is what was written. */
export function payloadIsGood(bytes: Buffer, at: number, header: RecordHeader): boolean {
  const start = at + HEADER_BYTES;
  const end = start + header.length;
  return end <= bytes.length && crc32(bytes.subarray(start, end)) === header.payloadCrc;
}
