/**
 * A systematic Reed-Solomon code over GF(2^8): any k of the k data and m parity symbols of a group restore its data.
 *
 * Parity symbol j is the sum of data symbol i / ((255 - j) ^ i): a Cauchy matrix, of which every square part can be inverted
 * (Blömer and others, "An XOR-based erasure-resilient coding scheme", 1995). Its elements depend on neither k nor m.
 */

import { inverse, inverseOfCauchy } from './galoisField.ts';
import { createGaloisKernel, type GaloisKernel, KERNEL_STEP_BYTES, WORK_AT } from './galoisKernel.ts';

/** k + m is at most this. */
export const MAX_SYMBOLS = 256;

const FACTORS_AT = WORK_AT;
const SYMBOLS_AT = FACTORS_AT + MAX_SYMBOLS;

/** The length of each of `k` symbols that hold `dataBytes` together. */
export function symbolBytesOf(dataBytes: number, k: number): number {
  return Math.ceil(dataBytes / k / KERNEL_STEP_BYTES) * KERNEL_STEP_BYTES;
}

export class ErasureCode {
  readonly #kernel: GaloisKernel;

  constructor(kernel: GaloisKernel = createGaloisKernel()) {
    this.#kernel = kernel;
  }

  /**
   * The `m` parity symbols of the `k` symbols in `data`, one behind the other, which is k x symbolBytes long. `symbolBytes`
   * is a multiple of 16; a wrong count throws.
   */
  encode(data: Uint8Array, k: number, m: number, symbolBytes: number): Uint8Array {
    assertShape(k, m, symbolBytes);
    if (data.length !== k * symbolBytes) throw new RangeError(`${data.length} bytes for ${k} symbols`);
    const kernel = this.#kernel;
    const parityAt = SYMBOLS_AT + k * symbolBytes;
    const end = parityAt + m * symbolBytes;
    kernel.reserve(end);
    const { memory } = kernel;
    memory.set(data, SYMBOLS_AT);
    memory.fill(0, parityAt, end);
    for (let parity = 0; parity < m; parity++) {
      for (let index = 0; index < k; index++) memory[FACTORS_AT + index] = element(parity, index);
      kernel.accumulate(parityAt + parity * symbolBytes, SYMBOLS_AT, FACTORS_AT, k, symbolBytes);
    }
    return memory.slice(parityAt, end);
  }

  /**
   * Restores the data of a group in place: place i of `symbols` (k x symbolBytes) holds a symbol whose number `held[i]` says:
   * i, or that of a parity symbol (k and above) that came instead of data symbol i. Afterwards every place holds its data.
   */
  restore(symbols: Uint8Array, held: Uint8Array | Uint16Array, k: number, symbolBytes: number): void {
    const missing: number[] = [];
    for (let index = 0; index < k; index++) if (held[index] !== index) missing.push(index);
    if (missing.length === 0) return;
    const kernel = this.#kernel;
    const present = k - missing.length;
    const syndromesAt = SYMBOLS_AT + present * symbolBytes;
    const restoredAt = SYMBOLS_AT + k * symbolBytes;
    kernel.reserve(restoredAt + symbolBytes);
    const parities = missing.map((index) => held[index] - k);
    this.#loadSyndromes(symbols, held, k, symbolBytes, parities, missing);
    const { memory } = kernel;
    const solution = inverseOfCauchy(
      parities.map((parity) => 255 - parity),
      missing,
    );
    for (const [row, index] of missing.entries()) {
      memory.set(solution.subarray(row * missing.length, (row + 1) * missing.length), FACTORS_AT);
      memory.fill(0, restoredAt, restoredAt + symbolBytes);
      kernel.accumulate(restoredAt, syndromesAt, FACTORS_AT, missing.length, symbolBytes);
      symbols.set(memory.subarray(restoredAt, restoredAt + symbolBytes), index * symbolBytes);
    }
  }

  /** Leaves, behind the data that came, what the missing data contributed to each parity symbol. */
  #loadSyndromes(
    symbols: Uint8Array,
    held: Uint8Array | Uint16Array,
    k: number,
    symbolBytes: number,
    parities: readonly number[],
    missing: readonly number[],
  ): void {
    const { memory } = this.#kernel;
    const present: number[] = [];
    let syndromeAt = SYMBOLS_AT + (k - missing.length) * symbolBytes;
    for (let index = 0; index < k; index++) {
      const symbol = symbols.subarray(index * symbolBytes, (index + 1) * symbolBytes);
      if (held[index] !== index) continue;
      memory.set(symbol, SYMBOLS_AT + present.length * symbolBytes);
      present.push(index);
    }
    for (const [row, index] of missing.entries()) {
      memory.set(symbols.subarray(index * symbolBytes, (index + 1) * symbolBytes), syndromeAt);
      for (const [at, data] of present.entries()) memory[FACTORS_AT + at] = element(parities[row], data);
      this.#kernel.accumulate(syndromeAt, SYMBOLS_AT, FACTORS_AT, present.length, symbolBytes);
      syndromeAt += symbolBytes;
    }
  }
}

function element(parity: number, data: number): number {
  return inverse((255 - parity) ^ data);
}

function assertShape(k: number, m: number, symbolBytes: number): void {
  if (k < 1 || m < 0 || k + m > MAX_SYMBOLS || symbolBytes % KERNEL_STEP_BYTES !== 0) {
    throw new RangeError(`${k} + ${m} symbols of ${symbolBytes} bytes`);
  }
}
