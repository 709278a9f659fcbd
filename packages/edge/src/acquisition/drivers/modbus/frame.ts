/**
 * The frames of Modbus TCP that this driver knows: four read requests and their answers. A write cannot be expressed.
 *
 *     request   transaction, 0, 6 | unit, function | first, count
 *     answer    transaction, 0, n | unit, function | byte count, data
 *     refusal   transaction, 0, 3 | unit, function + 128 | exception code
 *
 * Source: Modbus Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3; Modbus Application Protocol V1.1b3, 6.1 to 6.4
 * and 7. The outbound guard has a parser of its own.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { isBitTable, type ModbusTable } from './address.ts';

const READ_FUNCTION: Readonly<Record<ModbusTable, number>> = { coil: 1, discrete: 2, holding: 3, input: 4 };
const REQUEST_BYTES = 12;
const MBAP_BYTES = 7;
const MAX_FRAME_BYTES = 260;
const EXCEPTION_BIT = 0x80;

/** What is asked for: `count` coils or registers from `first` on. */
export interface ReadRange {
  readonly table: ModbusTable;
  readonly first: number;
  readonly count: number;
}

export function encodeReadRequest(transaction: number, unit: number, range: ReadRange): Uint8Array {
  const frame = new Uint8Array(REQUEST_BYTES);
  const view = new DataView(frame.buffer);
  view.setUint16(0, transaction);
  view.setUint16(4, REQUEST_BYTES - MBAP_BYTES + 1);
  view.setUint8(6, unit);
  view.setUint8(7, READ_FUNCTION[range.table]);
  view.setUint16(8, range.first);
  view.setUint16(10, range.count);
  return frame;
}

export type Answer =
  | { readonly kind: 'data'; readonly data: Uint8Array }
  | { readonly kind: 'exception'; readonly exception: number };

export function transactionOf(frame: Uint8Array): number {
  return (frame[0] << 8) | frame[1];
}

/**
 * Reads a whole frame as the answer to the read of `range` from `unit`. The data is a view of the frame and has exactly
 * the length that was asked for. Fault: `device.answer`.
 */
export function decodeAnswer(frame: Uint8Array, unit: number, range: ReadRange): Result<Answer> {
  const mismatch = (detail: string) => failure('device.answer', detail);
  const asked = READ_FUNCTION[range.table];
  const length = frame.length - MBAP_BYTES;
  if (length < 2) return mismatch(`an answer of ${frame.length} bytes`);
  if (frame[6] !== unit) return mismatch(`unit ${frame[6]} answered where unit ${unit} was asked`);
  if (frame[7] === (asked | EXCEPTION_BIT)) return success({ kind: 'exception', exception: frame[8] });
  if (frame[7] !== asked) return mismatch(`an answer to function code ${frame[7]} where ${asked} was asked`);
  const expected = isBitTable(range.table) ? Math.ceil(range.count / 8) : range.count * 2;
  if (frame[8] !== expected || length !== expected + 2) {
    return mismatch(`${frame[8]} bytes of data stated and ${length - 2} held where ${expected} were asked for`);
  }
  return success({ kind: 'data', data: frame.subarray(MBAP_BYTES + 2) });
}

/** Cuts a stream of bytes into frames, however the network has cut it. */
export class FrameAssembler {
  #bytes: Uint8Array = new Uint8Array(0);

  push(bytes: Uint8Array): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
  }

  /**
   * The next whole frame, or `undefined` while it is incomplete. Fault: `device.answer` where the bytes are not Modbus
   * TCP; what follows them cannot be trusted either, so the connection must be given up.
   */
  next(): Result<Uint8Array | undefined> {
    const bytes = this.#bytes;
    if (bytes.length >= 4 && (bytes[2] !== 0 || bytes[3] !== 0)) return this.#garbage();
    if (bytes.length < MBAP_BYTES - 1) return success(undefined);
    const frameBytes = MBAP_BYTES - 1 + ((bytes[4] << 8) | bytes[5]);
    if (frameBytes < MBAP_BYTES + 1 || frameBytes > MAX_FRAME_BYTES) return this.#garbage();
    if (bytes.length < frameBytes) return success(undefined);
    this.#bytes = bytes.subarray(frameBytes);
    return success(bytes.subarray(0, frameBytes));
  }

  #garbage() {
    const start = Buffer.from(this.#bytes.subarray(0, 8)).toString('hex');
    return failure('device.answer', `bytes that are not Modbus TCP: ${start}...`);
  }
}
