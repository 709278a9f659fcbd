import { expect, test } from 'vitest';
import { formatAmount, formatBytes, formatSpan } from './figures.ts';
import { formatProgress } from './progressLine.ts';

test.each([
  [{ done: 0, total: 100e6, elapsedMs: 0 }, 'copying  [................]   0%  0 B of 100 MB  0 B/s'],
  [
    { done: 25e6, total: 100e6, elapsedMs: 2_000 },
    'copying  [####............]  25%  25 MB of 100 MB  12.5 MB/s  6 s left',
  ],
  [{ done: 100e6, total: 100e6, elapsedMs: 8_000 }, 'copying  [################] 100%  100 MB of 100 MB  12.5 MB/s'],
  [{ done: 0, total: 0, elapsedMs: 10 }, 'copying  [################] 100%  0 B of 0 B  0 B/s'],
  [{ done: 25e6, total: undefined, elapsedMs: 2_000 }, 'copying  25 MB  12.5 MB/s'],
])('progress %#', (state, expected) => {
  expect(formatProgress('copying', 'bytes', state)).toBe(expected);
});

test('samples are counted', () => {
  const text = formatProgress('importing', 'samples', { done: 1_000, total: 4_000, elapsedMs: 1_000 });
  expect(text).toBe('importing  [####............]  25%  1,000 of 4,000 samples  1,000/s  3 s left');
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [999.9, '1 kB'],
  [12_345, '12.3 kB'],
  [999_999, '1 MB'],
  [1.5e15, '1.5 PB'],
])('%d bytes', (bytes, expected) => expect(formatBytes(bytes)).toBe(expected));

test.each([
  [0, '0 s'],
  [450, '0.5 s'],
  [59_000, '59 s'],
  [125_000, '2 min 5 s'],
  [7_200_000, '2 h'],
  [90_000_000, '1 d 1 h'],
])('%d ms', (ms, expected) => expect(formatSpan(ms)).toBe(expected));

test('one of a thing', () => {
  expect([formatAmount(1, 'tag'), formatAmount(1_234, 'tag')]).toEqual(['1 tag', '1,234 tags']);
});
