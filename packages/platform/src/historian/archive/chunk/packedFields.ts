/**
 * Up to 128 unsigned fields in the same number of bits each. The few that need more are patched: their upper part stands
 * apart, so that one outlier does not widen all (Zukowski et al., "Super-Scalar RAM-CPU Cache Compression", 2006).
 *
 *     directory:  | width, bit 6: patched | patches: count, bits 6-7: bytes of each upper part - 1 | row of each patch |
 *                 | upper part of each patch |
 *     payload:    | words of 32 bits |
 *
 * The 128 fields of a full block stand in four lanes, so that four are unpacked with the same shifts: field 4r + l is the
 * r-th of lane l, and the words of the lanes take turns. Within a lane, and in a block that is not full, each field follows
 * the one before it from the lowest bit up.
 */

import type { ByteSink } from './byteSink.ts';
import type { ByteSource } from './byteSource.ts';
import { BLOCK_SAMPLES, MAX_CHUNK_BLOCKS, MAX_CHUNK_SAMPLES } from './chunkLayout.ts';
import { createFieldKernel, FIELDS_AT, NUMBERS_AT } from './fieldKernel.ts';

export const MAX_FIELD_BITS = 32;
const PATCHED = 0x40;
const MAX_PATCHES = 63;
const LANES = 4;
/** A time and a value have at most two words each, a lag has one. */
const MAX_SAMPLE_WORDS = 5;
/** What the directory spends on patches, in bits. */
const PATCHES_BITS = 8;

/** Where the fields of each block of a chunk stand and how they are packed. It is filled again for the next chunk. */
export class PackedDirectory {
  /** First word in the payload. */
  readonly wordsAt = new Int32Array(MAX_CHUNK_BLOCKS);
  readonly widths = new Uint8Array(MAX_CHUNK_BLOCKS);
  readonly patches = new Uint8Array(MAX_CHUNK_BLOCKS);
  readonly patchBytes = new Uint8Array(MAX_CHUNK_BLOCKS);
  /** Where the patches stand in the bytes of the directory. */
  readonly patchesAt = new Int32Array(MAX_CHUNK_BLOCKS);

  /** Reads the account of block `block`, `count` fields that begin at word `at` of the payload, and tells where they end. */
  read(source: ByteSource, block: number, at: number, count: number): number {
    const first = source.byte();
    const width = first & 0x3f;
    if (first > (PATCHED | MAX_FIELD_BITS) || width > MAX_FIELD_BITS) source.sound = false;
    this.wordsAt[block] = at;
    this.widths[block] = width;
    this.patches[block] = 0;
    if (first >= PATCHED) this.#readPatches(source, block, count);
    return at + ((width * count + 31) >>> 5);
  }

  #readPatches(source: ByteSource, block: number, count: number): void {
    const second = source.byte();
    const patches = second & MAX_PATCHES;
    this.patches[block] = patches;
    this.patchBytes[block] = (second >>> 6) + 1;
    this.patchesAt[block] = source.at;
    for (let patch = 0; patch < patches; patch++) if (source.byte() >= count) source.sound = false;
    source.pass(patches * this.patchBytes[block]);
  }
}

/** Writes fields; the words that it packs into are its own. */
export class FieldPacker {
  readonly #words = new Int32Array(BLOCK_SAMPLES + 1);
  readonly #bytes = new Uint8Array(this.#words.buffer);
  readonly #histogram = new Int32Array(MAX_FIELD_BITS + 2);
  /** What `fit` found. */
  #width = 0;
  #widest = 0;
  bits = 0;

