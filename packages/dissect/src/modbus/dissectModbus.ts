/**
 * Reads a Modbus frame that may be hostile: what it means, or the fault that makes it meaningless; nothing throws.
 *
 * Source: Modbus Application Protocol Specification V1.1b3, 4.1, 6 and 7; Modbus over Serial Line V1.02, 2. It shares no
 * code with the drivers, whose frames it checks.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Dissector } from '../outboundRequest.ts';
import type { ModbusAdu } from './framing/modbusAdu.ts';
import { unwrapAscii } from './framing/unwrapAscii.ts';
import { unwrapMbap } from './framing/unwrapMbap.ts';
import { unwrapRtu } from './framing/unwrapRtu.ts';
import type { ModbusDirection, ModbusFrame, ModbusFraming } from './modbusFrame.ts';
import { functionOf, functionOfCode } from './modbusFunctions.ts';
import { NO_BODY } from './modbusPdu.ts';

const EXCEPTION_BIT = 0x80;
const BROADCAST = 0;

const UNWRAP = { tcp: unwrapMbap, rtu: unwrapRtu, ascii: unwrapAscii };

const malformed = (detail: string) => failure('frame.malformed', detail);

export const dissectModbusTcpRequest: Dissector = (frame) => dissectModbus(frame, 'request', 'tcp');
export const dissectModbusRtuRequest: Dissector = (frame) => dissectModbus(frame, 'request', 'rtu');
export const dissectModbusAsciiRequest: Dissector = (frame) => dissectModbus(frame, 'request', 'ascii');

/**
 * Dissects exactly one frame. Faults: `frame.truncated`, `frame.malformed` (bytes behind its end among them).
 *
 * Every address is let pass. 248 to 255 are reserved on a serial line (V1.02, 2.2), yet devices use them, and an address
 * changes nothing in what a request does; the guard asks whether the station is one of the line.
 */
export function dissectModbus(
  bytes: Uint8Array,
  direction: ModbusDirection,
  framing: ModbusFraming = 'tcp',
): Result<ModbusFrame> {
  const adu = UNWRAP[framing](bytes);
  if (!adu.ok) return adu;
  const frame = dissectPdu(adu.value, direction);
  if (!frame.ok || framing === 'tcp' || frame.value.station !== BROADCAST) return frame;
  const defect = broadcastDefect(frame.value, direction);
  return defect === undefined ? frame : malformed(defect);
}

function dissectPdu(adu: ModbusAdu, direction: ModbusDirection): Result<ModbusFrame> {
  const { transaction, station, pdu } = adu;
  const functionCode = pdu.byte(0);
  if ((functionCode & ~EXCEPTION_BIT) === 0) return malformed(`function code ${functionCode}`);
  if (functionCode >= EXCEPTION_BIT) return dissectException(adu, direction);
  const named = functionOf(pdu);
  if (typeof named === 'string') return malformed(`the ${direction} of function code ${functionCode} ${named}`);
  const body = direction === 'request' ? named.request(pdu) : named.response(pdu);
  if (typeof body === 'string') return malformed(`the ${direction} of function code ${functionCode} ${body}`);
  const { service, effect } = named;
  return success({ service, effect, station, transaction, functionCode, exception: undefined, body });
}

/** One byte of exception code (V1.1b3, 7). */
function dissectException({ transaction, station, pdu }: ModbusAdu, direction: ModbusDirection): Result<ModbusFrame> {
  const functionCode = pdu.byte(0) & ~EXCEPTION_BIT;
  if (direction === 'request') return malformed(`function code ${pdu.byte(0)} in a request`);
  if (pdu.length !== 2) return malformed(`an exception to function code ${functionCode} with ${pdu.length - 1} bytes`);
  const { service, effect } = functionOfCode(functionCode);
  return success({ service, effect, station, transaction, functionCode, exception: pdu.byte(1), body: NO_BODY });
}

/**
 * On a serial line nobody answers to the broadcast address or from it, "the broadcast requests are necessarily writing
 * commands" (V1.02, 2.1): who asks for something there has mistaken the address.
 */
function broadcastDefect({ service, effect }: ModbusFrame, direction: ModbusDirection): string | undefined {
  if (direction === 'response') return 'an answer from the broadcast address';
  if (effect === 'write' || effect === 'unknown') return undefined;
  return `${service} at the broadcast address, which nobody answers`;
}
