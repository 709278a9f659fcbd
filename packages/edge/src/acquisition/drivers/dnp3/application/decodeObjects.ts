/** Decodes the objects of a response into a sink, in the order in which they stand. */

import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { readTime } from './dnpTime.ts';
import { type ObjectHeader, readObjectHeader, readUnsigned } from './objectHeader.ts';
import { type ObjectLayout, objectLayout, type ValueField } from './objectLayout.ts';
import { FLAG, type ObjectSink, POINT_KIND, TIME_QUALITY, type TimeQuality } from './objectSink.ts';

/** What the fields of an object are read from and given to, throughout one fragment. */
interface Decoding {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly sink: ObjectSink;
  /** The common time of occurrence that the latest group 51 object stated; NaN before the first. */
  commonTimeMs: number;
  commonQuality: TimeQuality;
}

/**
 * Gives every value in `objects` to the sink. A fault ends the decoding: what stood before it was given, what stands
 * behind it is lost, because nothing says where the next header begins.
 *
 * Faults: `device.object` names a group and variation that the standard does not know; `frame.truncated`,
 * `frame.malformed`.
 */
export function decodeObjects(objects: Uint8Array, sink: ObjectSink): Fault | undefined {
  const view = new DataView(objects.buffer, objects.byteOffset, objects.byteLength);
  const decoding: Decoding = { bytes: objects, view, sink, commonTimeMs: Number.NaN, commonQuality: TIME_QUALITY.none };
  for (let at = 0; at < objects.length; ) {
    const header = readObjectHeader(view, at);
    if (!header.ok) return header.fault;
    const end = decodeHeader(decoding, header.value);
    if (!end.ok) return end.fault;
    at = end.value;
  }
  return undefined;
}

/** Decodes the objects of one header and returns where they end. */
function decodeHeader(decoding: Decoding, header: ObjectHeader): Result<number> {
  const { group, variation, count } = header;
  if (header.prefix === 'size') return skipSized(decoding, header);
  if (group === DEVICE_ATTRIBUTES) return decodeAttributes(decoding, header);
  const layout = objectLayout(group, variation);
  if (layout === undefined) return failure('device.object', `${nameOf(header)}, which is unknown`);
  const packed = layout.bits < 8;
  if (packed && header.prefix === 'index') return failure('frame.malformed', `${nameOf(header)}, packed, with indices`);
  const stride = packed ? layout.bits / 8 : header.prefixBytes + layout.bits / 8;
  const end = header.objectsAt + Math.ceil(count * stride);
  if (end > decoding.bytes.length) return cut(header);
  if (TIME_GROUPS.has(group)) decodeTimes(decoding, header, stride);
  else if (layout.kind === undefined) return success(end);
  else if (packed) decodePacked(decoding, header, layout);
  else if (layout.value === undefined) decodeStrings(decoding, header, layout, stride);
  else decodePoints(decoding, header, layout);
  return success(end);
}

/** Bit 0 of the first byte is the first point; double bits fill a byte from bits 0 and 1 on (groups 1, 3, 10 and 80). */
function decodePacked({ bytes, sink }: Decoding, header: ObjectHeader, layout: ObjectLayout): void {
  const { bits, event } = layout;
  const kind = layout.kind!;
  const mask = (1 << bits) - 1;
  for (let point = 0; point < header.count; point++) {
    const bit = point * bits;
    const value = (bytes[header.objectsAt + (bit >> 3)] >> (bit & 7)) & mask;
    sink.number(kind, header.first + point, value, FLAG.online, Number.NaN, TIME_QUALITY.none, event);
  }
}

function decodePoints(decoding: Decoding, header: ObjectHeader, layout: ObjectLayout): void {
  const { bytes, view, sink } = decoding;
  const { prefixBytes, first, count } = header;
  const { event, valueAt, flagsAt, timeAt, relativeTimeAt } = layout;
  const kind = layout.kind!;
  const field = layout.value!;
  const flagMask = FLAG_MASK[field] ?? 0xff;
  const objectBytes = layout.bits / 8;
  let quality: TimeQuality = timeAt >= 0 ? TIME_QUALITY.synchronized : TIME_QUALITY.none;
  if (relativeTimeAt >= 0) quality = decoding.commonQuality;
  let at = header.objectsAt;
  for (let point = 0; point < count; point++) {
    const index = prefixBytes === 0 ? first + point : readUnsigned(view, at, prefixBytes);
    at += prefixBytes;
    const flags = flagsAt < 0 ? FLAG.online : bytes[at + flagsAt] & flagMask;
    let timeMs = Number.NaN;
    if (timeAt >= 0) timeMs = readTime(view, at + timeAt);
    else if (relativeTimeAt >= 0) timeMs = decoding.commonTimeMs + view.getUint16(at + relativeTimeAt, true);
    sink.number(kind, index, readValue(view, at + valueAt, field), flags, timeMs, quality, event);
    at += objectBytes;
  }
}

