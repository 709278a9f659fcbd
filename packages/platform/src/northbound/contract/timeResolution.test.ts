import { formatTimestamp, parseTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimeExpression, type TimeUnit } from './timeExpression.ts';
import { intervalsOf, MAX_INTERVALS, resolveTimeExpression } from './timeResolution.ts';

const at = (text: string) => parseTimestamp(text)!;
const HOUR_US = 3_600_000_000;
const BERLIN = 'Europe/Berlin';
const NEW_YORK = 'America/New_York';
const KOLKATA = 'Asia/Kolkata';
/** Puts its clocks forward by half an hour only. */
const LORD_HOWE = 'Australia/Lord_Howe';
/** Its days began at 01:00 when the clocks went forward, until 2018. */
const SAO_PAULO = 'America/Sao_Paulo';
/** Went over the date line by leaving out 30 December 2011. */
const APIA = 'Pacific/Apia';

function resolve(text: string, now: string, timeZone: string): string | undefined {
  const time = resolveTimeExpression(parseTimeExpression(text)!, at(now), timeZone);
  return time === undefined ? undefined : formatTimestamp(time).replace('.000000', '');
}

describe('the clocks go forward in Berlin on 2026-03-29, at 02:00, which is 01:00 in UTC', () => {
  it.each([
    ['t', '2026-03-28T23:00:00Z'],
    ['t+2h', '2026-03-29T01:00:00Z'],
    ['t+1d', '2026-03-29T22:00:00Z'],
    ['t+24h', '2026-03-29T23:00:00Z'],
    ['t+1d-1s', '2026-03-29T21:59:59Z'],
    ['t+0.5d', '2026-03-29T11:00:00Z'],
    ['y', '2026-03-27T23:00:00Z'],
    ['y+1d+6h', '2026-03-29T05:00:00Z'],
    ['*-1d', '2026-03-28T13:00:00Z'],
    ['*-24h', '2026-03-28T12:00:00Z'],
    ['*-1w', '2026-03-22T13:00:00Z'],
    ['*+1mo', '2026-04-29T12:00:00Z'],
    ['t-1mo', '2026-02-27T23:00:00Z'],
    ['t-1y', '2025-03-28T23:00:00Z'],
    ['2026-03-29T02:30', '2026-03-29T01:30:00Z'],
    ['2026-03-29', '2026-03-28T23:00:00Z'],
    ['2026-03-29+1d', '2026-03-29T22:00:00Z'],
    ['2026-01-31+1mo', '2026-02-27T23:00:00Z'],
    ['2026-07-01T12:00', '2026-07-01T10:00:00Z'],
    ['2026-03-29T12:00:00Z-1d', '2026-03-28T13:00:00Z'],
  ])('%s is %s', (text, utc) => {
    expect(resolve(text, '2026-03-29T12:00:00Z', BERLIN)).toBe(utc);
  });
});

it.each([
  ['t', '2026-11-01T12:00:00Z', NEW_YORK, '2026-11-01T04:00:00Z'],
  ['t+1d', '2026-11-01T12:00:00Z', NEW_YORK, '2026-11-02T05:00:00Z'],
  // Of an hour that comes twice the first is meant.
  ['2026-11-01T01:30', '2026-11-01T12:00:00Z', NEW_YORK, '2026-11-01T05:30:00Z'],
  ['t', '2026-01-01T00:00:00Z', KOLKATA, '2025-12-31T18:30:00Z'],
  ['y+6h', '2026-01-01T00:00:00Z', KOLKATA, '2025-12-31T00:30:00Z'],
  ['t', '2026-10-04T03:00:00Z', LORD_HOWE, '2026-10-03T13:30:00Z'],
  ['t+1d', '2026-10-04T03:00:00Z', LORD_HOWE, '2026-10-04T13:00:00Z'],
  ['t', '2018-11-04T12:00:00Z', SAO_PAULO, '2018-11-04T03:00:00Z'],
  ['t+1d', '2018-11-04T12:00:00Z', SAO_PAULO, '2018-11-05T02:00:00Z'],
  ['t-1d', '2018-11-05T12:00:00Z', SAO_PAULO, '2018-11-04T03:00:00Z'],
  ['t-1d', '2011-12-31T12:00:00Z', APIA, '2011-12-30T10:00:00Z'],
])('%s at %s in %s is %s', (text, now, timeZone, utc) => {
  expect(resolve(text, now, timeZone)).toBe(utc);
});

it.each(['2200-01-01+100y', '9999-01-01', '0000-01-01-100y', '0001-01-01'])('no timestamp holds %s', (text) => {
  expect(resolve(text, '2026-03-29T12:00:00Z', BERLIN)).toBeUndefined();
});

