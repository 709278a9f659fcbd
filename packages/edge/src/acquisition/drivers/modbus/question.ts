/**
 * The questions that this driver can ask, and what counts as the answer to one. A write cannot be expressed.
 *
 *     read bits, registers   function 1 to 4 | first, count                     ->  function | byte count, data
 *     read file record       20 | 7 | 6, file, record, count                    ->  20 | bytes | bytes, 6, data
 *     read FIFO queue        24 | address of the queue                          ->  24 | bytes, count, data
 *     device identification  43 | 14, category, object                          ->  identification.ts
 *     refusal                                                                   ->  function + 128 | exception code
 *
 * Source: Modbus Application Protocol V1.1b3, 6.1 to 6.4, 6.14, 6.18, 6.21 and 7. The outbound guard has a parser of its
 * own.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { formatPlace, isBitTable, type ModbusPlace, type ModbusTable } from './address.ts';
import { identificationBytes, identificationRequest } from './identification.ts';

export const READ_FUNCTION: Readonly<Record<ModbusTable, number>> = {
  coil: 1,
  discrete: 2,
  holding: 3,
  input: 4,
  file: 20,
  fifo: 24,
  identification: 43,
};
export const EXCEPTION_BIT = 0x80;
/** The longest PDU (V1.1b3, 4.1). */
export const MAX_PDU_BYTES = 253;
/** The only type of reference that a file request can have (V1.1b3, 6.14). */
const FILE_REFERENCE = 6;
/** A queue holds at most 31 registers, behind their count (V1.1b3, 6.18). */
const MAX_QUEUE_BYTES = 64;

/** What is asked for: `count` items from a place on. */
export interface ReadRange extends ModbusPlace {
  readonly count: number;
}

export interface Question {
  readonly range: ReadRange;
  readonly functionCode: number;
  /** The request from its function code on. */
  readonly request: Uint8Array;
  /** How long the right answer is, from its function code on; `undefined` where only the device knows. */
  readonly answerBytes: number | undefined;
}

export function questionOf(range: ReadRange): Question {
  const { table, count } = range;
  const functionCode = READ_FUNCTION[table];
  return { range, functionCode, request: requestOf(range), answerBytes: answerBytesOf(table, count) };
}

/** In words, for messages: `4 from holding:100`. */
export function describeRange(range: ReadRange): string {
  return range.table === 'fifo' || range.table === 'identification'
    ? formatPlace(range)
    : `${range.count} from ${formatPlace(range)}`;
}

function requestOf({ table, source, first, count }: ReadRange): Uint8Array {
  const code = READ_FUNCTION[table];
  switch (table) {
    case 'identification':
      return identificationRequest(first);
    case 'fifo':
      return Uint8Array.of(code, source >> 8, source);
    case 'file':
      return Uint8Array.of(code, 7, FILE_REFERENCE, source >> 8, source, first >> 8, first, count >> 8, count);
    default:
      return Uint8Array.of(code, first >> 8, first, count >> 8, count);
  }
}

function answerBytesOf(table: ModbusTable, count: number): number | undefined {
  if (isBitTable(table)) return 2 + Math.ceil(count / 8);
  if (table === 'file') return 4 + count * 2;
  return table === 'fifo' || table === 'identification' ? undefined : 2 + count * 2;
}

/**
 * How long an answer is, from its function code on, as far as its beginning shows. `undefined` while too little of it is
 * there; 0 where it is no answer that any question of ours can have.
 */
export function answerLength(pdu: Uint8Array): number | undefined {
  if (pdu.length === 0) return undefined;
  const code = pdu[0] & ~EXCEPTION_BIT;
  const known = (code >= 1 && code <= 4) || code === 20 || code === 24 || code === 43;
  if (!known) return 0;
  if (pdu[0] !== code) return 2;
  if (code === 43) return withinPdu(identificationBytes(pdu));
  if (pdu.length < 2) return undefined;
  if (code === 24) return queueLength(pdu);
  const bytes = pdu[1];
  if (bytes === 0 || (code !== 1 && code !== 2 && bytes % 2 !== 0)) return 0;
  return withinPdu(2 + bytes);
}

function queueLength(pdu: Uint8Array): number | undefined {
  if (pdu.length < 3) return undefined;
  const bytes = (pdu[1] << 8) | pdu[2];
  return bytes < 2 || bytes > MAX_QUEUE_BYTES || bytes % 2 !== 0 ? 0 : 3 + bytes;
}

function withinPdu(length: number | undefined): number | undefined {
  return length !== undefined && length > MAX_PDU_BYTES ? 0 : length;
}

export type Answer =
  | { readonly kind: 'data'; readonly data: Uint8Array }
  | { readonly kind: 'exception'; readonly exception: number };

/**
 * Reads a PDU as the answer to a question. The data is a view of it: of bits and registers exactly as many as were asked
 * for, of a queue what it holds, of an identification the whole of it, whose objects `identificationObjects` finds.
 * Fault: `device.answer`.
 */
export function decodeAnswer(pdu: Uint8Array, question: Question): Result<Answer> {
  const { functionCode, answerBytes } = question;
  if (pdu.length === 2 && pdu[0] === (functionCode | EXCEPTION_BIT)) {
    return success({ kind: 'exception', exception: pdu[1] });
  }
  if (pdu[0] !== functionCode) {
    return failure('device.answer', `an answer to function code ${pdu[0]} where ${functionCode} was asked`);
  }
  const stated = answerLength(pdu);
  if (stated !== pdu.length || (answerBytes ?? stated) !== stated) {
    const expected = answerBytes === undefined ? '' : ` where ${answerBytes} were asked for`;
    return failure('device.answer', `an answer that states ${stated ?? 'more'} bytes and has ${pdu.length}${expected}`);
  }
  return dataOf(pdu, question);
}

function dataOf(pdu: Uint8Array, { functionCode }: Question): Result<Answer> {
  switch (functionCode) {
    case 43:
      return success({ kind: 'data', data: pdu });
    case 24: {
      const count = (pdu[3] << 8) | pdu[4];
      if (count * 2 === pdu.length - 5) return success({ kind: 'data', data: pdu.subarray(5) });
      return failure('device.answer', `a queue of ${count} values in ${pdu.length - 5} bytes`);
    }
    case 20: {
      if (pdu[2] === pdu.length - 3 && pdu[3] === FILE_REFERENCE)
        return success({ kind: 'data', data: pdu.subarray(4) });
      return failure('device.answer', `a file record of ${pdu[2]} bytes in an answer of ${pdu.length}`);
    }
    default:
      return success({ kind: 'data', data: pdu.subarray(2) });
  }
}
