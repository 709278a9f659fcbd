/** What is read at an address and how its bytes become a value. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { PointSpec } from '../../driver.ts';
import type { Readings } from '../../readings.ts';
import { isBitTable, type ModbusAddress, type ModbusTable, parseAddress } from './address.ts';
import { byteOffsets, parseByteOrder } from './byteOrder.ts';

/** Registers that a value of each type takes; a text takes as many as its address says. */
const REGISTERS = {
  bool: 1,
  int16: 1,
  uint16: 1,
  int32: 2,
  uint32: 2,
  int64: 4,
  uint64: 4,
  float32: 2,
  float64: 4,
  string: 0,
} as const;

export type DataType = keyof typeof REGISTERS;
export const DATA_TYPES = Object.keys(REGISTERS) as readonly DataType[];

export interface ModbusPoint {
  readonly table: ModbusTable;
  /** Zero-based address of the first coil or register. */
  readonly first: number;
  /** How many coils or registers it takes. */
  readonly width: number;
  readonly dataType: DataType;
  /** Bit of the register for a boolean in one; 0 otherwise. */
  readonly bit: number;
  /** Where the bytes of the value lie, the most significant first; empty for coils and discrete inputs. */
  readonly offsets: Uint8Array;
}

/** The table's last address is 65535, and a value must end there at the latest. */
const ADDRESSES = 65_536;
const TWO_TO_32 = 4_294_967_296;

/** Faults: `point.address`, `point.data-type`, `point.word-order`. */
export function parsePoint(spec: PointSpec): Result<ModbusPoint> {
  const address = parseAddress(spec.address);
  if (!address.ok) return address;
  const dataType = parseDataType(spec, address.value);
  if (!dataType.ok) return dataType;
  const { table, first, bit = 0, registers } = address.value;
  const width = registers ?? REGISTERS[dataType.value];
  if (first + width > ADDRESSES) {
    return failure('point.address', `"${spec.address}": ${width} registers from ${first} end behind the last, 65535`);
  }
  const point = { table, first, width, dataType: dataType.value, bit };
  if (isBitTable(table)) return success({ ...point, offsets: new Uint8Array(0) });
  const bytes = width * 2;
  const orderBytes = dataType.value === 'string' ? 2 : bytes;
  const order = parseByteOrder(spec.wordOrder ?? 'ABCD', orderBytes);
  if (!order) {
    const detail = `"${spec.wordOrder}" is no word order of ${dataType.value}: ABCD, CDAB (words swapped), BADC (bytes swapped) or DCBA`;
    return failure('point.word-order', detail);
  }
  // A text has no most significant word: only the two bytes of each register can be swapped.
  const swapped = order === 'BADC' || order === 'DCBA';
  const offsets = byteOffsets(dataType.value === 'string' ? (swapped ? 'BADC' : 'ABCD') : order, bytes);
  return success({ ...point, offsets });
}

/** As `parsePoint`, for a device that gives `maxRegisters` in one request: a value is never put together from two. */
export function parsePointWithin(spec: PointSpec, maxRegisters: number | undefined): Result<ModbusPoint> {
  const point = parsePoint(spec);
  if (!point.ok || maxRegisters === undefined || point.value.width <= maxRegisters) return point;
  const { width, dataType } = point.value;
  const value = `"${spec.address}": a ${dataType} takes ${width} registers`;
  const detail = `${value}, and one request to this device ${maxRegisters}: set its maxRegisters to ${width} or more, or read less`;
  return failure(dataType === 'string' ? 'point.address' : 'point.data-type', detail);
}