  /** Finds the width at which the fields take the fewest bits; `bits` is then how many. */
  fit(fields: Int32Array, count: number): void {
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
  write(directory: ByteSink, payload: ByteSink, fields: Int32Array, count: number): void {
    const width = this.#width;
    const patchBytes = (this.#widest - width + 7) >>> 3;
    if (count === BLOCK_SAMPLES) this.#packLanes(fields, width);
    else this.#pack(fields, count, width);
    payload.append(this.#bytes.subarray(0, ((width * count + 31) >>> 5) * 4));
    directory.byte(patchBytes === 0 ? width : width | PATCHED);
    if (patchBytes > 0) writePatches(directory, fields, count, width, patchBytes);
  }

  #packLanes(fields: Int32Array, width: number): void {
    const words = this.#words;
    const mask = width === 32 ? -1 : (1 << width) - 1;
    let [at, shift] = [0, 0];
    let [pending0, pending1, pending2, pending3] = [0, 0, 0, 0];
    for (let row = 0; row < BLOCK_SAMPLES; row += LANES) {
      const field0 = fields[row] & mask;
      const field1 = fields[row + 1] & mask;
      const field2 = fields[row + 2] & mask;
      const field3 = fields[row + 3] & mask;
      pending0 |= field0 << shift;
      pending1 |= field1 << shift;
      pending2 |= field2 << shift;
      pending3 |= field3 << shift;
      shift += width;
      if (shift < 32) continue;
      words[at] = pending0;
      words[at + 1] = pending1;
      words[at + 2] = pending2;
      words[at + 3] = pending3;
      at += LANES;
      shift -= 32;
      // Twice shifted, because a shift by 32 would be none.
      const done = width - shift - 1;
      pending0 = (field0 >>> done) >>> 1;
      pending1 = (field1 >>> done) >>> 1;
      pending2 = (field2 >>> done) >>> 1;
      pending3 = (field3 >>> done) >>> 1;
    }
  }

  #pack(fields: Int32Array, count: number, width: number): void {
    const words = this.#words;
    const mask = width === 32 ? -1 : (1 << width) - 1;
    let [pending, shift, at] = [0, 0, 0];
    for (let row = 0; row < count; row++) {
      const field = fields[row] & mask;
      pending |= field << shift;
      shift += width;
      if (shift < 32) continue;
      words[at++] = pending;
      shift -= 32;
      pending = (field >>> (width - shift - 1)) >>> 1;
    }
    words[at] = pending;
  }
}

/** Patches exist only where the width is less than 32, so that the shift by it is what it says. */
function writePatches(directory: ByteSink, fields: Int32Array, count: number, width: number, patchBytes: number): void {
  directory.reserve(1 + MAX_PATCHES * 5);
  const { bytes } = directory;
  const start = directory.length + 1;
  let at = start;
  for (let row = 0; row < count; row++) if (fields[row] >>> width !== 0) bytes[at++] = row;
  const patches = at - start;
  for (let patch = 0; patch < patches; patch++) {
    let part = fields[bytes[start + patch]] >>> width;
    for (let byte = 0; byte < patchBytes; byte++, part >>>= 8) bytes[at++] = part;
  }
  bytes[start - 1] = patches | ((patchBytes - 1) << 6);
  directory.length = at;
}

/** The payload of a chunk where it can be read by words, and the fields of one block. */
export class FieldUnpacker {
  readonly kernel = createFieldKernel();
  readonly #words = new Int32Array(this.kernel.buffer, 0, MAX_CHUNK_SAMPLES * MAX_SAMPLE_WORDS + LANES);
  readonly #bytes = new Uint8Array(this.kernel.buffer, 0, this.#words.byteLength);
  #directory: Uint8Array = this.#bytes;
  readonly fields = new Int32Array(this.kernel.buffer, FIELDS_AT, BLOCK_SAMPLES);
  /** Those that the kernel made of the fields. */
  readonly #numbers = new Float64Array(this.kernel.buffer, NUMBERS_AT, BLOCK_SAMPLES);

  /** Takes the payload that begins at `payloadAt` of `body`, whose length was compared with the directories. */
  load(body: Uint8Array, payloadAt: number): void {
    if (this.#directory === body) return;
    this.#directory = body;
    this.#bytes.set(body.subarray(payloadAt));
  }

  /** Fills `fields` with those of a block. */
  unpack(packed: PackedDirectory, block: number, count: number): void {
    const at = packed.wordsAt[block];
    const width = packed.widths[block];
    if (width === 0) this.fields.fill(0, 0, count);
    else if (count === BLOCK_SAMPLES) this.kernel.unpack(at * 4, width);
    else this.#unpack(at, width, count);
    if (packed.patches[block] > 0) this.#patch(packed, block);
  }

  /** Copies the first `count` numbers into `column` from row `into`. */
  copyNumbers(count: number, column: Float64Array, into: number): void {
    column.set(count === BLOCK_SAMPLES ? this.#numbers : this.#numbers.subarray(0, count), into);
  }

  #unpack(at: number, width: number, count: number): void {
    const { fields } = this;
    const words = this.#words;
    const mask = width === 32 ? -1 : (1 << width) - 1;
    let bit = at * 32;
    for (let row = 0; row < count; row++, bit += width) {
      const shift = bit & 31;
      const word = bit >>> 5;
      // Twice shifted, because a shift by 32 would be none.
      fields[row] = ((words[word] >>> shift) | ((words[word + 1] << 1) << (31 - shift))) & mask;
    }
  }

  #patch(packed: PackedDirectory, block: number): void {
    const { fields } = this;
    const bytes = this.#directory;
    const [width, patches] = [packed.widths[block], packed.patches[block]];
    const [patchBytes, patchesAt] = [packed.patchBytes[block], packed.patchesAt[block]];
    let at = patchesAt + patches;
    for (let patch = 0; patch < patches; patch++) {
      const row = bytes[patchesAt + patch];
      let part = 0;
      for (let byte = 0; byte < patchBytes; byte++) part |= bytes[at++] << (byte * 8);
      fields[row] |= part << width;
    }
  }
}
