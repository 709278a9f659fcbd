/**
 * Records in files: function codes 20 and 21.
 *
 *     0          1            2      3        5          7          9
 *     +----------+------------+------+--------+----------+----------+------...
 *     | function | byte count |  6   |  file  |  record  |  length  | values        <- groups to the end
 *     +----------+------------+------+--------+----------+----------+------...
 *                               reference type             registers  only of 21
 *
 * Source: Modbus Application Protocol Specification V1.1b3, 6.14 and 6.15.
 */

import type { ModbusBody, ModbusFileRecord } from '../modbusFrame.ts';
import { countDefect, type ModbusPdu } from '../modbusPdu.ts';

const REFERENCE_TYPE = 6;
/** Reference type, file, record and length. */
const GROUP_BYTES = 7;
/** 6.14: records are numbered 0 to 9999. */
const MAX_RECORD = 0x270f;
/** 6.14: 35 groups in a request. */
const MAX_READ_BYTES = 0xf5;
/** 6.15. */
const MAX_WRITE_BYTES = 0xfb;
/**
 * What a PDU of 253 bytes (4.1) holds behind function code and byte count. The table of 6.14 says 0xF5, which an answer
 * does not need to keep, and its least of 7 is contradicted by its own example.
 */
const MAX_ANSWER_BYTES = 251;

export function readFileRequest(pdu: ModbusPdu): ModbusBody | string {
  const defect = countDefect(pdu, 1, GROUP_BYTES, MAX_READ_BYTES);
  if (defect !== undefined) return defect;
  const records: ModbusFileRecord[] = [];
  let answerBytes = 0;
  for (let at = 2; at < pdu.length; at += GROUP_BYTES) {
    const record = groupAt(pdu, at);
    if (typeof record === 'string') return record;
    records.push(record);
    answerBytes += 2 + 2 * record.count;
  }
  if (answerBytes > MAX_ANSWER_BYTES) return `asks for ${answerBytes} bytes where an answer holds ${MAX_ANSWER_BYTES}`;
  return { records };
}

/** Groups of: length in bytes of what follows, reference type, values. */
export function readFileResponse(pdu: ModbusPdu): ModbusBody | string {
  const defect = countDefect(pdu, 1, 4, MAX_ANSWER_BYTES);
  if (defect !== undefined) return defect;
  const records: ModbusFileRecord[] = [];
  for (let at = 2; at < pdu.length; at += 1 + pdu.byte(at)) {
    const length = pdu.byte(at);
    if (length < 3 || length % 2 === 0) return `has a group of ${length} bytes, which are not whole registers`;
    if (at + 1 + length > pdu.length) return `has a group of ${length} bytes and holds ${pdu.length - at - 1}`;
    if (pdu.byte(at + 1) !== REFERENCE_TYPE) return referenceDefect(pdu.byte(at + 1));
    const count = (length - 1) / 2;
    records.push({ count, registers: pdu.words(at + 2, count) });
  }
  return { records };
}

/** Request and echo. */
export function writeFile(pdu: ModbusPdu): ModbusBody | string {
  const defect = countDefect(pdu, 1, GROUP_BYTES + 2, MAX_WRITE_BYTES);
  if (defect !== undefined) return defect;
  const records: ModbusFileRecord[] = [];
  for (let at = 2; at < pdu.length; ) {
    const record = groupAt(pdu, at);
    if (typeof record === 'string') return record;
    at += GROUP_BYTES + 2 * record.count;
    if (at > pdu.length) return `has a group that ends ${at - pdu.length} bytes behind it`;
    records.push({ ...record, registers: pdu.words(at - 2 * record.count, record.count) });
  }
  return { records };
}

function groupAt(pdu: ModbusPdu, at: number): ModbusFileRecord | string {
  if (at + GROUP_BYTES > pdu.length) return `has a group of ${pdu.length - at} bytes where ${GROUP_BYTES} belong`;
  if (pdu.byte(at) !== REFERENCE_TYPE) return referenceDefect(pdu.byte(at));
  const file = pdu.word(at + 1);
  const record = pdu.word(at + 3);
  const count = pdu.word(at + 5);
  if (file === 0) return 'names file 0';
  if (count === 0) return 'names a group of no registers';
  if (record > MAX_RECORD) return `names record ${record}, beyond the last record ${MAX_RECORD}`;
  return { file, record, count };
}

function referenceDefect(reference: number): string {
  return `has reference type ${reference} where ${REFERENCE_TYPE} belongs`;
}
