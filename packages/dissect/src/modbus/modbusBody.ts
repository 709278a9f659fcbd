/**
 * The bodies of the public function codes, request and response, each checked to its last byte.
 *
 * Source: Modbus Application Protocol Specification V1.1b3, section 6; the limits are those of its tables.
 */

import type { ModbusFrame, ModbusRange, ModbusService, ModbusTable } from './modbusFrame.ts';

/** What a body adds to a frame. */
export type ModbusBody = Pick<ModbusFrame, 'reads' | 'writes' | 'dataBytes'>;

/** Reads the bytes behind the function code; a string is half a sentence that says what is wrong with them. */
type BodyShape = (body: DataView) => ModbusBody | string;

interface ModbusFunction {
  readonly service: ModbusService;
  readonly request: BodyShape;
  readonly response: BodyShape;
}

const ADDRESSES = 65_536;
const COIL_ON = 0xff00;

export const MODBUS_FUNCTIONS: ReadonlyMap<number, ModbusFunction> = new Map<number, ModbusFunction>([
  [1, { service: 'read', request: readRequest('coil', 2000), response: countedBytes(1) }],
  [2, { service: 'read', request: readRequest('discrete', 2000), response: countedBytes(1) }],
  [3, { service: 'read', request: readRequest('holding', 125), response: countedBytes(2) }],
  [4, { service: 'read', request: readRequest('input', 125), response: countedBytes(2) }],
  [5, { service: 'write', request: writeCoil, response: writeCoil }],
  [6, { service: 'write', request: writeRegister, response: writeRegister }],
  [7, { service: 'diagnostic', request: exactly(0), response: exactly(1) }],
  [8, { service: 'diagnostic', request: diagnostics, response: diagnostics }],
  [11, { service: 'diagnostic', request: exactly(0), response: exactly(4) }],
  [12, { service: 'diagnostic', request: exactly(0), response: countedBytes(1) }],
  [15, { service: 'write', request: writeCoils, response: written('coil', 1968) }],
  [16, { service: 'write', request: writeRegisters, response: written('holding', 123) }],
  [17, { service: 'diagnostic', request: exactly(0), response: countedBytes(1) }],
  [20, { service: 'read', request: countedBytes(7), response: countedBytes(1) }],
  [21, { service: 'write', request: countedBytes(1), response: countedBytes(1) }],
  [22, { service: 'write', request: maskRegister, response: maskRegister }],
  [23, { service: 'write', request: readWriteRegisters, response: countedBytes(2) }],
  [24, { service: 'read', request: exactly(2), response: fifoQueue }],
  [43, { service: 'diagnostic', request: atLeast(1), response: atLeast(1) }],
]);

function exactly(length: number): BodyShape {
  return (body) => (body.byteLength === length ? {} : `has ${body.byteLength} bytes where ${length} belong`);
}

function atLeast(length: number): BodyShape {
  return (body) => (body.byteLength >= length ? {} : `has ${body.byteLength} bytes where at least ${length} belong`);
}

function readRequest(table: ModbusTable, limit: number): BodyShape {
  return (body) => {
    if (body.byteLength !== 4) return `has ${body.byteLength} bytes where 4 belong`;
    const range = rangeAt(body, 0, table, limit);
    return typeof range === 'string' ? range : { reads: range };
  };
}

/** A byte that counts the bytes behind it, which must be a whole number of items. */
function countedBytes(itemBytes: number): BodyShape {
  return (body) => {
    if (body.byteLength < 1) return 'lacks its byte count';
    const dataBytes = body.getUint8(0);
    if (dataBytes !== body.byteLength - 1) return `counts ${dataBytes} bytes and holds ${body.byteLength - 1}`;
    if (dataBytes === 0 || dataBytes % itemBytes !== 0) return `counts ${dataBytes} bytes, in items of ${itemBytes}`;
    return { dataBytes };
  };
}

function writeCoil(body: DataView): ModbusBody | string {
  if (body.byteLength !== 4) return `has ${body.byteLength} bytes where 4 belong`;
  const value = body.getUint16(2);
  if (value !== 0 && value !== COIL_ON) return `sets a coil to ${value}, which is neither on nor off`;
  return { writes: { table: 'coil', first: body.getUint16(0), count: 1 } };
}

function writeRegister(body: DataView): ModbusBody | string {
  if (body.byteLength !== 4) return `has ${body.byteLength} bytes where 4 belong`;
  return { writes: { table: 'holding', first: body.getUint16(0), count: 1 } };
}

function maskRegister(body: DataView): ModbusBody | string {
  if (body.byteLength !== 6) return `has ${body.byteLength} bytes where 6 belong`;
  return { writes: { table: 'holding', first: body.getUint16(0), count: 1 } };
}

function diagnostics(body: DataView): ModbusBody | string {
  if (body.byteLength < 2 || body.byteLength % 2 !== 0)
    return `has ${body.byteLength} bytes, which are not whole words`;
  return {};
}

function writeCoils(body: DataView): ModbusBody | string {
  if (body.byteLength < 6) return `has ${body.byteLength} bytes where at least 6 belong`;
  const range = rangeAt(body, 0, 'coil', 1968);
  if (typeof range === 'string') return range;
  return writtenBytes(body, 4, Math.ceil(range.count / 8)) ?? { writes: range };
}

function writeRegisters(body: DataView): ModbusBody | string {
  if (body.byteLength < 7) return `has ${body.byteLength} bytes where at least 7 belong`;
  const range = rangeAt(body, 0, 'holding', 123);
  if (typeof range === 'string') return range;
  return writtenBytes(body, 4, range.count * 2) ?? { writes: range };
}

function written(table: ModbusTable, limit: number): BodyShape {
  return (body) => {
    if (body.byteLength !== 4) return `has ${body.byteLength} bytes where 4 belong`;
    const range = rangeAt(body, 0, table, limit);
    return typeof range === 'string' ? range : { writes: range };
  };
}

function readWriteRegisters(body: DataView): ModbusBody | string {
  if (body.byteLength < 11) return `has ${body.byteLength} bytes where at least 11 belong`;
  const reads = rangeAt(body, 0, 'holding', 125);
  if (typeof reads === 'string') return reads;
  const writes = rangeAt(body, 4, 'holding', 121);
  if (typeof writes === 'string') return writes;
  return writtenBytes(body, 8, writes.count * 2) ?? { reads, writes };
}

function fifoQueue(body: DataView): ModbusBody | string {
  if (body.byteLength < 4) return `has ${body.byteLength} bytes where at least 4 belong`;
  const dataBytes = body.getUint16(0);
  if (dataBytes !== body.byteLength - 2) return `counts ${dataBytes} bytes and holds ${body.byteLength - 2}`;
  return { dataBytes };
}

/** `undefined` where the byte count at `at` and the bytes behind it are both `expected`. */
function writtenBytes(body: DataView, at: number, expected: number): string | undefined {
  const stated = body.getUint8(at);
  const held = body.byteLength - at - 1;
  if (stated === expected && held === expected) return undefined;
  return `counts ${stated} bytes and holds ${held} where ${expected} belong`;
}

function rangeAt(body: DataView, at: number, table: ModbusTable, limit: number): ModbusRange | string {
  const first = body.getUint16(at);
  const count = body.getUint16(at + 2);
  if (count < 1 || count > limit) return `names ${count} items where 1 to ${limit} are allowed`;
  if (first + count > ADDRESSES) return `names ${count} items from ${first}, beyond the last address 65535`;
  return { table, first, count };
}
