import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ErasureCode, symbolBytesOf } from './erasureCode.ts';
import { product } from './galoisField.ts';
import { createGaloisKernel, TableKernel } from './galoisKernel.ts';
import { GALOIS_KERNEL_MODULE } from './galoisKernelModule.ts';

/** What is used of the compiler's interface. */
type Compile = (
  options: readonly string[],
  files: Readonly<Record<string, unknown>>,
) => Promise<{ error: Error | null; stderr: { toString(): string } }>;

const code = new ErasureCode();
const reference = new ErasureCode(new TableKernel());

/** Shapes of groups, with bytes drawn from a seed: arrays of fast-check would take most of the time. */
const group = fc
  .record({
    k: fc.integer({ min: 1, max: 80 }),
    m: fc.integer({ min: 0, max: 40 }),
    steps: fc.integer({ min: 1, max: 9 }),
    seed: fc.nat(),
  })
  .map(({ k, m, steps, seed }) => ({ k, m, symbolBytes: steps * 16, data: randomBytes(k * steps * 16, seed) }));

function randomBytes(count: number, seed: number): Uint8Array {
  let state = seed | 1;
  return Uint8Array.from({ length: count }, () => {
    state = Math.imul(state, 1_664_525) + 1_013_904_223;
    return state >>> 24;
  });
}

it('galoisKernelModule.ts is what galoisKernel.as compiles to', async () => {
  const source = readFileSync(new URL('galoisKernel.as', import.meta.url), 'utf8');
  let compiled: Uint8Array = new Uint8Array(0);
  // Its declarations would make types of WebAssembly known to the whole repository, so that they stay outside.
  const { main: compile } = (await import(import.meta.resolve('assemblyscript/asc'))) as { main: Compile };
  const { error, stderr } = await compile(
    [
      'kernel.ts',
      '--outFile',
      'kernel.wasm',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '-O3',
      '--noAssert',
      '--converge',
    ],
    {
      readFile: (name: string) => (name === 'kernel.ts' ? source : null),
      writeFile: (_name: string, contents: Uint8Array) => {
        compiled = contents;
      },
      listFiles: () => [],
    },
  );
  expect([error, stderr.toString()]).toEqual([null, '']);
  expect(Buffer.from(compiled).toString('base64')).toBe(GALOIS_KERNEL_MODULE);
});

it('multiplies in GF(2^8) as polynomials do', () => {
  const slowly = (a: number, b: number) => {
    let sum = 0;
    for (let bit = 0; bit < 8; bit++) if (b & (1 << bit)) sum ^= a << bit;
    for (let bit = 14; bit >= 8; bit--) if (sum & (1 << bit)) sum ^= 0x11d << (bit - 8);
    return sum;
  };
  for (let a = 0; a < 256; a++) for (let b = 0; b < 256; b++) expect(product(a, b)).toBe(slowly(a, b));
});

describe('the erasure code', () => {
  it('gives the same parity with either kernel', () => {
    expect(createGaloisKernel()).not.toBeInstanceOf(TableKernel);
    fc.assert(
      fc.property(group, ({ k, m, symbolBytes, data }) => {
        expect(code.encode(data, k, m, symbolBytes)).toEqual(reference.encode(data, k, m, symbolBytes));
      }),
    );
  });

  it('SR 3.1: restores a group from any k of its k + m symbols, with either kernel', () => {
    fc.assert(
      fc.property(group, fc.infiniteStream(fc.nat()), ({ k, m, symbolBytes, data }, draws) => {
        const all = new Uint8Array([...data, ...code.encode(data, k, m, symbolBytes)]);
        const survivors = Array.from({ length: k + m }, (_, symbol) => symbol);
        while (survivors.length > k) survivors.splice(draws.next().value % survivors.length, 1);
        const parities = survivors.filter((symbol) => symbol >= k);
        const held = Uint8Array.from({ length: k }, (_, index) =>
          survivors.includes(index) ? index : (parities.shift() as number),
        );
        for (const either of [code, reference]) {
          const symbols = new Uint8Array(k * symbolBytes);
          for (const [index, symbol] of held.entries()) {
            symbols.set(all.subarray(symbol * symbolBytes, (symbol + 1) * symbolBytes), index * symbolBytes);
          }
          either.restore(symbols, held, k, symbolBytes);
          expect(symbols).toEqual(data);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('holds 255 parity symbols for one of data', () => {
    const data = randomBytes(16, 5);
    const parity = code.encode(data, 1, 255, 16);
    for (let symbol = 0; symbol < 255; symbol++) {
      const symbols = parity.slice(symbol * 16, symbol * 16 + 16);
      code.restore(symbols, Uint8Array.of(symbol + 1), 1, 16);
      expect(symbols).toEqual(data);
    }
  });

  it('throws on a shape that no sender makes', () => {
    expect(() => code.encode(new Uint8Array(16 * 200), 200, 57, 16)).toThrow(RangeError);
    expect(() => code.encode(new Uint8Array(17), 1, 1, 17)).toThrow(RangeError);
    expect(() => code.encode(new Uint8Array(16), 2, 1, 16)).toThrow(RangeError);
  });

  it('divides data evenly among symbols', () => {
    expect(symbolBytesOf(1, 1)).toBe(16);
    expect(symbolBytesOf(64 * 1392, 64)).toBe(1392);
    expect(symbolBytesOf(64 * 1392 - 1_000, 64)).toBe(1392);
  });
});
