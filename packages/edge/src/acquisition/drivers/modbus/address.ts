/**
 * Addresses of Modbus points, in the ways in which people write them.
 *
 * Explicit and zero-based, as on the wire: `holding:100`, `input:7`, `coil:3`, `discrete:9`. Modicon references,
 * one-based with the table as first digit: `40101`, `400101` and `4x101` are all `holding:100`. Then what lies beside the
 * tables: `file:4/100` (record 100 of file 4), `fifo:1200/2` (third value of a queue), `identification:vendor-name`.
 *
 * Behind a register may stand `.3` (bit 3, the lowest is 0), `.4-7` (a field of bits), `.low` or `.high` (a byte), or
 * `[8]` (8 registers of text).
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { OBJECT_NAMES, objectName } from './identification.ts';

/** The four tables of the Modbus data model (V1.1b3, 4.3), and the three things that are read beside them. */
export type ModbusTable = 'coil' | 'discrete' | 'input' | 'holding' | 'file' | 'fifo' | 'identification';

/** Where something is read: `source` is the number of a file or the address of a queue, and 0 in a table. */
export interface ModbusPlace {
  readonly table: ModbusTable;
  readonly source: number;
  /** Zero-based, as it stands in a request: coil, register, record, place in the queue, or object. */
  readonly first: number;
}

export interface ModbusAddress extends ModbusPlace {
  readonly bits: BitField | undefined;
  /** How many registers a text takes. */
  readonly registers: number | undefined;
}

/** Bits of a register; the lowest is 0. */
export interface BitField {
  readonly lowest: number;
  readonly count: number;
}

/**
 * The last address of each table (V1.1b3, 4.4); the last record of a file (6.14), the last value of a queue (6.18), the last
 * object (6.21).
 */
const LAST: Readonly<Record<ModbusTable, number>> = {
  coil: 65_535,
  discrete: 65_535,
  input: 65_535,
  holding: 65_535,
  file: 9_999,
  fifo: 30,
  identification: 255,
};
const MAX_SOURCE = 65_535;
const MAX_BIT = 15;
/** What one request can carry (V1.1b3, 6.3). */
const MAX_TEXT_REGISTERS = 125;

const SUFFIX = String.raw`(?:\.(?:(?<bit>\d{1,3})(?:-(?<lastBit>\d{1,3}))?|(?<byte>low|high))|\[(?<registers>\d{1,5})\])?`;
const EXPLICIT = new RegExp(String.raw`^(?<table>coil|discrete|input|holding):(?<number>\d{1,7})${SUFFIX}$`, 'i');
const FILE = new RegExp(String.raw`^(?<table>file):(?<source>\d{1,7})/(?<number>\d{1,7})${SUFFIX}$`, 'i');
const FIFO = new RegExp(String.raw`^(?<table>fifo):(?<source>\d{1,7})(?:/(?<number>\d{1,7}))?${SUFFIX}$`, 'i');
const OBJECT = /^identification:(?:(?<number>\d{1,3})|(?<object>[a-z-]+))$/i;
const MODICON = new RegExp(String.raw`^(?<digit>[0134])(?:(?<number>\d{4,5})|x(?<cross>\d{1,5}))${SUFFIX}$`, 'i');
const MODICON_TABLE: Readonly<Record<string, ModbusTable>> = { 0: 'coil', 1: 'discrete', 3: 'input', 4: 'holding' };

const EXAMPLES =
  'write holding:100, input:7, coil:3 or discrete:9 (counted from 0), a Modicon reference such as 40101 (counted from 1), file:4/100, fifo:1200 or identification:vendor-name';

export function isBitTable(table: ModbusTable): boolean {
  return table === 'coil' || table === 'discrete';
}

