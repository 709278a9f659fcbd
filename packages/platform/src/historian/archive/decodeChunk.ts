/** Reads a chunk back from bytes that a disk may have changed: every defect is `undefined`, nothing throws. */

import { crc32 } from 'node:zlib';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { readVarint, unzigzag, type VarintCursor } from '@tidegate/core/bytes/varint.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { MAX_CHUNK_SAMPLES } from './chunkColumns.ts';
import {
  CHUNK_AT,
  CHUNK_CHECKSUM_BYTES,
  CHUNK_COLUMNS,
  ChunkTimeCoding,
  ChunkValueCoding,
  MIN_CHUNK_BYTES,
  POWERS_OF_TEN,
} from './chunkLayout.ts';
import type { SampleRun } from './sampleRun.ts';

/** What a chunk says of itself. */
export interface ChunkHeader {
  readonly tag: number;
  readonly length: number;
  readonly count: number;
  readonly minTime: number;
  readonly maxTime: number;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The header of the chunk that begins at `at`, if a whole and undamaged chunk stands there. */
export function checkChunk(bytes: Uint8Array, at = 0): ChunkHeader | undefined {
  if (at + MIN_CHUNK_BYTES > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
  const length = view.getUint32(CHUNK_AT.length, true);
  if (length < MIN_CHUNK_BYTES || length > view.byteLength) return undefined;
  const body = length - CHUNK_CHECKSUM_BYTES;
  if (view.getUint32(body, true) !== crc32(bytes.subarray(at, at + body))) return undefined;
  const count = view.getUint32(CHUNK_AT.count, true);
  if (count < 1 || count > MAX_CHUNK_SAMPLES) return undefined;
  return {
    tag: view.getUint32(CHUNK_AT.tag, true),
    length,
    count,
    minTime: view.getFloat64(CHUNK_AT.minTime, true),
    maxTime: view.getFloat64(CHUNK_AT.maxTime, true),
  };
}

/** The samples of the chunk that `bytes` begin with, each of rank `rank`. */
export function decodeChunk(bytes: Uint8Array, rank: number): SampleRun | undefined {
  const header = checkChunk(bytes);
  if (!header) return undefined;
  const { count } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset, header.length);
  const ends: number[] = [CHUNK_AT.columns];
  for (let column = 0; column < CHUNK_COLUMNS; column++) {
    ends.push(ends[column] + view.getUint32(CHUNK_AT.columnLengths + column * 4, true));
  }
  if (ends[CHUNK_COLUMNS] + CHUNK_CHECKSUM_BYTES !== header.length) return undefined;
  const times = readTimes(bytes, view, ends[0], ends[1], header);
  const strings = readStrings(bytes, ends[3], ends[4]);
  const runs = readRuns(bytes, view, ends[2], ends[3], count);
  if (!times || !strings || !runs) return undefined;
  const numbers = readNumbers(bytes, view, ends[1], ends[2], runs.valueCount);
  const values = numbers && toValues(runs.kinds, numbers, strings);
  if (!values) return undefined;
  return { times, values, statuses: runs.statuses, ranks: new Float64Array(count).fill(rank) };
}

function readTimes(bytes: Uint8Array, view: DataView, at: number, end: number, { count, minTime }: ChunkHeader) {
  const times = new Float64Array(count);
  times[0] = minTime;
  if (view.getUint8(CHUNK_AT.timeCoding) === ChunkTimeCoding.raw) {
    if (at + (count - 1) * 8 !== end) return undefined;
    for (let row = 1; row < count; row++, at += 8) times[row] = view.getFloat64(at, true);
    return times;
  }
  const cursor: VarintCursor = { at, value: 0 };
  let time = minTime;
  let interval = 0;
  for (let row = 1; row < count; row++) {
    if (!readVarint(bytes, end, cursor)) return undefined;
    interval += unzigzag(cursor.value);
    time += interval;
    times[row] = time;
  }
  return cursor.at === end ? times : undefined;
}

function readNumbers(bytes: Uint8Array, view: DataView, at: number, end: number, count: number) {
  const numbers = new Float64Array(count);
  switch (view.getUint8(CHUNK_AT.valueCoding)) {
    case ChunkValueCoding.constant:
      if (at + (count === 0 ? 0 : 8) !== end) return undefined;
      return count === 0 ? numbers : numbers.fill(view.getFloat64(at, true));
    case ChunkValueCoding.float32:
      if (at + count * 4 !== end) return undefined;
      for (let row = 0; row < count; row++) numbers[row] = view.getFloat32(at + row * 4, true);
      return numbers;
    case ChunkValueCoding.float64:
      if (at + count * 8 !== end) return undefined;
      for (let row = 0; row < count; row++) numbers[row] = view.getFloat64(at + row * 8, true);
      return numbers;
    case ChunkValueCoding.decimal:
      return readDecimals(bytes, at, end, numbers, POWERS_OF_TEN[view.getUint8(CHUNK_AT.places)]);
    default:
      return undefined;
  }
}

function readDecimals(bytes: Uint8Array, at: number, end: number, numbers: Float64Array, scale: number | undefined) {
  if (scale === undefined) return undefined;
  const cursor: VarintCursor = { at, value: 0 };
  let whole = 0;
  for (let row = 0; row < numbers.length; row++) {
    if (!readVarint(bytes, end, cursor)) return undefined;
    whole += unzigzag(cursor.value);
    numbers[row] = whole / scale;
  }
  return cursor.at === end ? numbers : undefined;
}

function readRuns(bytes: Uint8Array, view: DataView, at: number, end: number, count: number) {
  const kinds = new Uint8Array(count);
  const statuses = new Uint32Array(count);
  const cursor: VarintCursor = { at, value: 0 };
  let valueCount = 0;
  for (let filled = 0; filled < count; ) {
    if (!readVarint(bytes, end, cursor) || cursor.at + 5 > end) return undefined;
    const runEnd = filled + cursor.value;
    const kind = bytes[cursor.at];
    if (cursor.value === 0 || runEnd > count || kind > ValueKind.string) return undefined;
    kinds.fill(kind, filled, runEnd);
    statuses.fill(view.getUint32(cursor.at + 1, true), filled, runEnd);
    if (kind !== ValueKind.none) valueCount += cursor.value;
    cursor.at += 5;
    filled = runEnd;
  }
  return cursor.at === end ? { kinds, statuses, valueCount } : undefined;
}

function readStrings(bytes: Uint8Array, at: number, end: number): string[] | undefined {
  if (at === end) return [];
  const cursor: VarintCursor = { at, value: 0 };
  const strings: string[] = [];
  if (!readVarint(bytes, end, cursor)) return undefined;
  for (let remaining = cursor.value; remaining > 0; remaining--) {
    if (!readVarint(bytes, end, cursor) || cursor.at + cursor.value > end) return undefined;
    try {
      strings.push(utf8.decode(bytes.subarray(cursor.at, cursor.at + cursor.value)));
    } catch {
      return undefined;
    }
    cursor.at += cursor.value;
  }
  return cursor.at === end ? strings : undefined;
}

function toValues(kinds: Uint8Array, numbers: Float64Array, strings: readonly string[]): SampleValue[] | undefined {
  const values: SampleValue[] = [];
  let taken = 0;
  for (const kind of kinds) {
    if (kind === ValueKind.none) values.push(null);
    else if (kind === ValueKind.number) values.push(numbers[taken++]);
    else {
      const text = strings[numbers[taken++]];
      if (text === undefined) return undefined;
      values.push(text);
    }
  }
  return values;
}
