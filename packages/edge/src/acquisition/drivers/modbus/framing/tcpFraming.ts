/**
 * Modbus TCP: a header that carries the number of the question and the length.
 *
 *     transaction (2) | protocol, always 0 (2) | length from the unit on (2) | unit (1) | PDU
 *
 * Source: Modbus Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { MAX_PDU_BYTES } from '../question.ts';
import type { Deframer, Frame } from './framing.ts';

/** The header with the unit. */
const MBAP_BYTES = 7;
/** What the length counts beside the PDU. */
const UNIT_BYTES = 1;

export function tcpFrameBytes(pduBytes: number): number {
  return MBAP_BYTES + pduBytes;
}

export function encodeTcpFrame(transaction: number, unit: number, pdu: Uint8Array): Uint8Array {
  const frame = new Uint8Array(MBAP_BYTES + pdu.length);
  frame[0] = transaction >> 8;
  frame[1] = transaction;
  frame[5] = pdu.length + UNIT_BYTES;
  frame[6] = unit;
  frame.set(pdu, MBAP_BYTES);
  return frame;
}

export class TcpDeframer implements Deframer {
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  push(bytes: Uint8Array): void {
    const left = this.#bytes.length - this.#at;
    this.#bytes = left === 0 ? bytes : Buffer.concat([this.#bytes.subarray(this.#at), bytes]);
    this.#at = 0;
  }

  next(): Result<Frame | undefined> {
    const bytes = this.#bytes;
    const at = this.#at;
    const available = bytes.length - at;
    if (available >= 4 && (bytes[at + 2] !== 0 || bytes[at + 3] !== 0)) return this.#garbage();
    if (available < MBAP_BYTES - UNIT_BYTES) return NOTHING_YET;
    const length = (bytes[at + 4] << 8) | bytes[at + 5];
    if (length < UNIT_BYTES + 1 || length > UNIT_BYTES + MAX_PDU_BYTES) return this.#garbage();
    const end = at + MBAP_BYTES - UNIT_BYTES + length;
    if (end > bytes.length) return NOTHING_YET;
    this.#at = end;
    const transaction = (bytes[at] << 8) | bytes[at + 1];
    return success({ transaction, unit: bytes[at + 6], pdu: bytes.subarray(at + MBAP_BYTES, end) });
  }

  #garbage() {
    const start = Buffer.from(this.#bytes.subarray(this.#at, this.#at + 8)).toString('hex');
    return failure('device.answer', `bytes that are not Modbus TCP: ${start}...`);
  }
}

const NOTHING_YET = success(undefined);
