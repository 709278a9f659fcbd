/** What a frame of ours says, in the words of tshark: the values that it has to print in each of its fields. */

import type { ModbusDirection, ModbusFrame, ModbusFraming } from '../modbusFrame.ts';
import { STANDARD_SERVICES } from './standardServices.ts';

type Values = readonly (string | number | undefined)[];

/** tshark calls the quantity of a single write nothing, and that of a read/write by other names. */
const WITHOUT_COUNT = [5, 6, 22];

/**
 * Fields without values are left out. `modbus.data` is there where the frame carries values that tshark leaves undecoded,
 * in hexadecimal.
 */
export function wordsOfTshark(
  frame: ModbusFrame,
  direction: ModbusDirection,
  framing: ModbusFraming,
): Record<string, readonly string[]> {
  const words: Record<string, Values> = {
    'mbtcp.trans_id': [frame.transaction],
    [framing === 'tcp' ? 'mbtcp.unit_id' : 'mbrtu.unit_id']: [frame.station],
    'modbus.func_code': [frame.functionCode],
    'modbus.exception_code': [frame.exception],
    ...(frame.exception === undefined ? { ...rangeWords(frame), ...valueWords(frame), ...serviceWords(frame) } : {}),
    ...identificationWords(frame, direction),
  };
  return Object.fromEntries(
    Object.entries(words)
      .map(([field, values]) => [field, values.filter((value) => value !== undefined).map(String)] as const)
      .filter(([, values]) => values.length > 0),
  );
}

function rangeWords({ functionCode, body }: ModbusFrame): Record<string, Values> {
  const { reads, writes, fifo, records, mask, registers } = body;
  if (reads && writes) {
    return {
      'modbus.read_reference_num': [reads.first],
      'modbus.read_word_cnt': [reads.count],
      'modbus.write_reference_num': [writes.first],
      'modbus.write_word_cnt': [writes.count],
    };
  }
  const range = reads ?? writes;
  const count = WITHOUT_COUNT.includes(functionCode) ? undefined : range?.count;
  const bits = range?.table === 'coil' || range?.table === 'discrete';
  const named = records?.filter(({ file }) => file !== undefined) ?? [];
  const queued = functionCode === 24 ? registers?.length : undefined;
  return {
    'modbus.reference_num': [range?.first ?? fifo],
    'modbus.reference_num_32': named.map(({ file, record }) => file! * 0x10000 + record!),
    'modbus.bit_cnt': [bits ? count : undefined],
    'modbus.word_cnt': named.length > 0 ? named.map((record) => record.count) : [bits ? undefined : (count ?? queued)],
    'modbus.and_mask': [mask && prefixed(mask.and, 4)],
    'modbus.or_mask': [mask && prefixed(mask.or, 4)],
  };
}

function valueWords({ functionCode, body }: ModbusFrame): Record<string, Values> {
  const { coils, registers, records } = body;
  if ([3, 4, 16].includes(functionCode)) return { 'modbus.regval_uint16': [...(registers ?? [])] };
  if (functionCode === 1 || functionCode === 2) return { 'modbus.bitval': [...(coils ?? [])] };
  if (functionCode === 5) return { 'modbus.data': [coils?.[0] === 1 ? 'ff00' : '0000'] };
  if (coils) return { 'modbus.data': [packed(coils)] };
  return {
    'modbus.data': [registers, ...(records ?? []).map((record) => record.registers)].map(
      (words) => words && hex(words),
    ),
  };
}

function serviceWords({ functionCode, service }: ModbusFrame): Record<string, Values> {
  const subFunction = STANDARD_SERVICES.find((row) => row[0] === functionCode && row[2] === service)?.[1];
  return { [functionCode === 43 ? 'modbus.mei' : 'modbus.diagnostic_code']: [subFunction] };
}

function identificationWords({ body }: ModbusFrame, direction: ModbusDirection): Record<string, Values> {
  const { identification } = body;
  if (!identification) return {};
  const { readCode, objectId, conformity, moreFollows, objects } = identification;
  const head = { 'modbus.read_device_id': [readCode] };
  if (direction === 'request') return { ...head, 'modbus.object_id': [objectId] };
  return {
    ...head,
    'modbus.conformity_level': [prefixed(conformity!, 2)],
    'modbus.more_follows': [moreFollows ? '0xff' : '0x00'],
    'modbus.next_object_id': [objectId],
    'modbus.object_id': objects!.map(({ id }) => id),
    'modbus.object_str_value': objects!.map(({ value }) => Buffer.from(value).toString('latin1')),
  };
}

/** Eight coils in a byte, the first in its lowest bit. */
function packed(coils: Uint8Array): string {
  const bytes = new Uint8Array(Math.ceil(coils.length / 8));
  for (const [index, coil] of coils.entries()) bytes[index >> 3] |= coil << (index & 7);
  return Buffer.from(bytes).toString('hex');
}

function hex(words: Uint16Array): string {
  return Array.from(words, (word) => word.toString(16).padStart(4, '0')).join('');
}

function prefixed(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}
