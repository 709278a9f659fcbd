/** The inner loop of the erasure code: sums of multiples in GF(2^8), in WebAssembly and, as its reference, in JavaScript. */

import { product } from './galoisField.ts';
import { GALOIS_KERNEL_MODULE } from './galoisKernelModule.ts';

export interface GaloisKernel {
  /** The memory that it works on, at least as long as `reserve` was asked for. What is below `WORK_AT` is its own. */
  readonly memory: Uint8Array;
  reserve(bytes: number): void;
  /**
   * target ^= factors[0] * source 0 ^ factors[1] * source 1 ^ ...; `target`, `sources` and `factors` are places in memory,
   * `count` sources of `bytes` bytes each stand one behind the other, and `bytes` is a multiple of `KERNEL_STEP_BYTES`.
   */
  accumulate(target: number, sources: number, factors: number, count: number, bytes: number): void;
}

/** Where in its memory the users of a kernel may work. */
export const WORK_AT = 8192;
export const KERNEL_STEP_BYTES = 16;

const PAGE_BYTES = 65_536;

/** The kernel for this machine: without SIMD in its WebAssembly, which only old processors lack, the slow one. */
export function createGaloisKernel(): GaloisKernel {
  const module = Buffer.from(GALOIS_KERNEL_MODULE, 'base64');
  return WebAssembly.validate(module) ? new WebAssemblyKernel(module) : new TableKernel();
}

interface LinearMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface KernelExports {
  readonly memory: LinearMemory;
  readonly accumulate: GaloisKernel['accumulate'];
}

/** As much of it as is used here: the types of Node leave it to those of browsers, which have no place in a server. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

class WebAssemblyKernel implements GaloisKernel {
  memory: Uint8Array;
  readonly accumulate: GaloisKernel['accumulate'];
  readonly #memory: LinearMemory;

  constructor(module: Uint8Array) {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(module));
    const { memory, accumulate } = instance.exports as KernelExports;
    this.#memory = memory;
    this.memory = new Uint8Array(memory.buffer);
    this.accumulate = accumulate;
    this.reserve(WORK_AT);
    for (let factor = 0; factor < 256; factor++) {
      for (let half = 0; half < 16; half++) {
        this.memory[factor * 32 + half] = product(factor, half);
        this.memory[factor * 32 + 16 + half] = product(factor, half << 4);
      }
    }
  }

  reserve(bytes: number): void {
    const missing = bytes - this.memory.length;
    if (missing <= 0) return;
    this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.memory = new Uint8Array(this.#memory.buffer);
  }
}

/** The same in plain JavaScript: some fifteen times slower, and short enough to be seen to be right. */
export class TableKernel implements GaloisKernel {
  memory = new Uint8Array(WORK_AT);

  reserve(bytes: number): void {
    if (bytes <= this.memory.length) return;
    const memory = new Uint8Array(bytes);
    memory.set(this.memory);
    this.memory = memory;
  }

  accumulate(target: number, sources: number, factors: number, count: number, bytes: number): void {
    const { memory } = this;
    for (let index = 0; index < count; index++) {
      const multiples = PRODUCTS.subarray(memory[factors + index] << 8, (memory[factors + index] + 1) << 8);
      const source = sources + index * bytes;
      for (let at = 0; at < bytes; at++) memory[target + at] ^= multiples[memory[source + at]];
    }
  }
}

/** The products of each number and every other, 256 for each. */
const PRODUCTS = new Uint8Array(256 * 256);
for (let at = 0; at < PRODUCTS.length; at++) PRODUCTS[at] = product(at >>> 8, at & 255);
