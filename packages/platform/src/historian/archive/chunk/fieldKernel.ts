/** The inner loops that unpack a block of fields and make numbers of them, in WebAssembly and, as its reference, in JavaScript. */

import { BLOCK_SAMPLES } from './chunkLayout.ts';
import { FIELD_KERNEL_MODULE } from './fieldKernelModule.ts';

/** All functions go through a whole block, whatever stands in its rows. */
export interface FieldKernel {
  /** Holds packed words from its beginning, the fields of one block from `FIELDS_AT`, their numbers from `NUMBERS_AT`. */
  readonly buffer: ArrayBuffer;
  /** Unpacks fields of `width` bits, 1 to 32, that stand in four lanes from byte `at` on; see `packedFields.ts`. */
  unpack(at: number, width: number): void;
  /** Makes times of fields: steps, each with `leastStep` less than it is, above `restBits` of rest; the first step is 0. */
  times(first: number, perStep: number, perRest: number, leastStep: number, restBits: number): void;
  /** Makes levels of fields in their place: each is the one before it, first `start`, and its field and `rise`. */
  carry(start: number, rise: number): void;
  /** Makes levels of fields in their place: each is its field and `rise`. */
  lift(rise: number): void;
  /** Make values of levels; see `valueOfLevel`. */
  exact(base: number, step: number): void;
  float32(base: number, step: number): void;
  decimal(base: number, step: number, scale: number): void;
}

export const FIELDS_AT = 32_768;
export const NUMBERS_AT = FIELDS_AT + BLOCK_SAMPLES * 4;
const MEMORY_BYTES = 65_536;
const LANES = 4;

/** The kernel for this machine: without SIMD in its WebAssembly, which only old processors lack, the slow one. */
export function createFieldKernel(): FieldKernel {
  const module = Buffer.from(FIELD_KERNEL_MODULE, 'base64');
  if (!WebAssembly.validate(module)) return new ScriptKernel();
  const { memory, ...functions } = new WebAssembly.Instance(new WebAssembly.Module(module)).exports;
  memory.grow(MEMORY_BYTES / 65_536);
  return { buffer: memory.buffer, ...functions };
}

interface KernelExports extends Omit<FieldKernel, 'buffer'> {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
}

/** As much of it as is used here: the types of Node leave it to those of browsers, which have no place in a server. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: KernelExports };
};

/** The same in plain JavaScript: several times slower, and short enough to be seen to be right. */
export class ScriptKernel implements FieldKernel {
  readonly buffer = new ArrayBuffer(MEMORY_BYTES);
  readonly #words = new Int32Array(this.buffer);
  readonly #fields = new Int32Array(this.buffer, FIELDS_AT, BLOCK_SAMPLES);
  readonly #numbers = new Float64Array(this.buffer, NUMBERS_AT, BLOCK_SAMPLES);

  unpack(at: number, width: number): void {
    const mask = width === 32 ? -1 : (1 << width) - 1;
    for (let row = 0; row < BLOCK_SAMPLES; row++) {
      const lane = row % LANES;
      const bit = ((row - lane) / LANES) * width;
      const word = at / 4 + (bit >>> 5) * LANES + lane;
      const shift = bit & 31;
      // Twice shifted, because a shift by 32 would be none.
      this.#fields[row] = ((this.#words[word] >>> shift) | ((this.#words[word + LANES] << 1) << (31 - shift))) & mask;
    }
  }

  times(first: number, perStep: number, perRest: number, leastStep: number, restBits: number): void {
    const restMask = (1 << restBits) - 1;
    let n = -leastStep | 0;
    for (const [row, field] of this.#fields.entries()) {
      n = (n + leastStep + (field >>> restBits)) | 0;
      this.#numbers[row] = first + n * perStep + (field & restMask) * perRest;
    }
  }

  carry(start: number, rise: number): void {
    let level = start | 0;
    for (const [row, field] of this.#fields.entries()) {
      level = (level + rise + field) | 0;
      this.#fields[row] = level;
    }
  }

  lift(rise: number): void {
    for (const [row, field] of this.#fields.entries()) this.#fields[row] = (rise + field) | 0;
  }

  exact(base: number, step: number): void {
    for (const [row, level] of this.#fields.entries()) this.#numbers[row] = base + level * step;
  }

  float32(base: number, step: number): void {
    for (const [row, level] of this.#fields.entries()) this.#numbers[row] = Math.fround(base + level * step);
  }

  decimal(base: number, step: number, scale: number): void {
    for (const [row, level] of this.#fields.entries()) {
      this.#numbers[row] = Math.floor(base + level * step + 0.5) / scale;
    }
  }
}