function intervals(start: string, end: string, amount: number, unit: TimeUnit, timeZone: string): Float64Array {
  const result = intervalsOf(at(start), at(end), { amount, unit }, timeZone);
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

it.each<[string, string, string, number, TimeUnit, number[]]>([
  [BERLIN, '2026-03-27T23:00:00Z', '2026-03-30T22:00:00Z', 1, 'd', [24, 23, 24]],
  [BERLIN, '2026-10-23T22:00:00Z', '2026-10-26T23:00:00Z', 1, 'd', [24, 25, 24]],
  [BERLIN, '2026-03-28T01:30:00Z', '2026-03-30T00:30:00Z', 1, 'd', [24, 23]],
  [BERLIN, '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', 6, 'h', [6, 6, 6, 5]],
  [BERLIN, '2025-12-31T23:00:00Z', '2026-04-30T22:00:00Z', 1, 'mo', [744, 672, 743, 720]],
  [BERLIN, '2026-01-30T23:00:00Z', '2026-04-30T22:00:00Z', 1, 'mo', [672, 743, 720, 24]],
  [BERLIN, '2026-03-22T23:00:00Z', '2026-04-05T22:00:00Z', 1, 'w', [167, 168]],
  [BERLIN, '2024-12-31T23:00:00Z', '2027-12-31T23:00:00Z', 1, 'y', [8_760, 8_760, 8_760]],
  [NEW_YORK, '2026-03-07T05:00:00Z', '2026-03-10T04:00:00Z', 1, 'd', [24, 23, 24]],
  [NEW_YORK, '2026-10-31T04:00:00Z', '2026-11-03T05:00:00Z', 1, 'd', [24, 25, 24]],
  [KOLKATA, '2026-03-28T18:30:00Z', '2026-03-30T18:30:00Z', 1, 'd', [24, 24]],
  [LORD_HOWE, '2026-10-02T13:30:00Z', '2026-10-05T13:00:00Z', 1, 'd', [24, 23.5, 24]],
  [LORD_HOWE, '2026-04-03T13:00:00Z', '2026-04-06T13:30:00Z', 1, 'd', [24, 24.5, 24]],
  [SAO_PAULO, '2018-11-03T03:00:00Z', '2018-11-06T02:00:00Z', 1, 'd', [24, 23, 24]],
  [SAO_PAULO, '2018-11-04T03:00:00Z', '2018-11-06T02:00:00Z', 1, 'd', [23, 24]],
  [APIA, '2011-12-29T10:00:00Z', '2011-12-31T10:00:00Z', 1, 'd', [24, 24]],
  ['UTC', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z', 25, 'min', [25 / 60, 25 / 60, 10 / 60]],
  ['UTC', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', 100, 'y', [24]],
])('in %s from %s to %s by %f%s the intervals last so many hours', (timeZone, start, end, amount, unit, hours) => {
  const boundaries = intervals(start, end, amount, unit, timeZone);
  expect([...boundaries.slice(1)].map((time, row) => (time - boundaries[row]) / HOUR_US)).toEqual(hours);
});

it.each<[number, TimeUnit]>([
  [0, 'h'],
  [-1, 'd'],
  [Number.NaN, 's'],
  [1.5, 'mo'],
  [1, 'us'],
])('an interval of %f%s is refused', (amount, unit) => {
  const result = intervalsOf(at('2026-01-01T00:00:00Z'), at('2026-01-02T00:00:00Z'), { amount, unit }, BERLIN);
  expect(result).toMatchObject({ ok: false, fault: { code: 'request.invalid' } });
});

it('the boundaries ascend from the start to the end, and are never too many', () => {
  const zone = fc.constantFrom(BERLIN, NEW_YORK, KOLKATA, LORD_HOWE, SAO_PAULO, APIA);
  const unit = fc.constantFrom<TimeUnit[]>('min', 'h', 'd', 'w', 'mo', 'y');
  const start = fc.integer({ min: 1_200_000_000, max: 2_000_000_000 });
  const length = fc.integer({ min: 1, max: 40_000_000 });
  fc.assert(
    fc.property(start, length, fc.integer({ min: 1, max: 400 }), unit, zone, (from, seconds, amount, of, timeZone) => {
      const [first, last] = [from * 1e6, (from + seconds) * 1e6];
      const result = intervalsOf(first as Timestamp, last as Timestamp, { amount, unit: of }, timeZone);
      if (!result.ok) return;
      const boundaries = [...result.value];
      expect([boundaries[0], boundaries.at(-1)]).toEqual([first, last]);
      expect(boundaries.length).toBeLessThanOrEqual(MAX_INTERVALS + 1);
      expect(boundaries.slice(1).every((time, row) => time > boundaries[row])).toBe(true);
    }),
    { numRuns: 60 },
  );
});
