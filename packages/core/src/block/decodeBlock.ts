/** Reads a block back from bytes that may be hostile: every defect is a fault, nothing throws. */

import { type Crc32, crc32 as tableCrc32 } from '../bytes/crc32.ts';
import { readVarint, unzigzag, type VarintCursor } from '../bytes/varint.ts';
import type { Timestamp } from '../clock/timestamp.ts';
import { failure, type Result, success } from '../fault/fault.ts';
import { TALLY_FIELDS, type Tally } from '../ledger/tally.ts';
import { LANES } from '../sample/lane.ts';
import { type BlockColumns, blankColumns } from './blockColumns.ts';
import {
  AT,
  CHECKSUM_BYTES,
  COLUMNS,
  MAGIC,
  MAX_BLOCK_BYTES,
  MAX_GATEWAY_BYTES,
  MIN_BLOCK_BYTES,
  TimeCoding,
  ValueCoding,
  VERSION,
} from './blockLayout.ts';
import { type BlockHeader, MAX_BLOCK_SAMPLES, type SampleBlock, ValueKind } from './sampleBlock.ts';

export interface DecodedBlock {
  readonly header: BlockHeader;
  readonly block: SampleBlock;
}

/** A byte below it is a whole varint: so are most differences of tags and of times. */
const ONE_BYTE = 128;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const malformed = (detail: string) => failure('block.malformed', detail);

/**
 * Checks and decodes one whole block. Faults: `block.truncated`, `block.checksum`, `block.version`, `block.malformed`.
 */
export function decodeBlock(bytes: Uint8Array, crc32: Crc32 = tableCrc32): Result<DecodedBlock> {
  const checked = checkBlock(bytes, crc32);
  if (!checked.ok) return checked;
  const block = decodeColumns(bytes, checked.value);
  return block.ok ? success({ header: checked.value, block: block.value }) : block;
}

/** Checks length, version and checksum and reads the header alone; the columns stay unread. Same faults. */
export function checkBlock(bytes: Uint8Array, crc32: Crc32 = tableCrc32): Result<BlockHeader> {
  if (bytes.length < MIN_BLOCK_BYTES) return failure('block.truncated', `${bytes.length} bytes cannot hold a header`);
  const view = viewOf(bytes);
  if (view.getUint32(AT.magic, true) !== MAGIC) return malformed('it does not begin with TGSB');
  const version = view.getUint8(AT.version);
  if (version !== VERSION) return failure('block.version', `version ${version}; this program knows ${VERSION}`);
  const length = view.getUint32(AT.length, true);
  if (length > bytes.length) return failure('block.truncated', `${bytes.length} of ${length} bytes`);
  if (length < bytes.length || length > MAX_BLOCK_BYTES) return malformed(`length ${length} in ${bytes.length} bytes`);
  const body = bytes.subarray(0, length - CHECKSUM_BYTES);
  const stated = view.getUint32(body.length, true);
  const actual = crc32(body);
  if (stated !== actual) {
    return failure('block.checksum', `stated ${stated.toString(16)}, computed ${actual.toString(16)}`);
  }
  return readHeader(bytes, view);
}

/**
 * Decodes the columns of a block that `checkBlock` has passed, into `columns`, of at least as many rows, where they are
 * given. Fault: `block.malformed`.
 */
