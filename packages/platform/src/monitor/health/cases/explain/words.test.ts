import { parseTimestamp } from '@tidegate/core/clock/timestamp.ts';
import { describe, expect, it } from 'vitest';
import { assetWords, listWords } from './assetWords.ts';
import { daysWords, lifeWords } from './lifeWords.ts';
import { changeWords, plainNumber, quantityWords, shareWords } from './quantityWords.ts';
import { sinceWords, whenWords } from './siteTime.ts';

it.each([
  ['acme/north/utilities/substation/power-supply-1', 'Power supply 1 of the substation'],
  ['acme/north/compression/train-1/compressor', 'Compressor of train 1'],
  ['acme/tanks/tank-b/feed_pump', 'Feed pump of tank b'],
  ['mill', 'Mill'],
])('%s is %s', (path, words) => expect(assetWords(path)).toBe(words));

it('lists as people do', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listWords)).toEqual(['', 'a', 'a and b', 'a, b and c']);
});

describe('digits that say something', () => {
  it.each<[number, number, string, string]>([
    [0.0015, 0.0042, 'Ohm', 'from 1.5 to 4.2 mOhm'],
    [1_013.2, 1_050.7, 'mbar', 'from 1013 to 1051 mbar'],
    [20, 20.031, 'Cel', 'from 20.000 to 20.031 °C'],
    [0, 0, 'mm/s', 'from 0 to 0 mm/s'],
    [230_000, 410_000, 'Pa', 'from 230 to 410 kPa'],
    [1.2, 1.3, 'bar{gauge}', 'from 1.20 to 1.30 bar'],
    [-0.004, 0.5, '1', 'from -0.004 to 0.50'],
    [-0.000001, 0.5, '1', 'from 0 to 0.50'],
    [0.0015, 0.0555, 'Ohm', 'from 1.5 to 56 mOhm'],
  ])('%d to %d %s: %s', (from, to, unit, words) => expect(changeWords(from, to, unit)).toBe(words));

  it.each<[number, string, string]>([
    [0.00421, 'Ohm', '4.21 mOhm'],
    [12_345, 'W', '12.3 kW'],
    [0, 'V', '0 V'],
    [1_234.6, '/min', '1230 per minute'],
    [1e-12, 'A', '0.001 nA'],
    [-40, 'Cel', '-40 °C'],
  ])('%d %s: %s', (value, unit, words) => expect(quantityWords(value, unit)).toBe(words));

  it.each([
    [50, '50'],
    [0.05, '0.05'],
    [4_600, '4600'],
  ])('%d: %s', (value, words) => expect(plainNumber(value)).toBe(words));

  it.each([
    [0.623, '62 %'],
    [0.003, '0.3 %'],
    [0, '0 %'],
    [1, '100 %'],
    [0.034, '3 %'],
  ])('share %d: %s', (share, words) => expect(shareWords(share)).toBe(words));
});

describe('times on the wall of the site', () => {
  const now = parseTimestamp('2026-05-10T03:00:00Z')!;
  it.each([
    ['2026-03-03T12:00:00Z', 'UTC', 'since 3 March', 'on 3 March'],
    ['2026-05-10T02:20:00Z', 'UTC', 'since 02:20 today', 'at 02:20 today'],
    ['2026-05-09T22:20:00Z', 'UTC', 'since 9 May', 'on 9 May'],
    ['2026-05-09T22:20:00Z', 'America/Edmonton', 'since 16:20 today', 'at 16:20 today'],
    ['2024-12-31T23:30:00Z', 'UTC', 'since 31 December 2024', 'on 31 December 2024'],
    ['2025-12-31T23:30:00Z', 'Asia/Tokyo', 'since 1 January', 'on 1 January'],
  ])('%s in %s: %s', (text, zone, since, when) => {
    expect(sinceWords(parseTimestamp(text)!, now, zone)).toBe(since);
    expect(whenWords(parseTimestamp(text)!, now, zone)).toBe(when);
  });
});

describe('what is left', () => {
  it.each([
    [0, '0 hours'],
    [0.04, '1 hour'],
    [1.9, '46 hours'],
    [62.4, '62 days'],
    [1_000, '2.7 years'],
    [1e9, 'more than 10 years'],
    [Number.POSITIVE_INFINITY, 'more than 10 years'],
    [Number.NaN, 'more than 10 years'],
  ])('%d days: %s', (days, words) => expect(daysWords(days)).toBe(words));

  it.each<[number, number, number, string]>([
    [62, 39, 110, 'most likely 62 days (39 to 110)'],
    [3, 1, 800, 'most likely 3 days (24 hours to 2.2 years)'],
    [62, 39, Number.POSITIVE_INFINITY, 'most likely 62 days (39 days to more than 10 years)'],
    [Number.POSITIVE_INFINITY, 500, Number.POSITIVE_INFINITY, 'more than 500 days'],
  ])('%d (%d to %d)', (medianDays, lowDays, highDays, words) =>
    expect(lifeWords({ medianDays, lowDays, highDays })).toBe(words),
  );
});
