/** Prints what we dissected as tshark prints it: one column to the field, `;` between what repeats. */

import { type Dnp3Fragment, dissectDnp3Fragment } from '../dissectDnp3Fragment.ts';
import { type Dnp3Link, dissectDnp3Link } from '../dissectDnp3Link.ts';
import { dissectDnp3Segment } from '../dissectDnp3Segment.ts';
import type { Dnp3Point } from '../dnp3Field.ts';
import { dnp3PointsOf } from '../dnp3PointsOf.ts';
import type { Dnp3ObjectHeader } from '../walkDnp3Objects.ts';

/** The columns of the vectors, by the names that tshark gives its fields (without `dnp3.`). */
export const TSHARK_COLUMNS = [
  'len',
  'ctl',
  'src',
  'dst',
  'tr.fir',
  'tr.fin',
  'tr.seq',
  'al.ctl',
  'al.func',
  'al.iin',
  'al.obj',
  'al.objq.prefix',
  'al.objq.range',
  'al.range.start',
  'al.range.stop',
  'al.range.quantity',
  'al.point_index',
  'al.bit',
  'al.2bit',
  'al.ana.int',
  'al.ana.float',
  'al.ana.double',
  'al.cnt',
  'al.timestamp',
  'al.reltimestamp',
  'al.octet_string',
] as const;

export type TsharkColumn = (typeof TSHARK_COLUMNS)[number];
export type TsharkRow = Partial<Record<TsharkColumn, string[]>>;

/** Segments of unfinished fragments, by the direction between two stations. */
export type Unfinished = Map<string, Uint8Array[]>;

/** Prints the link frames that end in one packet. A frame that is no frame leaves no trace, as in tshark. */
export function asTshark(frames: readonly Uint8Array[], unfinished: Unfinished): { row: TsharkRow; faults: string[] } {
  const row: TsharkRow = {};
  const faults: string[] = [];
  const print = (column: TsharkColumn, text: string | number) => {
    row[column] = [...(row[column] ?? []), String(text)];
  };
  for (const bytes of frames) {
    const link = dissectDnp3Link(bytes);
    if (!link.ok) {
      faults.push(link.fault.detail);
      continue;
    }
    printLink(link.value, print);
    const readsData = !LINK_FUNCTIONS_WITHOUT_DATA.includes(link.value.functionCode);
    if (!readsData || link.value.userData.length === 0) continue;
    const fragment = fragmentOf(link.value, unfinished, print);
    if (fragment) printFragment(fragment, print, faults);
  }
  return { row, faults };
}

/** Of a reset and a status request tshark reads no user data; of a test it does, where somebody sends some. */
const LINK_FUNCTIONS_WITHOUT_DATA = [0, 9];

type Print = (column: TsharkColumn, text: string | number) => void;

function printLink(link: Dnp3Link, print: Print): void {
  const { fromMaster, primary, frameCountBit, frameCountValidOrBusy, functionCode, userData } = link;
  print('len', userData.length + 5);
  print('ctl', octets(bits(fromMaster, primary, frameCountBit, frameCountValidOrBusy) * 16 + functionCode, 1));
  print('src', link.source);
  print('dst', link.destination);
}

function fragmentOf(link: Dnp3Link, unfinished: Unfinished, print: Print): Dnp3Fragment | undefined {
  const segment = dissectDnp3Segment(link.userData);
  if (!segment.ok) return undefined;
  const { first, final, sequence, payload } = segment.value;
  print('tr.fir', Number(first));
  print('tr.fin', Number(final));
  print('tr.seq', sequence);
  const flow = `${link.source}>${link.destination}`;
  const parts = [...(first ? [] : (unfinished.get(flow) ?? [])), payload];
  unfinished.set(flow, parts);
  if (!final) return undefined;
  unfinished.delete(flow);
  const fragment = dissectDnp3Fragment(Buffer.concat(parts), link.fromMaster ? 'request' : 'response');
  return fragment.ok ? fragment.value : undefined;
}

/** Stop application, assign class and authentication: tshark 4.0 reads none of their objects, and no IIN of function 131. */
const FUNCTIONS_WITHOUT_OBJECTS = [18, 22, 32, 131];
const AUTHENTICATION_RESPONSE = 131;

