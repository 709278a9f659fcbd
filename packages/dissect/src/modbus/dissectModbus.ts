/**
 * Reads a Modbus TCP frame that may be hostile: what it means, or the fault that makes it meaningless; nothing throws.
 *
 *     0             2          4        6      7          8
 *     +-------------+----------+--------+------+----------+------...
 *     | transaction | protocol | length | unit | function | body
 *     +-------------+----------+--------+------+----------+------...
 *                     always 0   counts from the unit on
 *
 * Source: Modbus Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3 (MBAP header); Modbus Application Protocol
 * Specification V1.1b3, 4.1 and 6. It shares no code with the driver, whose frames it checks.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { MODBUS_FUNCTIONS } from './modbusBody.ts';
import type { ModbusDirection, ModbusFrame } from './modbusFrame.ts';

const HEADER_BYTES = 6;
/** Unit and function code. */
const MIN_LENGTH = 2;
/** A unit and a PDU of 253 bytes (Messaging guide, 3.1.2). */
const MAX_LENGTH = 254;
const EXCEPTION_BIT = 0x80;

const malformed = (detail: string) => failure('frame.malformed', detail);

/**
 * The length in bytes of the frame that begins at the start of `bytes`, of which there may be fewer or more. Faults:
 * `frame.truncated` where the header is not there yet, `frame.malformed` where it is not one of Modbus TCP.
 */
export function modbusFrameLength(bytes: Uint8Array): Result<number> {
  if (bytes.length < HEADER_BYTES) return failure('frame.truncated', `${bytes.length} bytes cannot hold a header`);
  const view = viewOf(bytes);
  if (view.getUint16(2) !== 0) return malformed(`protocol identifier ${view.getUint16(2)} where 0 belongs`);
  const length = view.getUint16(4);
  if (length < MIN_LENGTH || length > MAX_LENGTH) {
    return malformed(`length ${length} where ${MIN_LENGTH} to ${MAX_LENGTH} are allowed`);
  }
  return success(HEADER_BYTES + length);
}

/** Dissects exactly one frame. Faults: `frame.truncated`, `frame.malformed` (bytes behind its end among them). */
export function dissectModbus(bytes: Uint8Array, direction: ModbusDirection): Result<ModbusFrame> {
  const length = modbusFrameLength(bytes);
  if (!length.ok) return length;
  if (length.value > bytes.length) return failure('frame.truncated', `${bytes.length} of ${length.value} bytes`);
  if (length.value < bytes.length) return malformed(`${bytes.length - length.value} bytes behind the end of the frame`);
  const view = viewOf(bytes);
  const code = view.getUint8(7);
  const functionCode = code & ~EXCEPTION_BIT;
  if (functionCode === 0) return malformed(`function code ${code}`);
  const known = MODBUS_FUNCTIONS.get(functionCode);
  const head = {
    transaction: view.getUint16(0),
    unit: view.getUint8(6),
    functionCode,
    service: known?.service ?? 'unknown',
  } as const;
  if (code !== functionCode) return dissectException(head, view, direction);
  if (!known) return success(head);
  const body = known[direction](new DataView(bytes.buffer, bytes.byteOffset + 8, bytes.length - 8));
  if (typeof body === 'string') return malformed(`the ${direction} of function code ${functionCode} ${body}`);
  return success({ ...head, ...body });
}

/** One byte of exception code; recordings show devices that pad it, so more bytes are let pass. */
function dissectException(head: ModbusFrame, view: DataView, direction: ModbusDirection): Result<ModbusFrame> {
  if (direction === 'request') return malformed(`function code ${head.functionCode | EXCEPTION_BIT} in a request`);
  if (view.byteLength < 9) return malformed(`an exception to function code ${head.functionCode} without its code`);
  return success({ ...head, exception: view.getUint8(8) });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
