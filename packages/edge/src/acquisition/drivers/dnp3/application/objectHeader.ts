/**
 * What stands before the objects of one group and variation.
 *
 *     group | variation | qualifier | range
 *
 *     qualifier    0 | prefix (3 bits) | range specifier (4 bits)
 *
 *     prefix 0     none: the objects follow each other       range 0, 1, 2   first and last index, of 1, 2, 4 bytes each
 *            1-3   an index of 1, 2, 4 bytes before each           7, 8, 9   a count of 1, 2, 4 bytes
 *            4-6   its size in 1, 2, 4 bytes before each           6         none: all points, in requests only
 *                                                                  11        a count of 1 byte; objects have a size prefix
 *
 * Source: IEEE Std 1815-2012, 4.2.2.7.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

export interface ObjectHeader {
  readonly group: number;
  readonly variation: number;
  /** The index of the first object, where the objects bear none. */
  readonly first: number;
  readonly count: number;
  /** What stands before each object: nothing, its index, or its size. */
  readonly prefix: 'none' | 'index' | 'size';
  readonly prefixBytes: number;
  /** Where the objects begin. */
  readonly objectsAt: number;
}

const FIXED_BYTES = 3;
/** Bytes of an index or a size by its prefix code; of an index or a count by its range specifier. */
const PREFIX_BYTES: readonly (number | undefined)[] = [0, 1, 2, 4, 1, 2, 4];
const FIRST_SIZE_PREFIX = 4;
const FIRST_COUNT_RANGE = 7;
const RANGE_BYTES: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [1, 2],
  [2, 4],
  [7, 1],
  [8, 2],
  [9, 4],
  [11, 1],
]);

/** The header at `at`, which lies within `view`. Faults: `frame.truncated`, `frame.malformed`. */
export function readObjectHeader(view: DataView, at: number): Result<ObjectHeader> {
  if (at + FIXED_BYTES > view.byteLength) return failure('frame.truncated', 'an object header is cut');
  const group = view.getUint8(at);
  const variation = view.getUint8(at + 1);
  const qualifier = view.getUint8(at + 2);
  const name = `group ${group} variation ${variation}`;
  const prefixCode = qualifier >> 4;
  const prefixBytes = PREFIX_BYTES[prefixCode];
  const rangeSpecifier = qualifier & 0x0f;
  const rangeBytes = RANGE_BYTES.get(rangeSpecifier);
  if (prefixBytes === undefined || rangeBytes === undefined) {
    return failure('frame.malformed', `${name} has qualifier ${qualifier}, which no outstation may use`);
  }
  const counted = rangeSpecifier >= FIRST_COUNT_RANGE;
  const objectsAt = at + FIXED_BYTES + (counted ? rangeBytes : 2 * rangeBytes);
  if (objectsAt > view.byteLength) return failure('frame.truncated', `the object header of ${name} is cut`);
  const start = readUnsigned(view, at + FIXED_BYTES, rangeBytes);
  const last = counted ? start - 1 : readUnsigned(view, at + FIXED_BYTES + rangeBytes, rangeBytes);
  const first = counted ? 0 : start;
  if (!counted && last < first) return failure('frame.malformed', `${name} has indices from ${first} to ${last}`);
  const prefix = prefixCode === 0 ? 'none' : prefixCode < FIRST_SIZE_PREFIX ? 'index' : 'size';
  return success({ group, variation, first, count: last + 1 - first, prefix, prefixBytes, objectsAt });
}

/** A number of 1, 2 or 4 bytes, low byte first. */
export function readUnsigned(view: DataView, at: number, bytes: number): number {
  if (bytes === 1) return view.getUint8(at);
  return bytes === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
}
