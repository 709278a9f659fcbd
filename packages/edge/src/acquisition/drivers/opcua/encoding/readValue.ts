/**
 * Variants and DataValues (OPC 10000-6, 5.2.2.16 and 5.2.2.17) as tags can hold them: a number or a text, with status and times.
 *
 * The same object is filled again and again, so that a value costs no memory.
 */

import { formatTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { formatGuid, formatNodeId } from './nodeId.ts';
import type { UaReader } from './uaReader.ts';

/** `none` is a null, `other` a structure, a table or a list of several values. */
export type ValueKind = 'none' | 'number' | 'boolean' | 'time' | 'text' | 'other';

export interface ReadValue {
  kind: ValueKind;
  /** Of a number, a boolean (0, 1) and a time (microseconds since 1970). */
  number: number;
  text: string;
  /** The number is the nearest to a whole one that a double cannot hold. */
  rounded: boolean;
  /** All 32 bits, as the server sent them. */
  status: number;
  /** Microseconds since 1970; `undefined` where the server gives none. */
  sourceUs: number | undefined;
  serverUs: number | undefined;
}

export function emptyValue(): ReadValue {
  return { kind: 'none', number: 0, text: '', rounded: false, status: 0, sourceUs: undefined, serverUs: undefined };
}

const ARRAY_FLAG = 0x80;
const DIMENSIONS_FLAG = 0x40;
const TYPE_MASK = 0x3f;

/** Which parts of a DataValue are there. */
const HAS = {
  value: 1,
  status: 2,
  sourceTime: 4,
  serverTime: 8,
  sourcePicoseconds: 16,
  serverPicoseconds: 32,
} as const;

/** Picoseconds add less than the 100 ns of a tick to a time: nothing that a microsecond shows. */
export function readDataValue(reader: UaReader, into: ReadValue): void {
  const mask = reader.u8();
  into.kind = 'none';
  if (mask & HAS.value) readVariant(reader, into);
  into.status = mask & HAS.status ? reader.u32() : 0;
  into.sourceUs = mask & HAS.sourceTime ? reader.timeUs() : undefined;
  if (mask & HAS.sourcePicoseconds) reader.pass(2);
  into.serverUs = mask & HAS.serverTime ? reader.timeUs() : undefined;
  if (mask & HAS.serverPicoseconds) reader.pass(2);
}

/** An array of one element, such as an index range of one gives, is that element. */
export function readVariant(reader: UaReader, into: ReadValue): void {
  const encoding = reader.u8();
  const type = encoding & TYPE_MASK;
  into.rounded = false;
  if (!(encoding & ARRAY_FLAG)) {
    readScalar(reader, type, into);
    return;
  }
  const count = reader.count();
  for (let index = 0; index < count && reader.defect === undefined; index++) readScalar(reader, type, into);
  if (encoding & DIMENSIONS_FLAG) for (let left = reader.count(4); left > 0; left--) reader.pass(4);
  if (count !== 1) into.kind = 'other';
}

/** OPC 10000-6, 5.1.2: the numbers of the built-in types. */
function readScalar(reader: UaReader, type: number, into: ReadValue): void {
  into.kind = 'number';
  switch (type) {
    case 0:
      into.kind = 'none';
      break;
    case 1:
      into.kind = 'boolean';
      into.number = reader.u8() === 0 ? 0 : 1;
      break;
    case 2:
      into.number = reader.i8();
      break;
    case 3:
      into.number = reader.u8();
      break;
    case 4:
      into.number = reader.i16();
      break;
    case 5:
      into.number = reader.u16();
      break;
    case 6:
      into.number = reader.i32();
      break;
    case 7:
    case 19:
      into.number = reader.u32();
      break;
    case 8:
      readWhole(reader.i64(), into);
      break;
    case 9:
      readWhole(reader.u64(), into);
      break;
    case 10:
      into.number = reader.f32();
      break;
    case 11:
      into.number = reader.f64();
      break;
    case 13:
      readTime(reader.timeUs(), into);
      break;
    default:
      readText(reader, type, into);
  }
}

/** The types that are no number. */
function readText(reader: UaReader, type: number, into: ReadValue): void {
  const text = textOf(reader, type);
  if (text === undefined) skipStructure(reader, type);
  if (text === undefined) into.kind = 'other';
  else into.kind = text === null ? 'none' : 'text';
  into.text = text ?? '';
}

/** `null` where there is none, `undefined` where the type is no text. */
function textOf(reader: UaReader, type: number): string | null | undefined {
  switch (type) {
    case 12:
    case 16:
      return reader.string() ?? null;
    case 14:
      return formatGuid(reader.guid());
    case 17:
    case 18:
      return formatNodeId(reader.nodeId());
    case 20:
      return reader.qualifiedName();
    case 21:
      return reader.localizedText();
    default:
      return undefined;
  }
}

function skipStructure(reader: UaReader, type: number): void {
  switch (type) {
    case 15:
      reader.bytes();
      break;
    case 22:
      reader.extension();
      break;
    case 23:
      reader.nested(() => readDataValue(reader, emptyValue()));
      break;
    case 24:
      reader.nested(() => readVariant(reader, emptyValue()));
      break;
    case 25:
      reader.skipDiagnostics();
      break;
    default:
      reader.reject(`has a value of type ${type}`);
  }
}

function readWhole(value: bigint, into: ReadValue): void {
  into.number = Number(value);
  into.rounded = !Number.isSafeInteger(into.number);
}

function readTime(us: number | undefined, into: ReadValue): void {
  into.kind = us === undefined ? 'none' : 'time';
  into.number = us ?? 0;
  into.text = us === undefined ? '' : formatTimestamp(us as Timestamp);
}