/** The flags without the bits that are the value. */
const FLAG_MASK: Readonly<Partial<Record<ValueField, number>>> = { state: 0x7f, doubleState: 0x3f };

function readValue(view: DataView, at: number, field: ValueField): number {
  switch (field) {
    case 'state':
      return view.getUint8(at) >> 7;
    case 'doubleState':
      return view.getUint8(at) >> 6;
    case 'int16':
      return view.getInt16(at, true);
    case 'int32':
      return view.getInt32(at, true);
    case 'uint16':
      return view.getUint16(at, true);
    case 'uint32':
      return view.getUint32(at, true);
    case 'float32':
      return view.getFloat32(at, true);
    case 'float64':
      return view.getFloat64(at, true);
  }
}

function decodeStrings(
  { bytes, view, sink }: Decoding,
  header: ObjectHeader,
  layout: ObjectLayout,
  stride: number,
): void {
  const { prefixBytes, first, count, objectsAt } = header;
  for (let point = 0; point < count; point++) {
    const at = objectsAt + point * stride;
    const index = prefixBytes === 0 ? first + point : readUnsigned(view, at, prefixBytes);
    sink.bytes(layout.kind!, index, bytes.subarray(at + prefixBytes, at + stride), layout.event);
  }
}

const TIME_AND_DATE = 50;
const COMMON_TIME = 51;
const TIME_DELAY = 52;
const TIME_GROUPS: ReadonlySet<number> = new Set([TIME_AND_DATE, COMMON_TIME, TIME_DELAY]);

/** Group 50: variation 1 is the clock. Group 51: variation 2 is not synchronized. Group 52: variation 1 counts seconds. */
function decodeTimes(
  decoding: Decoding,
  { group, variation, prefixBytes, objectsAt, count }: ObjectHeader,
  stride: number,
) {
  const { view, sink } = decoding;
  for (let object = 0; object < count; object++) {
    const at = objectsAt + object * stride + prefixBytes;
    if (group === TIME_DELAY) sink.delay(view.getUint16(at, true) * (variation === 1 ? 1000 : 1));
    else if (group === COMMON_TIME) {
      decoding.commonTimeMs = readTime(view, at);
      decoding.commonQuality = variation === 1 ? TIME_QUALITY.synchronized : TIME_QUALITY.unsynchronized;
    } else if (variation === 1) sink.time(readTime(view, at));
  }
}

const DEVICE_ATTRIBUTES = 0;

/** An attribute says its own length: data type, length, data. The variation tells which attribute it is. */
function decodeAttributes({ bytes, sink }: Decoding, header: ObjectHeader): Result<number> {
  let at = header.objectsAt;
  for (let object = 0; object < header.count; object++) {
    const from = at + header.prefixBytes + 2;
    if (from > bytes.length || from + bytes[from - 1] > bytes.length) return cut(header);
    at = from + bytes[from - 1];
    sink.bytes(POINT_KIND.deviceAttribute, header.variation, bytes.subarray(from, at), false);
  }
  return success(at);
}

/** Objects that state their size, as those of files and authentication do, are skipped whatever they are. */
function skipSized({ bytes, view }: Decoding, header: ObjectHeader): Result<number> {
  let at = header.objectsAt;
  for (let object = 0; object < header.count; object++) {
    if (at + header.prefixBytes > bytes.length) return cut(header);
    at += header.prefixBytes + readUnsigned(view, at, header.prefixBytes);
  }
  return at > bytes.length ? cut(header) : success(at);
}

function cut(header: ObjectHeader) {
  return failure('frame.truncated', `${header.count} objects of ${nameOf(header)} where fewer have room`);
}

function nameOf({ group, variation }: ObjectHeader): string {
  return `group ${group} variation ${variation}`;
}
