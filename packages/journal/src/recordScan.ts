/** Walks through the bytes of a segment, over damage, and tells what is there. */

import { blankHeader, findHeader, HEADER_BYTES, payloadIsGood, readHeader } from './recordLayout.ts';

export interface ScanVisitor {
  /** A write begins with the record that comes next: all before it was durable by then. */
  write?(): void;
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
  const header = blankHeader();
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
    if (!header.continues) visitor.write?.();
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
 * How many of `bytes`, which a life of the journal wrote that did not end with `close`, stand before the remains of the
 * write that was under way. Of that write any part may be there: a power cut leaves a disk with some sectors of it and
 * without others, in no order. None of its records was acknowledged, and those behind the first that is missing must not
 * be taken for records: others have come in their place since. What is damaged before another write began is damage, not
 * remains, because a write begins when the one before it is durable.
 */
export function withoutTornWrite(bytes: Buffer, bounds: ScanBounds): number {
  let torn = -1;
  const end = scanRecords(bytes, bounds, {
    write() {
      torn = -1;
    },
    record() {},
    damage(offset) {
      if (torn < 0) torn = offset;
    },
  });
  return torn < 0 ? end.offset : torn;
}
