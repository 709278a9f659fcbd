/**
 * Coils and registers: function codes 1 to 6, 15, 16 and 22 to 24.
 *
 * Source: Modbus Application Protocol Specification V1.1b3, 6.1 to 6.6, 6.11, 6.12 and 6.16 to 6.18; the limits are those
 * of its tables.
 */

import type { ModbusBody, ModbusRange, ModbusTable } from '../modbusFrame.ts';
import { countDefect, lengthDefect, type ModbusPdu, type PduShape } from '../modbusPdu.ts';

const ADDRESSES = 65_536;
const COIL_ON = 0xff00;
/** The byte count of an answer: 2000 coils or 125 registers. */
const MAX_DATA_BYTES = 250;
/** V1.1b3, 6.18. */
const MAX_QUEUE = 31;

/** 6.1 to 6.4: first address, quantity. */
export function readRequest(table: ModbusTable, limit: number): PduShape {
  return (pdu) => {
    const defect = lengthDefect(pdu, 4);
    if (defect !== undefined) return defect;
    const reads = rangeAt(pdu, 1, table, limit);
    return typeof reads === 'string' ? reads : { reads };
  };
}

/** 6.1, 6.2: byte count, eight coils or inputs in each byte. */
export function coilsResponse(pdu: ModbusPdu): ModbusBody | string {
  return countDefect(pdu, 1, 1, MAX_DATA_BYTES) ?? { coils: pdu.bits(2, pdu.byte(1) * 8) };
}

/** 6.3, 6.4, 6.17: byte count, registers. */
export function registersResponse(pdu: ModbusPdu): ModbusBody | string {
  const defect = countDefect(pdu, 1, 2, MAX_DATA_BYTES);
  if (defect !== undefined) return defect;
  if (pdu.byte(1) % 2 !== 0) return `counts ${pdu.byte(1)} bytes, which are not whole registers`;
  return { registers: pdu.words(2, pdu.byte(1) / 2) };
}

/** 6.5, request and echo: address, on or off. */
export function writeCoil(pdu: ModbusPdu): ModbusBody | string {
  const defect = lengthDefect(pdu, 4);
  if (defect !== undefined) return defect;
  const value = pdu.word(3);
  if (value !== 0 && value !== COIL_ON) return `sets a coil to ${value}, which is neither on nor off`;
  return { writes: { table: 'coil', first: pdu.word(1), count: 1 }, coils: Uint8Array.of(value === COIL_ON ? 1 : 0) };
}

/** 6.6, request and echo: address, value. */
export function writeRegister(pdu: ModbusPdu): ModbusBody | string {
  return (
    lengthDefect(pdu, 4) ?? {
      writes: { table: 'holding', first: pdu.word(1), count: 1 },
      registers: pdu.words(3, 1),
    }
  );
}

/** 6.11: first address, quantity, byte count, coils. */
export function writeCoilsRequest(pdu: ModbusPdu): ModbusBody | string {
  if (pdu.length < 7) return `has ${pdu.length - 1} bytes where at least 6 belong`;
  const writes = rangeAt(pdu, 1, 'coil', 1968);
  if (typeof writes === 'string') return writes;
  const dataBytes = Math.ceil(writes.count / 8);
  return countDefect(pdu, 5, dataBytes, dataBytes) ?? { writes, coils: pdu.bits(6, writes.count) };
}

/** 6.12: first address, quantity, byte count, registers. */
export function writeRegistersRequest(pdu: ModbusPdu): ModbusBody | string {
  if (pdu.length < 8) return `has ${pdu.length - 1} bytes where at least 7 belong`;
  const writes = rangeAt(pdu, 1, 'holding', 123);
  if (typeof writes === 'string') return writes;
  const dataBytes = writes.count * 2;
  return countDefect(pdu, 5, dataBytes, dataBytes) ?? { writes, registers: pdu.words(6, writes.count) };
}

/** 6.11, 6.12: first address, quantity. */
export function writtenResponse(table: ModbusTable, limit: number): PduShape {
  return (pdu) => {
    const defect = lengthDefect(pdu, 4);
    if (defect !== undefined) return defect;
    const writes = rangeAt(pdu, 1, table, limit);
    return typeof writes === 'string' ? writes : { writes };
  };
}

/** 6.16, request and echo: address, AND mask, OR mask. */
export function maskRegister(pdu: ModbusPdu): ModbusBody | string {
  return (
    lengthDefect(pdu, 6) ?? {
      writes: { table: 'holding', first: pdu.word(1), count: 1 },
      mask: { and: pdu.word(3), or: pdu.word(5) },
    }
  );
}

/** 6.17: what to read, what to write, byte count, registers; the write comes first. */
export function readWriteRequest(pdu: ModbusPdu): ModbusBody | string {
  if (pdu.length < 12) return `has ${pdu.length - 1} bytes where at least 11 belong`;
  const reads = rangeAt(pdu, 1, 'holding', 125);
  if (typeof reads === 'string') return reads;
  const writes = rangeAt(pdu, 5, 'holding', 121);
  if (typeof writes === 'string') return writes;
  const dataBytes = writes.count * 2;
  return countDefect(pdu, 9, dataBytes, dataBytes) ?? { reads, writes, registers: pdu.words(10, writes.count) };
}

/** 6.18: the address of the register that counts the queue. */
export function fifoRequest(pdu: ModbusPdu): ModbusBody | string {
  return lengthDefect(pdu, 2) ?? { fifo: pdu.word(1) };
}

/** 6.18: byte count and FIFO count, a word each; registers. */
export function fifoResponse(pdu: ModbusPdu): ModbusBody | string {
  if (pdu.length < 5) return `has ${pdu.length - 1} bytes where at least 4 belong`;
  const count = pdu.word(3);
  if (count > MAX_QUEUE) return `holds a queue of ${count} where ${MAX_QUEUE} are allowed`;
  const dataBytes = 2 + 2 * count;
  if (pdu.word(1) !== dataBytes) return `counts ${pdu.word(1)} bytes where ${dataBytes} belong`;
  return lengthDefect(pdu, 2 + dataBytes) ?? { registers: pdu.words(5, count) };
}

function rangeAt(pdu: ModbusPdu, at: number, table: ModbusTable, limit: number): ModbusRange | string {
  const first = pdu.word(at);
  const count = pdu.word(at + 2);
  if (count < 1 || count > limit) return `names ${count} items where 1 to ${limit} are allowed`;
  if (first + count > ADDRESSES) return `names ${count} items from ${first}, beyond the last address 65535`;
  return { table, first, count };
}