/** tshark 4.0 does not know how long these objects are: it prints their header and the first index, and ends. */
const LAST_OBJECTS = ['g50v4', 'g51v2', 'g120v3'];

/** tshark prints variation 0 for every length of an octet string event. */
const OCTET_STRING_EVENT = 111;

function printFragment(fragment: Dnp3Fragment, print: Print, faults: string[]): void {
  const { first, final, confirm, unsolicited, sequence, functionCode } = fragment;
  print('al.ctl', octets(bits(first, final, confirm, unsolicited) * 16 + sequence, 1));
  print('al.func', functionCode);
  if (fragment.indications !== undefined && functionCode !== AUTHENTICATION_RESPONSE) {
    print('al.iin', octets(fragment.indications, 2));
  }
  if (fragment.fault) faults.push(fragment.fault.detail);
  if (FUNCTIONS_WITHOUT_OBJECTS.includes(functionCode)) return;
  for (const header of fragment.objects) {
    printHeader(header, print);
    if (LAST_OBJECTS.includes(`g${header.group}v${header.variation}`)) {
      print('al.point_index', header.first ?? 0);
      return;
    }
    for (const point of dnp3PointsOf(header)) printPoint(header, point, print);
  }
}

function printHeader({ group, variation, qualifier, range, first, last, count }: Dnp3ObjectHeader, print: Print): void {
  print('al.obj', octets(group * 256 + (group === OCTET_STRING_EVENT ? 0 : variation), 2));
  print('al.objq.prefix', qualifier >> 4);
  print('al.objq.range', qualifier & 0x0f);
  if (range.kind === 'span') {
    print('al.range.start', first ?? 0);
    print('al.range.stop', last ?? 0);
  }
  if (range.kind === 'count' || range.kind === 'sized') print('al.range.quantity', count ?? 0);
}

/** The columns that show the value of a group; the tables hold no others (not outputs, and not states inside flags). */
const VALUE_COLUMNS = new Map<string, TsharkColumn>([
  ['g1v1', 'al.bit'],
  ['g10v1', 'al.bit'],
  ['g80v1', 'al.bit'],
  ['g3v1', 'al.2bit'],
  ['g30v5', 'al.ana.float'],
  ['g30v6', 'al.ana.double'],
  ['g32v5', 'al.ana.float'],
  ['g32v6', 'al.ana.double'],
  ['g32v7', 'al.ana.float'],
  ['g32v8', 'al.ana.double'],
]);
const COUNTER_GROUPS = [20, 21, 22, 23];
const INTEGER_GROUPS = [30, 32];
const OCTET_STRING_GROUPS = [110, 111, 112, 113];
const RELATIVE_TIME = [2, 4];

function printPoint({ group, variation, prefix }: Dnp3ObjectHeader, point: Dnp3Point, print: Print): void {
  if (prefix.kind === 'none') print('al.point_index', point.index);
  const column = VALUE_COLUMNS.get(`g${group}v${variation}`);
  if (point.value !== undefined) {
    if (column) print(column, rounded(point.value, column));
    else if (COUNTER_GROUPS.includes(group)) print('al.cnt', point.value);
    else if (INTEGER_GROUPS.includes(group)) print('al.ana.int', point.value);
  }
  if (point.timeMs !== undefined) print('al.timestamp', point.timeMs);
  if (point.delayMs !== undefined && RELATIVE_TIME.includes(group)) print('al.reltimestamp', point.delayMs);
  if (point.octets && OCTET_STRING_GROUPS.includes(group)) {
    print('al.octet_string', Buffer.from(point.octets).toString('hex'));
  }
}

/** tshark prints six digits of a float and fifteen of a double. */
function rounded(value: number, column: TsharkColumn): number {
  if (column === 'al.ana.float') return Number(value.toPrecision(6));
  return column === 'al.ana.double' ? Number(value.toPrecision(15)) : value;
}

/** Bits to a number, the highest first. */
function bits(...flags: boolean[]): number {
  return flags.reduce((number, flag) => number * 2 + Number(flag), 0);
}

function octets(value: number, count: number): string {
  return `0x${value.toString(16).padStart(count * 2, '0')}`;
}
