/** Writes a block as bytes, once in its life: the spool, the wire and the server's log hold this same encoding. */

import { type Crc32, crc32 as tableCrc32 } from '../bytes/crc32.ts';
import { writeVarint, zigzag } from '../bytes/varint.ts';
import { TALLY_FIELDS } from '../ledger/tally.ts';
import { LANES } from '../sample/lane.ts';
import {
  AT,
  CHECKSUM_BYTES,
  COLUMNS,
  MAGIC,
  MAX_GATEWAY_BYTES,
  TimeCoding,
  ValueCoding,
  VERSION,
} from './blockLayout.ts';
import { type BlockHeader, MAX_BLOCK_SAMPLES, type SampleBlock, ValueKind } from './sampleBlock.ts';

/** Worst case of one sample: tag delta 5, time delta 8, value 8, status run 3 + 4 bytes. */
const MAX_SAMPLE_BYTES = 28;
/** A time delta beyond this cannot be folded exactly; the column is then written raw. */
const MAX_TIME_DELTA = 2 ** 51;
/** Most differences of tags and of times are below, and one byte long. */
const ONE_BYTE = 128;
const utf8 = new TextEncoder();

export class BlockEncoder {
  readonly #crc32: Crc32;
  #scratch = new Uint8Array(0);

  constructor(crc32: Crc32 = tableCrc32) {
    this.#crc32 = crc32;
  }

  /** The encoded block in an array of its own. Throws on what only a bug can cause: a count or a name out of bounds. */
  encode(header: Omit<BlockHeader, 'count'>, block: SampleBlock): Uint8Array {
    const gateway = utf8.encode(header.gateway);
    if (gateway.length < 1 || gateway.length > MAX_GATEWAY_BYTES) {
      throw new RangeError(`gateway name of ${gateway.length} bytes`);
    }
    if (block.count > MAX_BLOCK_SAMPLES) throw new RangeError(`block of ${block.count} samples`);
    const strings = utf8.encode(block.strings.join(''));
    const { bytes, view } = this.#reserve(block, strings.length);

    bytes[AT.gatewayLength] = gateway.length;
    bytes.set(gateway, AT.gateway);
    const ends = new Uint32Array(COLUMNS + 1);
    ends[0] = AT.gateway + gateway.length;
    ends[1] = writeTags(bytes, ends[0], block);
    ends[2] = writeTimes(bytes, view, ends[1], block);
    ends[3] = writeValues(bytes, view, ends[2], block);
    ends[4] = writeStatuses(bytes, view, ends[3], block);
    ends[5] = writeStrings(bytes, ends[4], block, strings);
    for (let column = 0; column < COLUMNS; column++) {
      view.setUint32(AT.columnLengths + column * 4, ends[column + 1] - ends[column], true);
    }

    const length = ends[COLUMNS] + CHECKSUM_BYTES;
    writeHeader(view, header, block.count, length);
    view.setUint32(ends[COLUMNS], this.#crc32(bytes.subarray(0, ends[COLUMNS])), true);
    return bytes.slice(0, length);
  }

  #reserve(block: SampleBlock, stringBytes: number): { bytes: Uint8Array; view: DataView } {
    const needed =
      AT.gateway + MAX_GATEWAY_BYTES + 16 + block.count * MAX_SAMPLE_BYTES + stringBytes + block.strings.length * 5;
    if (this.#scratch.length < needed) this.#scratch = new Uint8Array(needed * 2);
    return { bytes: this.#scratch, view: new DataView(this.#scratch.buffer) };
  }
}

function writeHeader(view: DataView, header: Omit<BlockHeader, 'count'>, count: number, length: number): void {
  view.setUint32(AT.magic, MAGIC, true);
  view.setUint8(AT.version, VERSION);
  view.setUint8(AT.lane, LANES.indexOf(header.lane));
  view.setUint16(AT.reserved, 0, true);
  view.setUint32(AT.length, length, true);
  view.setUint32(AT.count, count, true);
  setSafeInteger(view, AT.epoch, header.epoch);
  setSafeInteger(view, AT.sequence, header.sequence);
  setSafeInteger(view, AT.sealedAt, header.sealedAt);
  for (const [index, field] of TALLY_FIELDS.entries()) setSafeInteger(view, AT.tally + index * 8, header.tally[field]);
}

function setSafeInteger(view: DataView, at: number, value: number): void {
  view.setBigInt64(at, BigInt(value), true);
}

function writeTags(bytes: Uint8Array, at: number, block: SampleBlock): number {
  let previous = 0;
  for (let index = 0; index < block.count; index++) {
    const tag = block.tags[index];
    const folded = zigzag(tag - previous);
    if (folded < ONE_BYTE) bytes[at++] = folded;
    else at = writeVarint(bytes, at, folded);
    previous = tag;
  }
  return at;
}

function writeTimes(bytes: Uint8Array, view: DataView, at: number, block: SampleBlock): number {
  if (block.count === 0) return at;
  const { times, count } = block;
  const start = at;
  bytes[at] = TimeCoding.deltas;
  let previous = times[0];
  view.setFloat64(at + 1, previous, true);
  at += 9;
  for (let index = 1; index < count; index++) {
    const delta = times[index] - previous;
    if (!(Math.abs(delta) < MAX_TIME_DELTA)) return writeRawTimes(bytes, view, start, block);
    const folded = zigzag(delta);
    if (folded < ONE_BYTE) bytes[at++] = folded;
    else at = writeVarint(bytes, at, folded);
    previous = times[index];
  }
  return at;
}

function writeRawTimes(bytes: Uint8Array, view: DataView, at: number, block: SampleBlock): number {
  bytes[at++] = TimeCoding.raw;
  for (let index = 0; index < block.count; index++, at += 8) view.setFloat64(at, block.times[index], true);
  return at;
}

function writeValues(bytes: Uint8Array, view: DataView, at: number, block: SampleBlock): number {
  const { values, kinds, count } = block;
  let codingAt = at;
  at += Math.ceil(count / 4);
  let codings = 0;
  for (let index = 0; index < count; index++) {
    const kind = kinds[index];
    const value = values[index];
    let coding: number = ValueCoding.none;
    if (kind === ValueKind.number) {
      if (Math.fround(value) === value || Number.isNaN(value)) {
        coding = ValueCoding.float32;
        view.setFloat32(at, value, true);
        at += 4;
      } else {
        coding = ValueCoding.float64;
        view.setFloat64(at, value, true);
        at += 8;
      }
    } else if (kind === ValueKind.string) {
      coding = ValueCoding.string;
      at = writeVarint(bytes, at, value);
    }
    codings |= coding << ((index & 3) * 2);
    if ((index & 3) === 3 || index === count - 1) {
      bytes[codingAt++] = codings;
      codings = 0;
    }
  }
  return at;
}

function writeStatuses(bytes: Uint8Array, view: DataView, at: number, block: SampleBlock): number {
  const { statuses, count } = block;
  for (let start = 0; start < count; ) {
    const status = statuses[start];
    let end = start + 1;
    while (end < count && statuses[end] === status) end++;
    at = writeVarint(bytes, at, end - start);
    view.setUint32(at, status, true);
    at += 4;
    start = end;
  }
  return at;
}

/** The number of strings, the length of each in UTF-16 units, then all of them as one UTF-8 text. */
function writeStrings(bytes: Uint8Array, at: number, block: SampleBlock, text: Uint8Array): number {
  if (block.strings.length === 0) return at;
  at = writeVarint(bytes, at, block.strings.length);
  for (const string of block.strings) at = writeVarint(bytes, at, string.length);
  bytes.set(text, at);
  return at + text.length;
}
