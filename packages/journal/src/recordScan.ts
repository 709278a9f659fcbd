/** Walks through the bytes of a segment, over damage, and tells what is there. */

import { findHeader, HEADER_BYTES, payloadIsGood, type RecordHeader, readHeader } from './recordLayout.ts';

export interface ScanVisitor {
  /** A record that both its checksums confirm; its header stands at `offset`, its payload ends before `end`. */
  record(number: number, offset: number, end: number): void;
  /** Bytes from `offset` to `end` that held the records from `firstNumber` to below `endNumber`. */
  damage(offset: number, end: number, firstNumber: number, endNumber: number): void;
}

export interface ScanBounds {
  readonly salt: number;
  /** Number of the record that should stand at the beginning. */
  readonly firstNumber: number;
  /** First number of the next segment: a record from here on was refused when it was written, and is void. */
  readonly limit: number;
}

/** Where the last thing that has a good header ends. Behind `offset` is nothing, or the remains of a write. */
export interface ScanEnd {
  readonly offset: number;
  /** The number behind the last one seen. */
  readonly number: number;
}

export function scanRecords(bytes: Buffer, bounds: ScanBounds, visitor: ScanVisitor): ScanEnd {
  const { salt, limit } = bounds;
  const header: RecordHeader = { number: 0, length: 0, payloadCrc: 0 };
  let expected = bounds.firstNumber;
  let at = 0;
  while (at < bytes.length) {
    let start = at;
    if (!readHeader(bytes, at, salt, header) || header.number < expected || header.number >= limit) {
      start = findHeader(bytes, at + 1, salt, expected, limit);
      if (start < 0) break;
      readHeader(bytes, start, salt, header);
    }
    const end = start + HEADER_BYTES + header.length;
    if (start > at || header.number > expected) visitor.damage(at, start, expected, header.number);
    expected = header.number;
    at = start;
    if (end > bytes.length) break;
    if (payloadIsGood(bytes, start, header)) visitor.record(header.number, start, end);
    else visitor.damage(start, end, header.number, header.number + 1);
    expected++;
    at = end;
  }
  return { offset: at, number: expected };
}

/**
 * True where `tail`, the bytes behind the last good record of a journal that was not closed, is what an interrupted
 * write leaves: the beginning of one record, or space that was never filled. Such a record was never acknowledged. `origin` is the salt of the segment plus the offset of the tail.
 */
export function isTornWrite(tail: Buffer, origin: number): boolean {
  if (tail.length < HEADER_BYTES || tail.every((byte) => byte === 0)) return true;
  const header: RecordHeader = { number: 0, length: 0, payloadCrc: 0 };
  return readHeader(tail, 0, origin, header) && HEADER_BYTES + header.length > tail.length;
}