function parseDataType(spec: PointSpec, address: ModbusAddress): Result<DataType> {
  const { table, bit, registers } = address;
  const name = spec.dataType.toLowerCase();
  const at = `"${spec.address}"`;
  if (!Object.hasOwn(REGISTERS, name)) {
    return failure('point.data-type', `"${spec.dataType}" is no data type; choose one of ${DATA_TYPES.join(', ')}`);
  }
  const dataType = name as DataType;
  const wrong = (detail: string) => failure('point.data-type', detail);
  if (isBitTable(table) && dataType !== 'bool')
    return wrong(`${at} is one bit: its data type is bool, not ${dataType}`);
  if (bit !== undefined && dataType !== 'bool')
    return wrong(`${at} names a bit: its data type is bool, not ${dataType}`);
  if (!isBitTable(table) && bit === undefined && dataType === 'bool') {
    return wrong(`${at} is a whole register: name the bit of a bool, such as ${table}:${address.first}.0`);
  }
  if (registers !== undefined && dataType !== 'string') {
    return wrong(`${at} names a number of registers: its data type is string, not ${dataType}`);
  }
  if (registers === undefined && dataType === 'string') {
    return wrong(`${at} is a string of unknown length: say how many registers, such as ${table}:${address.first}[8]`);
  }
  return success(dataType);
}

const value = new Uint8Array(8);
const valueView = new DataView(value.buffer);

/**
 * Decodes one point from the data of an answer that begins with the coil or register `blockFirst`, and adds the reading.
 * The data is long enough: the session has checked its length against the request.
 */
export function readPoint(
  point: ModbusPoint,
  tag: number,
  data: Uint8Array,
  blockFirst: number,
  time: Timestamp,
  readings: Readings,
): void {
  const item = point.first - blockFirst;
  if (point.offsets.length === 0) {
    // The first coil of a request is the lowest bit of the first byte (V1.1b3, 6.1).
    readings.number(tag, time, (data[item >> 3] >> (item & 7)) & 1, STATUS.Good);
    return;
  }
  const at = item * 2;
  if (point.dataType === 'string') {
    readings.text(tag, time, decodeText(point.offsets, data, at), STATUS.Good);
    return;
  }
  const { offsets } = point;
  for (let index = 0; index < offsets.length; index++) value[index] = data[at + offsets[index]];
  readNumber(point, tag, time, readings);
}

/** The bytes of the value lie in `valueView`, the most significant first. */
function readNumber(point: ModbusPoint, tag: number, time: Timestamp, readings: Readings): void {
  switch (point.dataType) {
    case 'bool':
      readings.number(tag, time, (valueView.getUint16(0) >> point.bit) & 1, STATUS.Good);
      break;
    case 'int16':
      readings.number(tag, time, valueView.getInt16(0), STATUS.Good);
      break;
    case 'uint16':
      readings.number(tag, time, valueView.getUint16(0), STATUS.Good);
      break;
    case 'int32':
      readings.number(tag, time, valueView.getInt32(0), STATUS.Good);
      break;
    case 'uint32':
      readings.number(tag, time, valueView.getUint32(0), STATUS.Good);
      break;
    case 'int64':
      readInteger(tag, time, valueView.getInt32(0) * TWO_TO_32 + valueView.getUint32(4), readings);
      break;
    case 'uint64':
      readInteger(tag, time, valueView.getUint32(0) * TWO_TO_32 + valueView.getUint32(4), readings);
      break;
    case 'float32':
      readFloat(tag, time, valueView.getFloat32(0), readings);
      break;
    default:
      readFloat(tag, time, valueView.getFloat64(0), readings);
  }
}

/** The high word is exact as a double, so the sum is rounded once: it is the double nearest to the integer. */
function readInteger(tag: number, time: Timestamp, integer: number, readings: Readings): void {
  const exact = Number.isSafeInteger(integer);
  readings.number(tag, time, integer, exact ? STATUS.Good : STATUS.UncertainDataSubNormal);
}

/** Devices write NaN and infinity where they have no number; as values they would spoil every mean they enter. */
function readFloat(tag: number, time: Timestamp, float: number, readings: Readings): void {
  if (Number.isFinite(float)) readings.number(tag, time, float, STATUS.Good);
  else readings.none(tag, time, Number.isNaN(float) ? STATUS.BadNoData : STATUS.BadOutOfRange);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('latin1');

/** Up to the first NUL, without the blanks with which devices fill up; UTF-8 where it is that, otherwise Latin-1. */
function decodeText(offsets: Uint8Array, data: Uint8Array, at: number): string {
  const bytes = offsets.map((offset) => data[at + offset]);
  const end = bytes.indexOf(0);
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return utf8.decode(text).trimEnd();
  } catch {
    return latin1.decode(text).trimEnd();
  }
}
