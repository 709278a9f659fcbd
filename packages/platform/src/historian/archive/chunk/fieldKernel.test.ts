import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLOCK_SAMPLES } from './chunkLayout.ts';
import { createFieldKernel, FIELDS_AT, type FieldKernel, NUMBERS_AT, ScriptKernel } from './fieldKernel.ts';
import { FIELD_KERNEL_MODULE } from './fieldKernelModule.ts';

/** Of the compiler as much as is used here. */
type Compile = (
  options: string[],
  files: {
    readFile: (name: string) => string | null;
    writeFile: (name: string, contents: Uint8Array) => void;
    listFiles: () => string[];
  },
) => Promise<{ error: Error | null; stderr: { toString(): string } }>;

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const width = fc.integer({ min: 1, max: 32 });
const words = fc.array(int32, { minLength: BLOCK_SAMPLES + 12, maxLength: BLOCK_SAMPLES + 12 });
const coefficient = fc.double({ noNaN: true, min: -1e12, max: 1e12 });

/** What a kernel makes of a block. */
function resultOf(kernel: FieldKernel, packed: readonly number[], work: (kernel: FieldKernel) => void) {
  new Int32Array(kernel.buffer).set(packed);
  work(kernel);
  const fields = new Int32Array(kernel.buffer, FIELDS_AT, BLOCK_SAMPLES).slice();
  return { fields, numbers: new Float64Array(kernel.buffer, NUMBERS_AT, BLOCK_SAMPLES).slice() };
}

test('the kernel in WebAssembly does what the one in JavaScript does', () => {
  const [fast, slow] = [createFieldKernel(), new ScriptKernel()];
  expect(fast).not.toBeInstanceOf(ScriptKernel);
  const place = fc.integer({ min: 0, max: 2 }).map((at) => at * 16);
  const step = fc.tuple(coefficient, coefficient);
  const works: fc.Arbitrary<(kernel: FieldKernel) => void>[] = [
    fc.tuple(coefficient, coefficient, coefficient, int32, fc.integer({ min: 0, max: 31 })).map((all) => {
      return (kernel: FieldKernel) => kernel.times(...all);
    }),
    fc.tuple(int32, int32).map((all) => (kernel: FieldKernel) => kernel.carry(...all)),
    int32.map((rise) => (kernel: FieldKernel) => kernel.lift(rise)),
    step.map((all) => (kernel: FieldKernel) => kernel.exact(...all)),
    step.map((all) => (kernel: FieldKernel) => kernel.float32(...all)),
    fc.tuple(coefficient, coefficient, fc.constantFrom(1, 10, 1e6)).map((all) => {
      return (kernel: FieldKernel) => kernel.decimal(...all);
    }),
  ];
  const cases = fc.tuple(words, place, width, fc.array(fc.oneof(...works), { maxLength: 3 }));
  fc.assert(
    fc.property(cases, ([packed, at, bits, next]) => {
      const work = (kernel: FieldKernel) => {
        kernel.unpack(at, bits);
        for (const one of next) one(kernel);
      };
      expect(resultOf(fast, packed, work)).toEqual(resultOf(slow, packed, work));
    }),
  );
});

test('the module is what its source compiles to', async () => {
  const source = readFileSync(new URL('fieldKernel.as', import.meta.url), 'utf8');
  let compiled: Uint8Array = new Uint8Array(0);
  // Its declarations would make types of WebAssembly known to the whole repository, so that they stay outside.
  const { main: compile } = (await import(import.meta.resolve('assemblyscript/asc'))) as { main: Compile };
  const options = ['--runtime', 'stub', '--enable', 'simd', '-O3', '--noAssert', '--converge'];
  const { error, stderr } = await compile(['kernel.ts', '--outFile', 'kernel.wasm', ...options], {
    readFile: (name: string) => (name === 'kernel.ts' ? source : null),
    writeFile: (_name: string, contents: Uint8Array) => {
      compiled = contents;
    },
    listFiles: () => [],
  });
  expect([error, stderr.toString()]).toEqual([null, '']);
  expect(Buffer.from(compiled).toString('base64')).toBe(FIELD_KERNEL_MODULE);
});
