/**
 * Up to 128 unsigned fields in the same number of bits each. The few that need more are patched: their upper part stands
 * apart, so that one outlier does not widen all (Zukowski et al., "Super-Scalar RAM-CPU Cache Compression", 2006).
 *
 *     directory:  | width, bit 6: patched | patches: count, bits 6-7: bytes of each upper part - 1 |
 *     payload:    | fields, width bits each, the lowest first | row of each patch | its upper part |
 */

import type { ByteSink } from './byteSink.ts';
import type { ByteSource } from './byteSource.ts';
import { BLOCK_SAMPLES } from './chunkLayout.ts';

export const MAX_FIELD_BITS = 32;
const PATCHED = 0x40;
const MAX_PATCHES = 63;
/** What the directory spends on patches, in bits. */
const PATCHES_BITS = 8;

/** Where the fields of a block stand in the payload and how they are packed; byte offsets count from its start. */
export interface PackedFields {
  readonly at: number;
  readonly width: number;
  readonly patches: number;
  readonly patchBytes: number;
}

/** Bytes that fields take in the payload. */
export function packedBytes({ width, patches, patchBytes }: PackedFields, count: number): number {
  return Math.ceil((width * count) / 8) + patches * (1 + patchBytes);
}

/** The directory's account of fields that begin at `at` of the payload. */
export function readPackedFields(source: ByteSource, at: number): PackedFields {
  const first = source.byte();
  const second = first & PATCHED ? source.byte() : 0;
  const width = first & 0x3f;
  const patchBytes = first & PATCHED ? (second >>> 6) + 1 : 0;
  if (first > (PATCHED | MAX_FIELD_BITS) || width > MAX_FIELD_BITS) source.sound = false;
  return { at, width, patches: second & MAX_PATCHES, patchBytes };
}

/** Writes fields; the words that it packs into are its own. */
export class FieldPacker {
  readonly #words = new Uint32Array(BLOCK_SAMPLES + 1);
  readonly #bytes = new Uint8Array(this.#words.buffer);
  readonly #histogram = new Int32Array(MAX_FIELD_BITS + 2);
  /** What `fit` found. */
  #width = 0;
  #widest = 0;
  bits = 0;

  /** Finds the width at which the fields take the fewest bits; `bits` is then how many. */
  fit(fields: Uint32Array, count: number): void {
    const histogram = this.#histogram.fill(0);
    for (let row = 0; row < count; row++) histogram[32 - Math.clz32(fields[row])]++;
    let widest = MAX_FIELD_BITS;
    while (widest > 0 && histogram[widest] === 0) widest--;
    this.#widest = widest;
    this.#width = widest;
    this.bits = widest * count;
    for (let width = widest - 1, patches = 0; width >= 0; width--) {
      patches += histogram[width + 1];
      if (patches > MAX_PATCHES) break;
      const bits = width * count + patches * 8 * (1 + ((widest - width + 7) >>> 3)) + PATCHES_BITS;
      if (bits >= this.bits) continue;
      this.bits = bits;
      this.#width = width;
    }
  }

  /** Writes fields as `fit` found best for them. */
  write(directory: ByteSink, payload: ByteSink, fields: Uint32Array, count: number): void {
    const width = this.#width;
    const patchBytes = (this.#widest - width + 7) >>> 3;
    this.#pack(payload, fields, count, width);
    if (patchBytes === 0) {
      directory.byte(width);
      return;
    }
    let patches = 0;
    payload.reserve(MAX_PATCHES * 5);
    for (let row = 0; row < count; row++) if (fields[row] >>> width !== 0) patches += 1;
    const { bytes, length } = payload;
    let rowAt = length;
    let partAt = length + patches;
    for (let row = 0; row < count; row++) {
      // Patches exist only where the width is less than 32, so that the shift is what it says.
      let part = fields[row] >>> width;
      if (part === 0) continue;
      bytes[rowAt++] = row;
      for (let byte = 0; byte < patchBytes; byte++, part >>>= 8) bytes[partAt++] = part;
    }
    payload.length = partAt;
    directory.byte(width | PATCHED);
    directory.byte(patches | ((patchBytes - 1) << 6));
  }

  #pack(payload: ByteSink, fields: Uint32Array, count: number, width: number): void {
    if (width === 0) return;
    const words = this.#words;
    const mask = width === 32 ? -1 : (1 << width) - 1;
    let pending = 0;
    let shift = 0;
    let at = 0;
    for (let row = 0; row < count; row++) {
      const field = fields[row] & mask;
      pending |= field << shift;
      shift += width;
      if (shift < 32) continue;
      words[at++] = pending;
      shift -= 32;
      pending = shift === 0 ? 0 : field >>> (width - shift);
    }
    words[at] = pending;
    payload.append(this.#bytes.subarray(0, Math.ceil((width * count) / 8)));
  }
}

/** The payload of a chunk where it can be read by words, and the fields of one block. */
export class FieldUnpacker {
  #words = new Uint32Array(1 << 14);
  #bytes = new Uint8Array(this.#words.buffer);
  readonly fields = new Uint32Array(BLOCK_SAMPLES);

  /** Takes a payload. One word is read beyond its end. */
  load(payload: Uint8Array): void {
    if (payload.length + 8 > this.#bytes.length) {
      this.#words = new Uint32Array((payload.length >>> 1) + 2);
      this.#bytes = new Uint8Array(this.#words.buffer);
    }
    this.#bytes.set(payload);
  }

  /** Fills `fields`. False where a patch is for a row that does not exist. */
  unpack(packed: PackedFields, count: number): boolean {
    const { width } = packed;
    const { fields } = this;
    const words = this.#words;
    if (width === 0) fields.fill(0, 0, count);
    const mask = width === 32 ? -1 : (1 << width) - 1;
    let bit = width === 0 ? 0 : packed.at * 8;
    for (let row = 0; width > 0 && row < count; row++, bit += width) {
      const shift = bit & 31;
      const word = bit >>> 5;
      // Twice shifted, because a shift by 32 would be none.
      fields[row] = ((words[word] >>> shift) | ((words[word + 1] << 1) << (31 - shift))) & mask;
    }
    return packed.patches === 0 || this.#patch(packed, count);
  }

  /** One field of those without patches. */
  field({ at, width }: PackedFields, row: number): number {
    if (width === 0) return 0;
    const bit = at * 8 + row * width;
    const shift = bit & 31;
    const word = bit >>> 5;
    const mask = width === 32 ? -1 : (1 << width) - 1;
    return ((this.#words[word] >>> shift) | ((this.#words[word + 1] << 1) << (31 - shift))) & mask;
  }

  #patch({ at, width, patches, patchBytes }: PackedFields, count: number): boolean {
    const { fields } = this;
    const bytes = this.#bytes;
    const rowsAt = at + Math.ceil((width * count) / 8);
    let partAt = rowsAt + patches;
    for (let patch = 0; patch < patches; patch++) {
      const row = bytes[rowsAt + patch];
      if (row >= count) return false;
      let part = 0;
      for (let byte = 0; byte < patchBytes; byte++) part |= bytes[partAt++] << (byte * 8);
      fields[row] |= part << width;
    }
    return true;
  }
}
