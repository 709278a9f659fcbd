/** Points: what is read at an address, and as what. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { PointSpec } from '../../driver.ts';
import { formatPlace, isBitTable, type ModbusAddress, type ModbusPlace, parseAddress } from './address.ts';
import { byteOffsets, parseByteOrder } from './byteOrder.ts';
import { type DataType, dataTypeList, FIELD_BITS, parseDataType, REGISTERS } from './dataType.ts';

export interface ModbusPoint extends ModbusPlace {
  /** How many coils, registers, records, values of a queue or objects it takes. */
  readonly width: number;
  readonly dataType: DataType;
  /** The lowest bit of a field of bits, and how many it has; 0 and 0 where the value is no field. */
  readonly lowestBit: number;
  readonly fieldBits: number;
  /** Where the bytes of the value lie, the most significant first; empty for coils, discrete inputs and objects. */
  readonly offsets: Uint8Array;
}

export interface PlannedPoint extends ModbusPoint {
  /** The number of the tag that its readings get. */
  readonly tag: number;
}

/** How many items each kind of place has at most, one behind the other. */
const END = {
  coil: 65_536,
  discrete: 65_536,
  input: 65_536,
  holding: 65_536,
  file: 10_000,
  fifo: 31,
  identification: 256,
};
const NO_BYTES = new Uint8Array(0);

/** Faults: `point.address`, `point.data-type`, `point.word-order`. */
export function parsePoint(spec: PointSpec): Result<ModbusPoint> {
  const address = parseAddress(spec.address);
  if (!address.ok) return address;
  const dataType = checkDataType(spec, address.value);
  if (!dataType.ok) return dataType;
  const { table, source, first, bits, registers } = address.value;
  const single = isBitTable(table) || table === 'identification';
  const width = single ? 1 : (registers ?? REGISTERS[dataType.value]);
  if (first + width > END[table]) {
    const detail = `"${spec.address}": ${width} registers from ${first} end behind the last, ${END[table] - 1}`;
    return failure('point.address', detail);
  }
  const point = { table, source, first, width, dataType: dataType.value };
  if (single) return success({ ...point, lowestBit: 0, fieldBits: 0, offsets: NO_BYTES });
  const offsets = offsetsOf(spec, dataType.value, width * 2);
  if (!offsets.ok) return offsets;
  return success({ ...point, lowestBit: bits?.lowest ?? 0, fieldBits: bits?.count ?? 0, offsets: offsets.value });
}

/** As `parsePoint`, for a device that gives `maxRegisters` in one request: a value is never put together from two. */
export function parsePointWithin(spec: PointSpec, maxRegisters: number): Result<ModbusPoint> {
  const point = parsePoint(spec);
  if (!point.ok || point.value.width <= maxRegisters) return point;
  const { width, dataType } = point.value;
  const value = `"${spec.address}": a ${dataType} takes ${width} registers`;
  const detail = `${value}, and one request to this device ${maxRegisters}: set its maxRegisters to ${width} or more, or read less`;
  return failure(dataType === 'string' ? 'point.address' : 'point.data-type', detail);
}

/** A text has no most significant word: only the two bytes of each register can be swapped. */
function offsetsOf(spec: PointSpec, dataType: DataType, bytes: number): Result<Uint8Array> {
  const text = dataType === 'string';
  const order = parseByteOrder(spec.wordOrder ?? 'ABCD', text ? 2 : bytes);
  if (!order) {
    const detail = `"${spec.wordOrder}" is no word order of ${dataType}: ABCD, CDAB (words swapped), BADC (bytes swapped) or DCBA`;
    return failure('point.word-order', detail);
  }
  const swapped = order === 'BADC' || order === 'DCBA';
  return success(byteOffsets(text ? (swapped ? 'BADC' : 'ABCD') : order, bytes));
}

function checkDataType(spec: PointSpec, address: ModbusAddress): Result<DataType> {
  const dataType = parseDataType(spec.dataType);
  if (!dataType) {
    return failure('point.data-type', `"${spec.dataType}" is no data type; choose one of ${dataTypeList()}`);
  }
  const wrong = whyNot(dataType, address);
  return wrong ? failure('point.data-type', `"${spec.address}" ${wrong}`) : success(dataType);
}

/** Half a sentence where such a value cannot stand at such an address. */
function whyNot(dataType: DataType, address: ModbusAddress): string | undefined {
  const { table, bits, registers } = address;
  const plain = formatPlace(address);
  const only = (right: string) => (dataType === right ? undefined : `: its data type is ${right}, not ${dataType}`);
  if (table === 'identification') return only('string') && `is a text${only('string')}`;
  if (isBitTable(table)) return only('bool') && `is one bit${only('bool')}`;
  if (bits?.count === 1) return only('bool') && `names a bit${only('bool')}`;
  if (bits && (FIELD_BITS[dataType] ?? 0) < bits.count) {
    return `names ${bits.count} bits: their data type is ${bits.count > 8 ? '' : 'uint8, int8, '}uint16 or int16, not ${dataType}`;
  }
  if (!bits && dataType === 'bool') return `is a whole register: name the bit of a bool, such as ${plain}.0`;
  if (!bits && (dataType === 'int8' || dataType === 'uint8')) {
    return `is a whole register: name the byte of a ${dataType}, ${plain}.low or ${plain}.high`;
  }
  if (registers !== undefined) return only('string') && `names a number of registers${only('string')}`;
  if (dataType === 'string') return `is a string of unknown length: say how many registers, such as ${plain}[8]`;
  return undefined;
}
