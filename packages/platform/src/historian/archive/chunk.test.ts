import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChunkColumns } from './chunkColumns.ts';
import { ChunkEncoder } from './chunkEncoder.ts';
import { CHUNK_AT } from './chunkLayout.ts';
import { checkChunk, decodeChunk } from './decodeChunk.ts';

interface Row {
  readonly time: number;
  readonly value: number | string | null;
  readonly status: number;
}

function columnsOf(rows: readonly Row[]): ChunkColumns {
  const columns = new ChunkColumns();
  const strings: string[] = [];
  for (const [at, { time, value, status }] of rows.entries()) {
    columns.times[at] = time;
    columns.statuses[at] = status;
    columns.kinds[at] =
      value === null ? ValueKind.none : typeof value === 'string' ? ValueKind.string : ValueKind.number;
    columns.values[at] = typeof value === 'string' ? strings.push(value) - 1 : (value ?? 0);
  }
  columns.count = rows.length;
  columns.strings = strings;
  return columns;
}

const row = fc.record({
  time: fc.oneof(fc.integer({ min: 0, max: 2_000_000 }), fc.maxSafeInteger(), fc.constant(5)),
  value: fc.oneof(
    fc.double(),
    fc.constantFrom(0, -0, Number.NaN, Infinity, 0.1, 21.25, 1e-7),
    fc.integer(),
    fc.string({ unit: 'grapheme' }),
    fc.constant(null),
  ),
  status: fc.constantFrom(0, 0x40920000, 0x80050000, 0xffffffff),
});

function roundTrip(rows: readonly Row[]): Row[] | undefined {
  const columns = columnsOf(rows);
  columns.sort();
  const run = decodeChunk(new ChunkEncoder().encode(7, columns), 3);
  return run && Array.from(run.times, (time, at) => ({ time, value: run.values[at], status: run.statuses[at] }));
}

describe('a chunk', () => {
  test('gives back the samples it was made of, in order of time and then of arrival', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 200 }), (rows) => {
        const expected = rows.map((sample, at) => ({ sample, at }));
        expected.sort((a, b) => a.sample.time - b.sample.time || a.at - b.at);
        expect(roundTrip(rows)).toEqual(expected.map(({ sample }) => sample));
      }),
    );
  });

  const series = (numberAt: (at: number) => number) =>
    Array.from({ length: 4096 }, (_, at) => ({ time: at * 1_000_000, value: numberAt(at), status: 0 }));

  test.each([
    ['a constant', series(() => 21.37), 1.1],
    ['a counter', series((at) => 1_000_000 + at), 2.1],
    ['two decimals', series((at) => Math.round(20_000 + 50 * Math.sin(at / 9)) / 100), 2.1],
    ['a float32', series((at) => Math.fround(Math.sin(at))), 5.1],
    ['a float64', series((at) => Math.sin(at)), 9.1],
  ])('writes %s compactly', (_name, rows, maxBytesPerSample) => {
    const bytes = new ChunkEncoder().encode(0, columnsOf(rows));
    expect(bytes.length / rows.length).toBeLessThan(maxBytesPerSample);
    expect(roundTrip(rows)).toEqual(rows);
  });

  test('that was flipped in any bit or cut anywhere is refused', () => {
    const rows = [0, 1.5, null, 'open', 'open', 4].map((value, at) => ({ time: at * 10, value, status: at }));
    const good = new ChunkEncoder().encode(1, columnsOf(rows)).slice();
    for (let bit = 0; bit < good.length * 8; bit++) {
      const flipped = good.slice();
      flipped[bit >>> 3] ^= 1 << (bit & 7);
      expect(decodeChunk(flipped, 0)).toBeUndefined();
    }
    for (let length = 0; length < good.length; length++)
      expect(decodeChunk(good.subarray(0, length), 0)).toBeUndefined();
  });

  test('of nonsense under a good checksum is refused or read, but never thrown over', async () => {
    const { crc32 } = await import('node:zlib');
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 52, maxLength: 300 }), fc.integer({ min: 1, max: 60 }), (bytes, count) => {
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        view.setUint32(CHUNK_AT.length, bytes.length, true);
        view.setUint32(CHUNK_AT.count, count, true);
        let left = bytes.length - CHUNK_AT.columns - 4;
        for (let column = 0; column < 4; column++) {
          const length = column === 3 ? left : Math.min(left, view.getUint8(CHUNK_AT.columnLengths + column * 4));
          view.setUint32(CHUNK_AT.columnLengths + column * 4, length, true);
          left -= length;
        }
        view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, bytes.length - 4)), true);
        expect(checkChunk(bytes)?.count).toBe(count);
        const run = decodeChunk(bytes, 0);
        if (run) expect([run.times.length, run.values.length, run.statuses.length]).toEqual([count, count, count]);
      }),
    );
  });
});
