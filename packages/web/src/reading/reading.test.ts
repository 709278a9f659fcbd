import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatBytes, formatCount, formatGiven, formatNumber, formatRate } from './number.ts';
import { formatAge, formatSince, formatSpan } from './span.ts';
import { formatUnit } from './unit.ts';

it.each([
  [0, '0'],
  [-0, '0'],
  [1, '1.0000'],
  [1.0004, '1.0004'],
  [-12_000, '\u221212\u202f000'],
  [2_689, '2\u202f689.0'],
  [-2.5, '\u22122.5000'],
  [123.456, '123.46'],
  [99_999.6, '100\u202f000'],
  [1_234_567.8, '1\u202f234\u202f568'],
  [0.000123456, '0.00012346'],
  [1.5e12, '1.500e+12'],
  [-1e-9, '\u22121.000e\u22129'],
  [Number.NaN, 'not a number'],
  [Number.POSITIVE_INFINITY, '\u221e'],
])('%d reads %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

it('never shows a number so long that its column moves', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (value) => {
      expect(formatNumber(value).length).toBeLessThanOrEqual(14);
    }),
  );
});

it.each([
  [formatCount(1_234_567), '1\u202f234\u202f567'],
  [formatCount(999), '999'],
  [formatGiven(-0.5), '\u22120.5'],
  [formatBytes(512), '512 B'],
  [formatBytes(1536), '1.5 KiB'],
  [formatBytes(3 * 2 ** 40), '3.0 TiB'],
  [formatRate(0), '0/s'],
  [formatRate(0.52), '0.5/s'],
  [formatRate(12_400), '12\u202f400/s'],
  [formatSpan(-5), '0 ms'],
  [formatSpan(120.4), '120 ms'],
  [formatSpan(3_210), '3.2 s'],
  [formatSpan(42_000), '42 s'],
  [formatSpan(250_000), '4 min 10 s'],
  [formatSpan(3_600_000), '1 h'],
  [formatAge(59_000), '59 s'],
  [formatAge(250_000), '4 min'],
  [formatAge(3_599_999), '59 min'],
  [formatAge(7_500_000), '2 h 5 min'],
  [formatSpan(7_500_000), '2 h 5 min'],
  [formatSpan(90_000_000), '1 d 1 h'],
  [formatUnit('Cel'), '\u00b0C'],
  [formatUnit('kW.h'), 'kW\u00b7h'],
  [formatUnit('m3/h'), 'm\u00b3/h'],
  [formatUnit('um'), '\u00b5m'],
  [formatUnit('%'), '%'],
  [formatUnit('kg/h'), 'kg/h'],
  [formatUnit(''), ''],
])('%s = %s', (text, expected) => {
  expect(text).toBe(expected);
});

it('names the day of a moment that is not of today', () => {
  const noon = new Date(2026, 0, 31, 12, 0, 0).getTime();
  expect(formatSince(noon, noon + 60_000)).toBe('12:00:00');
  expect(formatSince(noon, noon + 86_400_000)).toBe('2026-01-31 12:00:00');
});
