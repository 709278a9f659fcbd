import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Timestamp } from '../clock/timestamp.ts';
import { EMPTY_TALLY, TALLY_FIELDS } from '../ledger/tally.ts';
import { LANES } from '../sample/lane.ts';
import type { SampleValue } from '../sample/sample.ts';
import { blankColumns } from './blockColumns.ts';
import { AT } from './blockLayout.ts';
import { checkBlock, decodeBlock, decodeColumns } from './decodeBlock.ts';
import { BlockEncoder } from './encodeBlock.ts';
import { type BlockHeader, MAX_BLOCK_SAMPLES, type SampleBlock, ValueKind } from './sampleBlock.ts';
import { SampleBlockBuilder } from './sampleBlockBuilder.ts';

type Row = readonly [tag: number, time: number, value: SampleValue, status: number];

const HEADER: Omit<BlockHeader, 'count'> = {
  gateway: 'gw-1',
  lane: 'operational',
  epoch: 1_700_000_000_000_000,
  sequence: 42,
  sealedAt: 1_700_000_000_123_456 as Timestamp,
  tally: { ...EMPTY_TALLY, read: 12, suppressed: 2, accepted: 10 },
};

function blockOf(rows: readonly Row[]): SampleBlockBuilder {
  const builder = new SampleBlockBuilder();
  for (const row of rows) builder.push(...row);
  return builder;
}

function rowsOf(block: SampleBlock): Row[] {
  return Array.from({ length: block.count }, (_, at) => {
    const kind = block.kinds[at];
    const value =
      kind === ValueKind.none ? null : kind === ValueKind.string ? block.strings[block.values[at]] : block.values[at];
    return [block.tags[at], block.times[at], value, block.statuses[at]] as const;
  });
}

function encode(rows: readonly Row[]): Uint8Array {
  return new BlockEncoder().encode(HEADER, blockOf(rows));
}

const CASES: Record<string, readonly Row[]> = {
  'no samples': [],
  'one sample': [[0, 0, 1.5, 0]],
  'not a number, infinities and minus zero': [
    [1, 1, Number.NaN, 0],
    [1, 2, Number.POSITIVE_INFINITY, 0],
    [1, 3, Number.NEGATIVE_INFINITY, 0],
    [1, 4, -0, 0],
    [1, 5, 0, 0],
  ],
  'equal times': [
    [1, 1_700_000_000_000_000, 1, 0],
    [2, 1_700_000_000_000_000, 2, 0],
    [3, 1_700_000_000_000_000, 3, 0],
  ],
  'times out of order and before 1970': [
    [1, 5_000_000, 1, 0],
    [1, -5_000_000, 2, 0],
    [1, 4_999_999, 3, 0],
  ],
  'the earliest time and the latest': [
    [1, Number.MIN_SAFE_INTEGER, 1, 0],
    [1, Number.MAX_SAFE_INTEGER, 2, 0],
    [1, 0, 3, 0],
  ],
  'values that need 32, 53 and 64 bits': [
    [1, 1, 0.5, 0],
    [1, 2, 2 ** 53 - 1, 0],
    [1, 3, 0.1, 0],
    [1, 4, Number.MIN_VALUE, 0],
    [1, 5, Number.MAX_VALUE, 0],
  ],
  'strings, repeated, empty and outside the basic plane': [
    [1, 1, 'Light_Load', 0],
    [1, 2, '', 0],
    [1, 3, 'Light_Load', 0],
    [1, 4, 'Überdruck \u{1f525}', 0],
  ],
  'bad samples without a value, all 32 bits of the status': [
    [1, 1, null, 0x800a0000],
    [1, 2, null, 0xffffffff],
    [1, 3, 7, 0x40940001],
  ],
  'the greatest tag number beside the least': [
    [0xffffffff, 1, 1, 0],
    [0, 2, 2, 0],
  ],
};

