import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { OpenFiles } from './openFiles.ts';

test('pieces are those of the file, however far apart they lie, and end where it ends', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tidegate-pieces-'));
  const path = join(directory, 'file');
  const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7919) >>> 5);
  writeFileSync(path, bytes);
  const files = new OpenFiles();
  onTestFinished(async () => {
    await files.close();
    rmSync(directory, { recursive: true });
  });
  const gap = fc.oneof(fc.constant(0), fc.nat(5_000), fc.nat(90_000));
  const piece = fc.record({ gap, length: fc.nat(20_000) });
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 12 }), async (steps) => {
      let at = 0;
      const pieces = steps.map(({ gap, length }) => {
        const offset = at + gap;
        at = offset + length;
        return { offset, length };
      });
      const found = await files.readPieces(path, pieces);
      for (const [number, { offset, length }] of pieces.entries()) {
        expect(Buffer.compare(found[number], bytes.subarray(offset, offset + length))).toBe(0);
      }
    }),
  );
});
