/**
 * The RTU framing of a serial line; on the line a frame ends with 3.5 characters of silence, here with the bytes.
 *
 *     0         1
 *     +---------+-----...-+-----+
 *     | address | PDU     | CRC |
 *     +---------+-----...-+-----+
 *                           low byte first
 *
 * Source: Modbus over Serial Line V1.02, 2.5.1 and 6.2.2 (CRC).
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { ModbusPdu } from '../modbusPdu.ts';
import { MAX_PDU_BYTES, type ModbusAdu } from './modbusAdu.ts';

const CRC_BYTES = 2;
/** Address and function code. */
const MIN_BYTES = 2 + CRC_BYTES;
const MAX_BYTES = 1 + MAX_PDU_BYTES + CRC_BYTES;

/** 6.2.2: x^16 + x^15 + x^2 + 1, the lowest bit first. */
const POLYNOMIAL = 0xa001;
const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * POLYNOMIAL);
  return crc;
});

/** Faults: `frame.truncated` where no frame is so short, `frame.malformed`; a frame that is cut has a wrong CRC. */
export function unwrapRtu(bytes: Uint8Array): Result<ModbusAdu> {
  if (bytes.length < MIN_BYTES) return failure('frame.truncated', `${bytes.length} bytes cannot hold a frame`);
  if (bytes.length > MAX_BYTES) {
    return failure('frame.malformed', `${bytes.length} bytes where ${MAX_BYTES} are allowed`);
  }
  const end = bytes.length - CRC_BYTES;
  const stated = bytes[end] | (bytes[end + 1] << 8);
  const computed = crcOf(bytes, end);
  if (stated !== computed) return failure('frame.malformed', `CRC ${hex(stated)} where ${hex(computed)} belongs`);
  return success({ transaction: undefined, station: bytes[0], pdu: new ModbusPdu(bytes, 1, end) });
}

function crcOf(bytes: Uint8Array, end: number): number {
  let crc = 0xffff;
  for (let at = 0; at < end; at++) crc = (crc >> 8) ^ CRC_TABLE[(crc ^ bytes[at]) & 0xff];
  return crc;
}

function hex(crc: number): string {
  return crc.toString(16).padStart(4, '0');
}
