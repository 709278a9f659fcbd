/** Writes the samples of one tag as a chunk, each column in the smallest of a few simple codings. */

import { crc32 } from 'node:zlib';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { writeVarint, zigzag } from '@tidegate/core/bytes/varint.ts';
import { type ChunkSamples, MAX_CHUNK_SAMPLES } from './chunkColumns.ts';
import {
  CHUNK_AT,
  CHUNK_CHECKSUM_BYTES,
  CHUNK_COLUMNS,
  ChunkTimeCoding,
  ChunkValueCoding,
  POWERS_OF_TEN,
} from './chunkLayout.ts';

/** Worst case of one sample: time 8, value 8, a run of its own 2 + 1 + 4 bytes; strings are counted on their own. */
const MAX_SAMPLE_BYTES = 24;
/** A time step beyond this could not be folded exactly. */
const MAX_STEP = 2 ** 51;
/** A whole number up to this is exact, and so is the difference of two. */
const MAX_DECIMAL = 2 ** 50;
const utf8 = new TextEncoder();

export class ChunkEncoder {
  #bytes = new Uint8Array(CHUNK_AT.columns + MAX_CHUNK_SAMPLES * MAX_SAMPLE_BYTES + 64);
  #view = new DataView(this.#bytes.buffer);
  /** The values of the samples that have one, strings as indexes into the chunk's own table. */
  readonly #values = new Float64Array(MAX_CHUNK_SAMPLES);
  #valueCount = 0;
  #strings: string[] = [];

  /** The chunk of `samples`, which are in order of time; the bytes are overwritten by the next call. */
  encode(tag: number, samples: ChunkSamples): Uint8Array {
    const { count, times } = samples;
    this.#takeValues(samples);
    const strings = this.#encodeStrings();
    this.#reserve(strings.length);
    const ends = new Uint32Array(CHUNK_COLUMNS + 1);
    ends[0] = CHUNK_AT.columns;
    ends[1] = this.#writeTimes(ends[0], samples);
    ends[2] = this.#writeValues(ends[1]);
    ends[3] = this.#writeRuns(ends[2], samples);
    ends[4] = ends[3] + strings.length;
    this.#bytes.set(strings, ends[3]);
    const view = this.#view;
    for (let column = 0; column < CHUNK_COLUMNS; column++) {
      view.setUint32(CHUNK_AT.columnLengths + column * 4, ends[column + 1] - ends[column], true);
    }
    const length = ends[CHUNK_COLUMNS] + CHUNK_CHECKSUM_BYTES;
    view.setUint32(CHUNK_AT.tag, tag, true);
    view.setUint32(CHUNK_AT.length, length, true);
    view.setUint32(CHUNK_AT.count, count, true);
    view.setUint8(CHUNK_AT.places + 1, 0);
    view.setFloat64(CHUNK_AT.minTime, times[0], true);
    view.setFloat64(CHUNK_AT.maxTime, times[count - 1], true);
    view.setUint32(ends[CHUNK_COLUMNS], crc32(this.#bytes.subarray(0, ends[CHUNK_COLUMNS])), true);
    return this.#bytes.subarray(0, length);
  }

  #takeValues({ count, values, kinds, strings }: ChunkSamples): void {
    let taken = 0;
    let local: Map<number, number> | undefined;
    this.#strings = [];
    for (let row = 0; row < count; row++) {
      if (kinds[row] === ValueKind.number) this.#values[taken++] = values[row];
      else if (kinds[row] === ValueKind.string) {
        local ??= new Map();
        let index = local.get(values[row]);
        if (index === undefined) {
          index = this.#strings.push(strings[values[row]]) - 1;
          local.set(values[row], index);
        }
        this.#values[taken++] = index;
      }
    }
    this.#valueCount = taken;
  }

  /** The number of strings, then each one's length in bytes and its UTF-8. */
  #encodeStrings(): Uint8Array {
    if (this.#strings.length === 0) return new Uint8Array(0);
    const texts = this.#strings.map((text) => utf8.encode(text));
    const bytes = new Uint8Array(5 + texts.reduce((sum, text) => sum + 5 + text.length, 0));
    let at = writeVarint(bytes, 0, texts.length);
    for (const text of texts) {
      at = writeVarint(bytes, at, text.length);
      bytes.set(text, at);
      at += text.length;
    }
    return bytes.subarray(0, at);
  }

  #reserve(stringBytes: number): void {
    const needed = CHUNK_AT.columns + MAX_CHUNK_SAMPLES * MAX_SAMPLE_BYTES + 64 + stringBytes;
    if (this.#bytes.length >= needed) return;
    this.#bytes = new Uint8Array(needed);
    this.#view = new DataView(this.#bytes.buffer);
  }

  #writeTimes(start: number, { count, times }: ChunkSamples): number {
    const bytes = this.#bytes;
    this.#view.setUint8(CHUNK_AT.timeCoding, ChunkTimeCoding.steps);
    let at = start;
    let previous = times[0];
    let interval = 0;
    for (let row = 1; row < count; row++) {
      const next = times[row] - previous;
      if (!(next < MAX_STEP)) return this.#writeRawTimes(start, count, times);
      const step = next - interval;
      if (step > -64 && step < 64) bytes[at++] = step >= 0 ? step * 2 : -step * 2 - 1;
      else if (step > -8192 && step < 8192) {
        const folded = step >= 0 ? step * 2 : -step * 2 - 1;
        bytes[at++] = (folded & 127) | 128;
        bytes[at++] = folded >>> 7;
      } else at = writeVarint(bytes, at, zigzag(step));
      interval = next;
      previous = times[row];
    }
    return at;
  }