describe('a block survives encoding', () => {
  it.each(Object.entries(CASES))('%s', (_name, rows) => {
    const decoded = decodeBlock(encode(rows));
    expect(decoded.ok && rowsOf(decoded.value.block)).toEqual(rows);
    expect(decoded.ok && decoded.value.header).toEqual({ ...HEADER, count: rows.length });
  });

  it('of 65,536 samples', () => {
    const rows = Array.from({ length: MAX_BLOCK_SAMPLES }, (_, at): Row => [at % 997, at * 1000, at / 3, 0]);
    const decoded = decodeBlock(encode(rows), zlibCrc32);
    expect(decoded.ok && rowsOf(decoded.value.block)).toEqual(rows);
  });

  it('in columns that another block has stood in', () => {
    const columns = blankColumns(4);
    columns.values.fill(7);
    columns.kinds.fill(ValueKind.string);
    for (const rows of Object.values(CASES)) {
      const bytes = encode(rows.slice(0, 4));
      const header = checkBlock(bytes);
      if (!header.ok) throw new Error(header.fault.detail);
      const block = decodeColumns(bytes, header.value, columns);
      expect(block.ok && rowsOf(block.value)).toEqual(rows.slice(0, 4));
    }
  });

  it('whatever the samples and the header are', () => {
    const value = fc.oneof(fc.double(), fc.constant(null), fc.string({ unit: 'grapheme' }));
    const row = fc.tuple(fc.nat(0xffffffff), fc.maxSafeInteger(), value, fc.nat(0xffffffff));
    const tally = fc.record(
      Object.fromEntries(TALLY_FIELDS.map((field) => [field, fc.nat(Number.MAX_SAFE_INTEGER)])) as Record<
        (typeof TALLY_FIELDS)[number],
        fc.Arbitrary<number>
      >,
    );
    const header = fc.record({
      gateway: fc.string({ minLength: 1, maxLength: 15, unit: 'grapheme-ascii' }),
      lane: fc.constantFrom(...LANES),
      epoch: fc.maxSafeNat(),
      sequence: fc.maxSafeNat(),
      sealedAt: fc.maxSafeInteger() as fc.Arbitrary<Timestamp>,
      tally,
    });
    fc.assert(
      fc.property(header, fc.array(row, { maxLength: 60 }), (head, rows) => {
        const decoded = decodeBlock(new BlockEncoder(zlibCrc32).encode(head, blockOf(rows)));
        expect(decoded.ok && rowsOf(decoded.value.block)).toEqual(rows);
        expect(decoded.ok && decoded.value.header).toEqual({ ...head, count: rows.length });
      }),
    );
  });
});

it.each([0, 2, 4])('a block of version %i, which is not known, is refused', (version) => {
  const bytes = encode([]);
  bytes[AT.version] = version;
  expect(checkBlock(bytes)).toMatchObject({ ok: false, fault: { code: 'block.version' } });
});

describe('damage is detected', () => {
  const bytes = encode(Object.values(CASES).flat());

  it('any flipped bit', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      expect(checkBlock(damaged).ok, `bit ${bit}`).toBe(false);
    }
  });

  it('any truncation, and any byte too many', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(checkBlock(bytes.subarray(0, length)).ok, `length ${length}`).toBe(false);
    }
    expect(checkBlock(Uint8Array.of(...bytes, 0)).ok).toBe(false);
  });

  it('a block that contradicts itself under a good checksum gives a fault, and never throws', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 5), fc.nat(255), (at, byte) => {
        const forged = bytes.slice();
        forged[at] = byte;
        new DataView(forged.buffer).setUint32(forged.length - 4, zlibCrc32(forged.subarray(0, -4)), true);
        const decoded = decodeBlock(forged);
        if (!decoded.ok) expect(decoded.fault.code).toMatch(/^block\./);
      }),
      { numRuns: 2_000 },
    );
  });

  it('random bytes give a fault', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (random) => !decodeBlock(random).ok));
  });
});
