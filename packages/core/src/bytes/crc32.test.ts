import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32 } from './crc32.ts';

it('gives the check value of ISO 3309', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});

it('agrees with zlib on any bytes, in one piece and in two', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 100 }), (head, tail) => {
      expect(crc32(head)).toBe(zlibCrc32(head));
      expect(crc32(tail, crc32(head))).toBe(zlibCrc32(Uint8Array.of(...head, ...tail)));
    }),
  );
});