  #writeRawTimes(at: number, count: number, times: Float64Array): number {
    this.#view.setUint8(CHUNK_AT.timeCoding, ChunkTimeCoding.raw);
    for (let row = 1; row < count; row++, at += 8) this.#view.setFloat64(at, times[row], true);
    return at;
  }

  #writeValues(at: number): number {
    const values = this.#values.subarray(0, this.#valueCount);
    const view = this.#view;
    view.setUint8(CHUNK_AT.places, 0);
    if (isConstant(values)) {
      view.setUint8(CHUNK_AT.valueCoding, ChunkValueCoding.constant);
      if (values.length === 0) return at;
      view.setFloat64(at, values[0], true);
      return at + 8;
    }
    const places = decimalPlaces(values);
    if (places !== undefined) return this.#writeDecimals(at, values, places);
    if (isFloat32(values)) {
      view.setUint8(CHUNK_AT.valueCoding, ChunkValueCoding.float32);
      for (let row = 0; row < values.length; row++, at += 4) view.setFloat32(at, values[row], true);
      return at;
    }
    view.setUint8(CHUNK_AT.valueCoding, ChunkValueCoding.float64);
    for (let row = 0; row < values.length; row++, at += 8) view.setFloat64(at, values[row], true);
    return at;
  }

  #writeDecimals(at: number, values: Float64Array, places: number): number {
    this.#view.setUint8(CHUNK_AT.valueCoding, ChunkValueCoding.decimal);
    this.#view.setUint8(CHUNK_AT.places, places);
    const bytes = this.#bytes;
    const scale = POWERS_OF_TEN[places];
    let previous = 0;
    for (let row = 0; row < values.length; row++) {
      const whole = Math.round(values[row] * scale);
      const step = whole - previous;
      if (step > -64 && step < 64) bytes[at++] = step >= 0 ? step * 2 : -step * 2 - 1;
      else at = writeVarint(bytes, at, zigzag(step));
      previous = whole;
    }
    return at;
  }

  /** Runs of samples of one kind and status: how many, kind, status. */
  #writeRuns(at: number, { count, kinds, statuses }: ChunkSamples): number {
    for (let start = 0; start < count; ) {
      const kind = kinds[start];
      const status = statuses[start];
      let end = start + 1;
      while (end < count && statuses[end] === status && kinds[end] === kind) end++;
      at = writeVarint(this.#bytes, at, end - start);
      this.#bytes[at++] = kind;
      this.#view.setUint32(at, status, true);
      at += 4;
      start = end;
    }
    return at;
  }
}

function isConstant(values: Float64Array): boolean {
  for (let row = 1; row < values.length; row++) if (!Object.is(values[row], values[0])) return false;
  return true;
}

function isFloat32(values: Float64Array): boolean {
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (Math.fround(value) !== value && !Number.isNaN(value)) return false;
  }
  return true;
}

/** The fewest decimal places that write every value exactly; `undefined` where there are none. */
function decimalPlaces(values: Float64Array): number | undefined {
  let places = 0;
  for (let row = 0; row < values.length; ) {
    const scale = POWERS_OF_TEN[places];
    const value = values[row];
    const whole = Math.round(value * scale);
    // Minus zero would come back as zero; NaN and the infinities fail the comparison.
    if (whole / scale === value && Math.abs(whole) < MAX_DECIMAL && !(value === 0 && 1 / value < 0)) row++;
    else if (++places === POWERS_OF_TEN.length) return undefined;
    else row = 0;
  }
  return places;
}