/** Fault: `point.address`. */
export function parseAddress(input: string): Result<ModbusAddress> {
  const text = input.trim();
  const modicon: Groups | undefined = MODICON.exec(text)?.groups;
  if (modicon) return parseReference(text, modicon);
  const object: Groups | undefined = OBJECT.exec(text)?.groups;
  if (object) return parseObject(text, object);
  const groups: Groups | undefined = (EXPLICIT.exec(text) ?? FILE.exec(text) ?? FIFO.exec(text))?.groups;
  if (!groups) return refused(`"${input}" is no Modbus address: ${hintFor(text)}`);
  const table = groups.table?.toLowerCase() as ModbusTable;
  const source = Number(groups.source ?? 0);
  if (source > MAX_SOURCE || (table === 'file' && source === 0)) {
    return refused(
      `"${text}": ${table === 'file' ? 'files are numbered from 1 to 65535' : 'a queue is at 0 to 65535'}`,
    );
  }
  return withSuffix(text, { table, source, first: Number(groups.number ?? 0) }, groups);
}

function parseReference(text: string, groups: Groups): Result<ModbusAddress> {
  const first = Number(groups.number ?? groups.cross) - 1;
  if (first < 0) return refused(`"${text}": Modicon references count from 1, such as ${groups.digit}0001`);
  return withSuffix(text, { table: MODICON_TABLE[groups.digit ?? 0], source: 0, first }, groups);
}

function parseObject(text: string, groups: Groups): Result<ModbusAddress> {
  const first = groups.object ? OBJECT_NAMES.indexOf(groups.object.toLowerCase()) : Number(groups.number);
  if (first < 0) return refused(`"${text}" is no object of a device: ${OBJECT_NAMES.join(', ')}, or a number to 255`);
  return withSuffix(text, { table: 'identification', source: 0, first }, {});
}

/** What the expressions above may find. */
type Groups = Readonly<
  Partial<
    Record<
      'table' | 'source' | 'number' | 'digit' | 'cross' | 'object' | 'bit' | 'lastBit' | 'byte' | 'registers',
      string
    >
  >
>;

/** Spreadsheets and YAML take a reference for a number, and drop the zeros with which those of coils begin. */
function hintFor(text: string): string {
  if (!/^\d+$/.test(text)) return EXAMPLES;
  const number = Number(text);
  if (text.length > 4 || number === 0)
    return `Modicon references have 5 or 6 digits and begin with 0, 1, 3 or 4; ${EXAMPLES}`;
  const reference = text.padStart(5, '0');
  return `Modicon references have 5 or 6 digits; if zeros were lost it is ${reference}, which is coil:${number - 1}, and a register counted from 0 is holding:${number}`;
}

function withSuffix(text: string, place: ModbusPlace, groups: Groups): Result<ModbusAddress> {
  const { table } = place;
  if (place.first > LAST[table]) {
    const last = formatPlace({ ...place, first: LAST[table] });
    return refused(`"${text}" is beyond the last address, ${last}`);
  }
  const bits = bitField(groups);
  const registers = groups.registers === undefined ? undefined : Number(groups.registers);
  const plain = formatPlace(place);
  if (isBitTable(table) && (bits || registers !== undefined)) {
    return refused(`"${text}": a ${table} is one bit and takes no suffix; write ${plain}`);
  }
  if (bits && (bits.lowest + bits.count - 1 > MAX_BIT || bits.count < 1)) {
    return refused(`"${text}": a register has the bits 0 to ${MAX_BIT}, such as ${plain}.${MAX_BIT} or ${plain}.4-7`);
  }
  if (registers !== undefined && (registers < 1 || registers > MAX_TEXT_REGISTERS)) {
    return refused(`"${text}": a text takes 1 to ${MAX_TEXT_REGISTERS} registers, such as ${plain}[8]`);
  }
  return success({ ...place, bits, registers });
}

function bitField({ bit, lastBit, byte }: Groups): BitField | undefined {
  if (byte !== undefined) return { lowest: byte.toLowerCase() === 'high' ? 8 : 0, count: 8 };
  if (bit === undefined) return undefined;
  return { lowest: Number(bit), count: Number(lastBit ?? bit) - Number(bit) + 1 };
}

function refused(detail: string) {
  return failure('point.address', detail);
}

/** The explicit form, by which messages name an address however it was written. */
export function formatPlace({ table, source, first }: ModbusPlace): string {
  if (table === 'identification') return `identification:${objectName(first)}`;
  if (table === 'fifo' && first === 0) return `fifo:${source}`;
  return table === 'file' || table === 'fifo' ? `${table}:${source}/${first}` : `${table}:${first}`;
}
