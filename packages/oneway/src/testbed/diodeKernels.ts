/** How fast the erasure code is, in WebAssembly and in the JavaScript that is its reference. */

import { ErasureCode } from '../frame/diode/erasureCode.ts';
import { createGaloisKernel, type GaloisKernel, TableKernel } from '../frame/diode/galoisKernel.ts';

export interface KernelSpeed {
  readonly kernel: 'wasm' | 'table';
  readonly k: number;
  readonly m: number;
  /** Megabytes of data a second; a tenth of the data symbols are restored. */
  readonly encodeMBs: number;
  readonly restoreMBs: number;
}

const SYMBOL_BYTES = 1_392;
const SHAPES = [
  [20, 5],
  [64, 16],
  [64, 32],
  [128, 40],
] as const;
const RUN_MS = 500;

export function measureKernels(): KernelSpeed[] {
  const kernels = [
    ['wasm', createGaloisKernel()],
    ['table', new TableKernel()],
  ] as const;
  return kernels.flatMap(([name, kernel]) => SHAPES.map(([k, m]) => measure(name, kernel, k, m)));
}

function measure(name: KernelSpeed['kernel'], kernel: GaloisKernel, k: number, m: number): KernelSpeed {
  const code = new ErasureCode(kernel);
  const data = Uint8Array.from({ length: k * SYMBOL_BYTES }, (_, at) => (at * 167) >>> 3);
  const parity = code.encode(data, k, m, SYMBOL_BYTES);
  const damaged = data.slice();
  const held = Uint8Array.from({ length: k }, (_, index) => index);
  for (let lost = 0; lost < Math.round(k / 10); lost++) {
    const index = lost * 9;
    held[index] = k + lost;
    damaged.set(parity.subarray(lost * SYMBOL_BYTES, (lost + 1) * SYMBOL_BYTES), index * SYMBOL_BYTES);
  }
  const restored = data.slice();
  const encodeMBs = megabytesPerSecond(data.length, () => code.encode(data, k, m, SYMBOL_BYTES));
  const restoreMBs = megabytesPerSecond(data.length, () => {
    restored.set(damaged);
    code.restore(restored, held, k, SYMBOL_BYTES);
  });
  if (Buffer.compare(restored, data) !== 0) throw new Error('the data was not restored');
  return { kernel: name, k, m, encodeMBs, restoreMBs };
}

function megabytesPerSecond(bytes: number, run: () => unknown): number {
  run();
  const begin = performance.now();
  let runs = 0;
  while (performance.now() - begin < RUN_MS) {
    run();
    runs++;
  }
  return (runs * bytes) / (performance.now() - begin) / 1_000;
}
