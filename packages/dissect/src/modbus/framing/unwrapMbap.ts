/**
 * The framing of Modbus TCP.
 *
 *     0             2          4        6      7
 *     +-------------+----------+--------+------+-----...
 *     | transaction | protocol | length | unit | PDU
 *     +-------------+----------+--------+------+-----...
 *                     always 0   counts from the unit on
 *
 * Source: Modbus Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { ModbusPdu } from '../modbusPdu.ts';
import { MAX_PDU_BYTES, type ModbusAdu } from './modbusAdu.ts';

const UNIT = 6;
/** Unit and function code. */
const MIN_LENGTH = 2;
const MAX_LENGTH = 1 + MAX_PDU_BYTES;

/**
 * The length in bytes of the frame that begins at the start of `bytes`, of which there may be fewer or more. Faults:
 * `frame.truncated` where the header is not there yet, `frame.malformed` where it is not one of Modbus TCP.
 */
export function mbapFrameLength(bytes: Uint8Array): Result<number> {
  if (bytes.length < UNIT) return failure('frame.truncated', `${bytes.length} bytes cannot hold a header`);
  const protocol = (bytes[2] << 8) | bytes[3];
  if (protocol !== 0) return failure('frame.malformed', `protocol identifier ${protocol} where 0 belongs`);
  const length = (bytes[4] << 8) | bytes[5];
  if (length >= MIN_LENGTH && length <= MAX_LENGTH) return success(UNIT + length);
  return failure('frame.malformed', `length ${length} where ${MIN_LENGTH} to ${MAX_LENGTH} are allowed`);
}

/** Faults: `frame.truncated`, `frame.malformed` (bytes behind the end of the frame among them). */
export function unwrapMbap(bytes: Uint8Array): Result<ModbusAdu> {
  const length = mbapFrameLength(bytes);
  if (!length.ok) return length;
  const beyond = bytes.length - length.value;
  if (beyond < 0) return failure('frame.truncated', `${bytes.length} of ${length.value} bytes`);
  if (beyond > 0) return failure('frame.malformed', `${beyond} bytes behind the end of the frame`);
  const transaction = (bytes[0] << 8) | bytes[1];
  return success({ transaction, station: bytes[UNIT], pdu: new ModbusPdu(bytes, UNIT + 1, bytes.length) });
}
