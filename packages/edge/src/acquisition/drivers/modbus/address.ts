/**
 * Addresses of Modbus points, in the two ways in which people write them.
 *
 * Explicit and zero-based, as on the wire: `holding:100`, `input:7`, `coil:3`, `discrete:9`. Modicon references,
 * one-based with the table as first digit: `40101` and `400101` are both `holding:100`. Behind a register may stand
 * `.3` (bit 3, the lowest is 0) or `[8]` (8 registers of text).
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** The four tables of the Modbus data model (Modbus Application Protocol V1.1b3, 4.3). */
export type ModbusTable = 'coil' | 'discrete' | 'input' | 'holding';

export interface ModbusAddress {
  readonly table: ModbusTable;
  /** Zero-based, as it stands in a request. */
  readonly first: number;
  /** Bit of a register, 0 (lowest) to 15. */
  readonly bit: number | undefined;
  /** How many registers a text takes. */
  readonly registers: number | undefined;
}

const LAST_ADDRESS = 65_535;
const MAX_BIT = 15;
/** What one request can carry (V1.1b3, 6.3). */
const MAX_TEXT_REGISTERS = 125;

const SUFFIX = String.raw`(?:\.(?<bit>\d{1,3})|\[(?<registers>\d{1,5})\])?`;
const EXPLICIT = new RegExp(String.raw`^(?<table>coil|discrete|input|holding):(?<number>\d{1,7})${SUFFIX}$`, 'i');
const MODICON = new RegExp(String.raw`^(?<digit>[0134])(?<number>\d{4,5})${SUFFIX}$`);
const MODICON_TABLE: Readonly<Record<string, ModbusTable>> = { 0: 'coil', 1: 'discrete', 3: 'input', 4: 'holding' };

const EXAMPLES =
  'write holding:100, input:7, coil:3 or discrete:9 (counted from 0), or a Modicon reference such as 40101 (counted from 1)';

export function isBitTable(table: ModbusTable): boolean {
  return table === 'coil' || table === 'discrete';
}

/** Fault: `point.address`. */
export function parseAddress(text: string): Result<ModbusAddress> {
  const explicit = EXPLICIT.exec(text.trim())?.groups;
  const modicon = explicit ? undefined : MODICON.exec(text.trim())?.groups;
  const groups = explicit ?? modicon;
  if (!groups) return failure('point.address', `"${text}" is no Modbus address: ${hintFor(text.trim())}`);
  const { table: name = '', digit = '', number, bit, registers } = groups;
  const table = explicit ? (name.toLowerCase() as ModbusTable) : MODICON_TABLE[digit];
  const first = Number(number) - (modicon ? 1 : 0);
  if (first < 0) return failure('point.address', `"${text}": Modicon references count from 1, such as ${digit}0001`);
  if (first > LAST_ADDRESS) {
    return failure('point.address', `"${text}" is beyond the last address, ${table}:${LAST_ADDRESS}`);
  }
  return checkSuffix(text, { table, first, bit: wholeNumber(bit), registers: wholeNumber(registers) });
}

/** Spreadsheets and YAML take a reference for a number, and drop the zeros with which those of coils begin. */
function hintFor(text: string): string {
  if (!/^\d+$/.test(text)) return EXAMPLES;
  const number = Number(text);
  if (text.length > 4 || number === 0)
    return `Modicon references have 5 or 6 digits and begin with 0, 1, 3 or 4; ${EXAMPLES}`;
  const reference = text.padStart(5, '0');
  return `Modicon references have 5 or 6 digits; if zeros were lost it is ${reference}, which is coil:${number - 1}, and a register counted from 0 is holding:${number}`;
}

function wholeNumber(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

function checkSuffix(text: string, address: ModbusAddress): Result<ModbusAddress> {
  const { table, first, bit, registers } = address;
  if (isBitTable(table) && (bit !== undefined || registers !== undefined)) {
    return failure('point.address', `"${text}": a ${table} is one bit and takes no suffix; write ${table}:${first}`);
  }
  if (bit !== undefined && bit > MAX_BIT) {
    return failure(
      'point.address',
      `"${text}": a register has the bits 0 to ${MAX_BIT}, such as ${table}:${first}.${MAX_BIT}`,
    );
  }
  if (registers !== undefined && (registers < 1 || registers > MAX_TEXT_REGISTERS)) {
    return failure(
      'point.address',
      `"${text}": a text takes 1 to ${MAX_TEXT_REGISTERS} registers, such as ${table}:${first}[8]`,
    );
  }
  return success(address);
}

/** The explicit form, by which messages name an address however it was written. */
export function formatAddress(table: ModbusTable, first: number): string {
  return `${table}:${first}`;
}
