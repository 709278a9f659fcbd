import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RunSummary, summariseRun } from '../runSummary.ts';
import { blankRun, clipRun, runOf as columnsOf, type SampleRun, sliceRun, valueAt } from '../sampleRun.ts';
import { openChunk } from './chunk.ts';
import { ChunkEncoder } from './chunkEncoder.ts';
import { BLOCK_SAMPLES, blockCount, CHUNK_AT, MAX_CHUNK_SAMPLES } from './chunkLayout.ts';
import { RunMemory } from './runMemory.ts';

interface Row {
  readonly time: number;
  readonly value: number | string | null;
  readonly status: number;
}

const GOOD = 0;
const BAD = 0x80050000;
const encoder = new ChunkEncoder();

/** The rows as a run, in order of time and then as given. */
function runOf(rows: readonly Row[]): SampleRun {
  return columnsOf(rows.toSorted((a, b) => a.time - b.time));
}

function rowsOf(run: SampleRun): Row[] {
  return Array.from(run.times, (time, at) => ({ time, value: valueAt(run, at), status: run.statuses[at] }));
}

/** The chunk's own bytes, with room before and behind it. */
function encoded(run: SampleRun, lags?: Int32Array): Uint8Array {
  return encoder.encode(7, run, 0, run.times.length, lags).slice();
}

function endsAndSum(run: SampleRun): number[] {
  return [run.times[0], run.times[run.times.length - 1], summariseRun(run)?.sum ?? Number.NaN];
}

/** The fields of `summary` that `like` has. */
function pick(summary: RunSummary, like: object): object {
  return Object.fromEntries(Object.keys(like).map((key) => [key, summary[key as keyof RunSummary]]));
}

function roundTrip(run: SampleRun): SampleRun | undefined {
  return openChunk(encoded(run))?.run();
}

const time = fc.oneof(
  fc.integer({ min: 0, max: 2_000_000 }),
  fc.integer({ min: 1, max: 3000 }).map((second) => second * 1_000_000),
  fc.integer({ min: -(2 ** 53), max: 2 ** 53 - 1 }),
  fc.double({ min: -1e300, max: 1e300, noNaN: true }).map((double) => double + 0),
  fc.constant(5),
);
const value = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.integer({ min: -999, max: 999 }).map((whole) => whole / 100),
  fc.integer({ min: 0, max: 4095 }).map((count) => Math.fround(4 + (count * 16) / 4095)),
  fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, 0.1, 1e-7, 5e-324, 2 ** 53, -(2 ** 60)),
  fc.string({ unit: 'grapheme' }),
  fc.constant(null),
);
const status = fc.constantFrom(GOOD, GOOD, GOOD, 0x40920000, BAD, 0xffffffff);
const rows = fc.oneof(
  fc.array(fc.record({ time, value, status }), { minLength: 1, maxLength: 400, size: 'max' }),
  fc
    .tuple(
      time,
      value,
      status,
      fc.nat({ max: 2_000_000 }),
      fc.integer({ min: 1, max: MAX_CHUNK_SAMPLES }),
      fc.double({ min: 0, max: 9 }),
    )
    .map(([start, first, state, step, count, rise]) =>
      Array.from({ length: count }, (_, at) => ({
        time: start + at * step,
        value: typeof first === 'number' ? first + Math.round(at * rise) : first,
        status: state,
      })),
    ),
);

const step = fc.constantFrom(0, 1, 1, 7);
const number = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
/** Good numbers: these are summarised. */
const goodRows = fc
  .array(fc.record({ step, number }), { minLength: 1, maxLength: MAX_CHUNK_SAMPLES, size: 'max' })
  .map((all) => {
    let time = 0;
    return all.map(({ step, number }) => {
      time += step;
      return { time, value: number, status: GOOD };
    });
  });