export function decodeColumns(
  bytes: Uint8Array,
  { count }: BlockHeader,
  columns: BlockColumns = blankColumns(count),
): Result<SampleBlock> {
  const view = viewOf(bytes);
  const ends = columnEnds(bytes, view);
  if (!ends) return malformed('the columns do not fill the block');
  const { tags, times, values, kinds, statuses } = columns;
  if (!readTags(bytes, ends[0], ends[1], tags, count)) return malformed('tag column');
  if (!readTimes(bytes, view, ends[1], ends[2], times, count)) return malformed('time column');
  const strings = readStrings(bytes, ends[4], ends[5]);
  if (!strings) return malformed('string column');
  const cells = { values, kinds, strings: strings.length };
  if (!readValues(bytes, view, ends[2], ends[3], cells, count)) return malformed('value column');
  if (!readStatuses(bytes, view, ends[3], ends[4], statuses, count)) return malformed('status column');
  return success({ count, tags, times, values, kinds, statuses, strings });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readHeader(bytes: Uint8Array, view: DataView): Result<BlockHeader> {
  const lane = LANES[view.getUint8(AT.lane)];
  const count = view.getUint32(AT.count, true);
  const gatewayLength = view.getUint8(AT.gatewayLength);
  if (!lane) return malformed(`lane ${view.getUint8(AT.lane)}`);
  if (count > MAX_BLOCK_SAMPLES) return malformed(`${count} samples`);
  if (gatewayLength < 1 || gatewayLength > MAX_GATEWAY_BYTES)
    return malformed(`gateway name of ${gatewayLength} bytes`);
  if (AT.gateway + gatewayLength + CHECKSUM_BYTES > bytes.length) return malformed('gateway name');
  const gateway = decodeText(bytes.subarray(AT.gateway, AT.gateway + gatewayLength));
  const epoch = safeInteger(view, AT.epoch);
  const sequence = safeInteger(view, AT.sequence);
  const sealedAt = safeInteger(view, AT.sealedAt);
  const tally = readTally(view);
  if (gateway === undefined || epoch === undefined || sequence === undefined || sealedAt === undefined || !tally) {
    return malformed('header');
  }
  return success({ gateway, lane, epoch, sequence, sealedAt: sealedAt as Timestamp, count, tally });
}

function readTally(view: DataView): Tally | undefined {
  const tally: Partial<Record<keyof Tally, number>> = {};
  for (const [index, field] of TALLY_FIELDS.entries()) {
    const count = safeInteger(view, AT.tally + index * 8);
    if (count === undefined || count < 0) return undefined;
    tally[field] = count;
  }
  return tally as Tally;
}

function safeInteger(view: DataView, at: number): number | undefined {
  const value = Number(view.getBigInt64(at, true));
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Offsets of the start of the first column and of the end of each; `undefined` unless they fill the block exactly. */
function columnEnds(bytes: Uint8Array, view: DataView): number[] | undefined {
  const ends = [AT.gateway + view.getUint8(AT.gatewayLength)];
  for (let column = 0; column < COLUMNS; column++) {
    ends.push(ends[column] + view.getUint32(AT.columnLengths + column * 4, true));
  }
  return ends[COLUMNS] + CHECKSUM_BYTES === bytes.length ? ends : undefined;
}

function readTags(bytes: Uint8Array, start: number, end: number, tags: Uint32Array, count: number): boolean {
  const cursor: VarintCursor = { at: 0, value: 0 };
  let at = start;
  let tag = 0;
  for (let index = 0; index < count; index++) {
    const byte = bytes[at];
    if (byte < ONE_BYTE && at < end) {
      at++;
      tag += (byte >>> 1) ^ -(byte & 1);
    } else {
      cursor.at = at;
      if (!readVarint(bytes, end, cursor)) return false;
      at = cursor.at;
      tag += unzigzag(cursor.value);
    }
    if (tag < 0 || tag > 0xffffffff) return false;
    tags[index] = tag;
  }
  return at === end;
}

function readTimes(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  times: Float64Array,
  count: number,
): boolean {
  if (count === 0) return start === end;
  const coding = bytes[start];
  if (coding === TimeCoding.raw) return readRawTimes(view, start + 1, end, times, count);
  if (coding !== TimeCoding.deltas || start + 9 > end) return false;
  const cursor: VarintCursor = { at: 0, value: 0 };
  let at = start + 9;
  let time = view.getFloat64(start + 1, true);
  times[0] = time;
  for (let index = 1; index < count; index++) {
    const byte = bytes[at];
    if (byte < ONE_BYTE && at < end) {
      at++;
      time += (byte >>> 1) ^ -(byte & 1);
    } else {
      cursor.at = at;
      if (!readVarint(bytes, end, cursor)) return false;
      at = cursor.at;
      time += unzigzag(cursor.value);
    }
    times[index] = time;
  }
  return at === end && Number.isSafeInteger(times[0]) && Number.isSafeInteger(time);
}

function readRawTimes(view: DataView, start: number, end: number, times: Float64Array, count: number): boolean {
  if (start + count * 8 !== end) return false;
  for (let index = 0; index < count; index++) {
    times[index] = view.getFloat64(start + index * 8, true);
    if (!Number.isSafeInteger(times[index])) return false;
  }
  return true;
}

/** Where values go, and how many strings there are for them to name. */
interface ValueCells {
  readonly values: Float64Array;
  readonly kinds: Uint8Array;
  readonly strings: number;
}

function readValues(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  { values, kinds, strings }: ValueCells,
  count: number,
): boolean {
  const cursor: VarintCursor = { at: 0, value: 0 };
  let at = start + Math.ceil(count / 4);
  if (at > end) return false;
  for (let index = 0; index < count; index++) {
    switch ((bytes[start + (index >>> 2)] >>> ((index & 3) * 2)) & 3) {
      case ValueCoding.none:
        kinds[index] = ValueKind.none;
        values[index] = 0;
        break;
      case ValueCoding.float32:
        if (at + 4 > end) return false;
        kinds[index] = ValueKind.number;
        values[index] = view.getFloat32(at, true);
        at += 4;
        break;
      case ValueCoding.float64:
        if (at + 8 > end) return false;
        kinds[index] = ValueKind.number;
        values[index] = view.getFloat64(at, true);
        at += 8;
        break;
      default:
        cursor.at = at;
        if (!readVarint(bytes, end, cursor) || cursor.value >= strings) return false;
        at = cursor.at;
        kinds[index] = ValueKind.string;
        values[index] = cursor.value;
    }
  }
  return at === end;
}

function readStatuses(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  statuses: Uint32Array,
  count: number,
): boolean {
  const cursor: VarintCursor = { at: start, value: 0 };
  let filled = 0;
  while (filled < count) {
    if (!readVarint(bytes, end, cursor) || cursor.at + 4 > end) return false;
    const runEnd = filled + cursor.value;
    if (cursor.value === 0 || runEnd > count) return false;
    statuses.fill(view.getUint32(cursor.at, true), filled, runEnd);
    cursor.at += 4;
    filled = runEnd;
  }
  return cursor.at === end;
}

function readStrings(bytes: Uint8Array, at: number, end: number): string[] | undefined {
  if (at === end) return [];
  const cursor: VarintCursor = { at, value: 0 };
  if (!readVarint(bytes, end, cursor) || cursor.value > end - cursor.at) return undefined;
  const lengths: number[] = [];
  for (let remaining = cursor.value; remaining > 0; remaining--) {
    if (!readVarint(bytes, end, cursor)) return undefined;
    lengths.push(cursor.value);
  }
  const text = decodeText(bytes.subarray(cursor.at, end));
  if (text === undefined) return undefined;
  const strings: string[] = [];
  let start = 0;
  for (const length of lengths) {
    strings.push(text.slice(start, start + length));
    start += length;
  }
  return start === text.length ? strings : undefined;
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
