/**
 * Walks the object headers of a fragment, each with the octets that belong to it.
 *
 *     +-------+-----------+-----------+---------------+--------------------------------------------
 *     | group | variation | qualifier | range, 0 to 8 | prefix, object, prefix, object ... (or none)
 *     +-------+-----------+-----------+---------------+--------------------------------------------
 *
 * Source: IEEE 1815-2012, 4.2.2. Time and memory are bounded by the octets of the fragment, whatever a count says.
 */

import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type Dnp3Object, dnp3Object } from './dnp3Object.ts';
import { DNP3_COMBINATIONS, DNP3_PREFIXES, DNP3_RANGES, type Dnp3Prefix, type Dnp3Range } from './dnp3Qualifier.ts';

export interface Dnp3ObjectHeader {
  readonly group: number;
  readonly variation: number;
  readonly qualifier: number;
  /** `undefined` for a group or variation that the standard does not describe. */
  readonly object: Dnp3Object | undefined;
  readonly prefix: Dnp3Prefix;
  readonly range: Dnp3Range;
  /** First and last index, where the range is a span. */
  readonly first?: number;
  readonly last?: number;
  /** How many objects are meant; `undefined` for all of them. */
  readonly count?: number;
  /** Whether objects stand behind the header, or indexes at most. */
  readonly hasObjects: boolean;
  /** The prefixes and the objects. */
  readonly data: Uint8Array;
}

export interface Dnp3Walk {
  readonly headers: readonly Dnp3ObjectHeader[];
  /** Why the walk ended before the last octet; absent where it did not. */
  readonly fault?: Fault;
}

/** Authentication objects stand with their contents even in a fragment that only reads (IEEE 1815-2012, 7). */
const AUTHENTICATION_GROUP = 120;

const malformed = (detail: string) => failure('frame.malformed', detail);

/** `withObjects` says whether the function code lets objects follow their headers. */
export function walkDnp3Objects(bytes: Uint8Array, withObjects: boolean): Dnp3Walk {
  const headers: Dnp3ObjectHeader[] = [];
  for (let at = 0; at < bytes.length; ) {
    const header = headerAt(bytes, at, withObjects);
    if (!header.ok) return { headers, fault: header.fault };
    headers.push(header.value.header);
    at = header.value.end;
  }
  return { headers };
}

function headerAt(
  bytes: Uint8Array,
  at: number,
  withObjects: boolean,
): Result<{ header: Dnp3ObjectHeader; end: number }> {
  if (at + 3 > bytes.length)
    return failure('frame.truncated', `${bytes.length - at} bytes cannot hold an object header`);
  const [group, variation, qualifier] = bytes.subarray(at, at + 3);
  const prefix = DNP3_PREFIXES[qualifier >> 4];
  const range = DNP3_RANGES[qualifier & 0x0f];
  const name = `g${group}v${variation}`;
  if (!prefix || !range || !DNP3_COMBINATIONS[prefix.kind].includes(range.kind)) {
    return malformed(`${name} has qualifier ${qualifier}, which the standard reserves`);
  }
  const meant = rangeAt(bytes, at + 3, range, name);
  if (!meant.ok) return meant;
  const { from, ...numbers } = meant.value;
  const object = dnp3Object(group, variation);
  const hasObjects = variation !== 0 && (withObjects || prefix.kind === 'size' || group === AUTHENTICATION_GROUP);
  const head = { group, variation, qualifier, object, prefix, range, ...numbers, hasObjects };
  const dataBytes = dataBytesOf({ ...head, data: bytes.subarray(from) });
  if (!dataBytes.ok) return dataBytes;
  const end = from + dataBytes.value;
  if (end > bytes.length) return failure('frame.truncated', `${name} lacks ${end - bytes.length} bytes of its objects`);
  return success({ header: { ...head, data: bytes.subarray(from, end) }, end });
}

interface RangeNumbers {
  /** Where the data begins. */
  readonly from: number;
  readonly first?: number;
  readonly last?: number;
  readonly count?: number;
}

function rangeAt(bytes: Uint8Array, at: number, range: Dnp3Range, name: string): Result<RangeNumbers> {
  if (range.kind === 'all') return success({ from: at });
  const spans = range.kind === 'span' || range.kind === 'virtual';
  const from = at + range.bytes * (spans ? 2 : 1);
  if (from > bytes.length) return failure('frame.truncated', `${name} ends within its range`);
  const first = dnp3Number(bytes, at, range.bytes);
  if (!spans) return success({ from, count: first });
  const last = dnp3Number(bytes, at + range.bytes, range.bytes);
  if (last < first) return malformed(`${name} ranges from ${first} back to ${last}`);
  return success({ from, first, last, count: last - first + 1 });
}

/** How many octets of `header.data`, which goes on to the end of the fragment, belong to the header. */
function dataBytesOf(header: Dnp3ObjectHeader): Result<number> {
  const { object, prefix, count, hasObjects } = header;
  if (prefix.kind === 'size') return sizedBytes(header);
  if (!hasObjects) return success((count ?? 0) * prefix.bytes);
  const name = `g${header.group}v${header.variation}`;
  if (!object) return malformed(`${name} is no object of the standard`);
  const { shape } = object;
  if (shape.kind === 'fixed' && shape.layout.bytes === 0) return success((count ?? 0) * prefix.bytes);
  if (count === undefined) return malformed(`${name} has values and does not say of which points`);
  if (shape.kind === 'sized') return malformed(`${name} needs free format`);
  if (shape.kind === 'attribute') return attributeBytes(header, count);
  if (shape.kind === 'packed') {
    if (prefix.kind === 'index') return malformed(`${name} is packed and has indexes`);
    return success(Math.ceil((count * shape.bits) / 8));
  }
  const objectBytes = shape.kind === 'counted' ? header.variation : shape.layout.bytes;
  return success(count * (prefix.bytes + objectBytes));
}

function sizedBytes({ data, prefix, count = 0, group, variation, object }: Dnp3ObjectHeader): Result<number> {
  const shape = object?.shape;
  let at = 0;
  for (let done = 0; done < count && at <= data.length; done++) {
    const size = at + prefix.bytes > data.length ? 0 : dnp3Number(data, at, prefix.bytes);
    if (shape?.kind === 'fixed' && shape.layout.bytes !== size && at + prefix.bytes <= data.length) {
      return malformed(`g${group}v${variation} has an object of ${size} bytes where ${shape.layout.bytes} belong`);
    }
    at += prefix.bytes + size;
  }
  return success(at);
}

/** Type, length, value; an extended list of variations (type 255) counts its octets from 256 on. */
function attributeBytes({ data, prefix }: Dnp3ObjectHeader, count: number): Result<number> {
  let at = 0;
  for (let done = 0; done < count && at <= data.length; done++) {
    const type = at + prefix.bytes;
    at = type + dnp3AttributeBytes(data, type);
  }
  return success(at);
}

/** The octets of the device attribute at `at`; those of its head alone where the head is cut. */
export function dnp3AttributeBytes(data: Uint8Array, at: number): number {
  if (at + 2 > data.length) return 2;
  return 2 + data[at + 1] + (data[at] === 255 ? 256 : 0);
}

/** A number of 1, 2 or 4 octets, the lowest first. */
export function dnp3Number(bytes: Uint8Array, at: number, octets: number): number {
  let value = 0;
  for (let octet = octets - 1; octet >= 0; octet--) value = value * 256 + bytes[at + octet];
  return value;
}