describe('a chunk', () => {
  test('gives back the samples it was made of', () => {
    fc.assert(
      fc.property(rows, (rows) => {
        const run = runOf(rows);
        const again = roundTrip(run);
        expect(again && rowsOf(again)).toEqual(rowsOf(run));
        if (again?.isPlain) expect(summariseRun(run)).toBeDefined();
      }),
    );
  });

  test.each([
    ['good decimals', [0.5, 1.25, -3], GOOD, true],
    ['uncertain decimals', [0.5, 1.25, -3], 0x40920000, false],
    ['a NaN among them', [0.5, Number.NaN, -3], GOOD, false],
    ['no value among them', [0.5, null, -3], GOOD, false],
    ['a text among them', [0.5, 'a', -3], GOOD, false],
  ])('tells whether its samples are plain: %s', (_, values, status, isPlain) => {
    expect(roundTrip(runOf(values.map((value, time) => ({ time, value, status }))))?.isPlain).toBe(isPlain);
  });

  test('gives back any stretch of time, and summaries of its blocks that are exact', () => {
    let summaries = 0;
    fc.assert(
      fc.property(
        fc.oneof(goodRows, rows),
        fc.double({ min: -0.1, max: 1.1, noNaN: true }),
        fc.double({ min: 0, max: 1.2, noNaN: true }),
        fc.integer({ min: 1, max: 8 }),
        (rows, from, to, blocks) => {
          const run = runOf(rows);
          const chunk = openChunk(encoded(run));
          const [first, span] = [run.times[0], run.times[rows.length - 1] - run.times[0]];
          const [start, end] = [first + from * span, first + to * span];
          const slice = chunk?.slice(start, end);
          expect(slice && rowsOf(slice)).toEqual(rowsOf(clipRun(run, start, end)));
          for (let block = 0; block < blockCount(rows.length); block += blocks) {
            const until = Math.min(block + blocks, blockCount(rows.length));
            const stretch = chunk?.summary(block, until);
            const expected = summariseRun(run, block * BLOCK_SAMPLES, Math.min(rows.length, until * BLOCK_SAMPLES));
            if (!stretch) continue;
            const { min, max, statusBits, ...exact } = expected as RunSummary;
            expect(pick(stretch, exact)).toEqual(exact);
            expect([stretch.min + 0, stretch.max + 0]).toEqual([min + 0, max + 0]);
            expect(stretch.statusBits & statusBits).toBe(statusBits);
            summaries++;
          }
        },
      ),
    );
    expect(summaries).toBeGreaterThan(20);
  });

  test('gives back any stretch of time in parts, with summaries of blocks that are wanted so', () => {
    const percent = fc.integer({ min: -10, max: 110 });
    let summaries = 0;
    fc.assert(
      fc.property(fc.oneof(goodRows, rows), percent, percent, fc.nat(3), (rows, from, to, mask) => {
        const run = runOf(rows);
        const chunk = openChunk(encoded(run));
        const [first, span] = [run.times[0], run.times[rows.length - 1] - run.times[0]];
        const [start, end] = [first + (Math.min(from, to) / 100) * span, first + (Math.max(from, to) / 100) * span];
        const expected = clipRun(run, start, end);
        let asked = 0;
        let row = 0;
        for (const part of chunk?.parts(start, end, () => (asked++ & mask) === 0) ?? []) {
          const count = 'times' in part ? part.times.length : part.count;
          const same = sliceRun(expected, row, row + count);
          if ('times' in part) expect(rowsOf(part)).toEqual(rowsOf(same));
          else expect([part.firstTime, part.lastTime, part.sum]).toEqual(endsAndSum(same));
          if (!('times' in part)) summaries++;
          row += count;
        }
        expect(row).toBe(expected.times.length);
      }),
    );
    expect(summaries).toBeGreaterThan(10);
  });

  test('can be decoded into memory that is used again', () => {
    const memory = new RunMemory();
    fc.assert(
      fc.property(rows, (rows) => {
        const run = runOf(rows);
        const again = openChunk(encoded(run))?.slice(-Infinity, Infinity, memory);
        expect(again && rowsOf(again)).toEqual(rowsOf(run));
      }),
    );
  });

  test('keeps lags', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(0), fc.integer()), { minLength: 1, maxLength: 300 }), (lags) => {
        const run = runOf(lags.map((_, at) => ({ time: at, value: at, status: GOOD })));
        const bytes = encoded(run, Int32Array.from(lags));
        const chunk = openChunk(bytes);
        expect(Array.from(chunk?.lags() ?? [])).toEqual(lags);
        expect(rowsOf(chunk?.run() ?? blankRun(0))).toEqual(rowsOf(run));
        if (lags.every((lag) => lag === 0)) expect(bytes).toEqual(encoded(run));
      }),
    );
  });

  test('takes some rows of a longer run', () => {
    const run = runOf(Array.from({ length: 3000 }, (_, at) => ({ time: at * 7, value: at / 10, status: GOOD })));
    const chunk = openChunk(encoder.encode(3, run, 500, 1500));
    expect(chunk?.header).toMatchObject({ tag: 3, count: 1000, minTime: 3500, maxTime: 1499 * 7 });
    expect(rowsOf(chunk?.run() ?? blankRun(0))).toEqual(rowsOf(sliceRun(run, 500, 1500)));
  });

  const SECOND_US = 1_000_000;
  const noise = (at: number) => Math.sin(at * 12.9898) * 43_758.5453 - Math.floor(Math.sin(at * 12.9898) * 43_758.5453);
  const series = (valueAt: (at: number) => number, timeAt = (at: number) => at * SECOND_US) =>
    runOf(
      Array.from({ length: MAX_CHUNK_SAMPLES }, (_, at) => ({ time: timeAt(at), value: valueAt(at), status: GOOD })),
    );
  /** A converter of 14 bits over 4 to 20 mA whose signal moves within about 64 counts. */
  const counts = (at: number) => 8000 + Math.round(40 * Math.sin(at / 50)) + Math.floor(24 * noise(at));
  const milliamps = (at: number) => 4 + (counts(at) * 16) / 16_383;

  test.each([
    ['a constant', series(() => Math.PI), 0.15],
    ['a counter', series((at) => 1e12 + at * 5), 0.17],
    ['whole numbers in thousands', series((at) => Math.floor(16 * noise(at)) * 1000), 0.65],
    ['two decimals', series((at) => Math.floor(32 * noise(at)) / 100 + 20), 0.8],
    ['counts of a converter as float32', series((at) => Math.fround(milliamps(at))), 1],
    ['counts of a converter rounded to five decimals', series((at) => Math.round(milliamps(at) * 1e5) / 1e5), 1],
    ['counts of a converter from zero', series((at) => Math.fround(((counts(at) - 7950) & 63) * (250 / 4095))), 0.95],
    ['any float32', series((at) => Math.fround(20 + noise(at))), 3.2],
    [
      'scans of a second with jitter',
      series(
        () => 1,
        (at) => at * SECOND_US + Math.floor(8 * noise(at)) * 1000,
      ),
      0.75,
    ],
    [
      'scans left out',
      series(
        () => 1,
        (at) => (at * 9 + Math.floor(8 * noise(at))) * SECOND_US + Math.floor(8 * noise(at / 7)) * 1000,
      ),
      1.15,
    ],
    [
      'a period that drifts',
      series(
        () => 1,
        (at) => at * 1_000_100,
      ),
      0.17,
    ],
  ])('writes %s compactly', (_name, run, maxBytesPerSample) => {
    expect(encoded(run).length / MAX_CHUNK_SAMPLES).toBeLessThan(maxBytesPerSample);
    const again = roundTrip(run);
    expect(again?.times).toEqual(run.times);
    expect(again?.values).toEqual(run.values);
  });

  test('spends little on a few lags and a few outliers', () => {
    const plain = encoded(series(() => 1)).length;
    expect(encoded(series((at) => (at % 100 === 50 ? 5e6 : 1))).length - plain).toBeLessThan(300);
    const lags = Int32Array.from({ length: MAX_CHUNK_SAMPLES }, (_, at) => at & (at >> 3) & 1);
    expect(
      encoded(
        series(() => 1),
        lags,
      ).length - plain,
    ).toBeLessThan(MAX_CHUNK_SAMPLES / 7);
  });

  test('that was flipped in any bit or cut anywhere is refused', () => {
    const good = encoded(
      runOf([0, 1.5, null, 'open', 'open', 4].map((value, at) => ({ time: at * 10, value, status: at }))),
    );
    for (let bit = 0; bit < good.length * 8; bit++) {
      const flipped = good.slice();
      flipped[bit >>> 3] ^= 1 << (bit & 7);
      expect(openChunk(flipped)).toBeUndefined();
    }
    for (let length = 0; length < good.length; length++) expect(openChunk(good.subarray(0, length))).toBeUndefined();
  });

  test('of nonsense under a good checksum is refused or read, but never thrown over', () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(rows, flips, fc.boolean(), (rows, flips, cut) => {
        const run = runOf(rows);
        let bytes = encoded(
          run,
          Int32Array.from(run.times, (_, at) => at % 3),
        );
        for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
        if (cut) bytes = bytes.subarray(0, Math.max(CHUNK_AT.directories + 4, flips[0][0] % bytes.length));
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        view.setUint32(CHUNK_AT.length, bytes.length, true);
        view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, bytes.length - 4)), true);
        const chunk = openChunk(bytes);
        if (!chunk) return;
        const again = chunk.run();
        if (again)
          expect([again.times.length, again.values.length, again.kinds.length]).toEqual(Array(3).fill(chunk.count));
        chunk.slice(run.times[0], run.times[rows.length >> 1]);
        chunk.summary(0, blockCount(chunk.count));
        chunk.lags();
      }),
      { numRuns: 400 },
    );
  });
});
