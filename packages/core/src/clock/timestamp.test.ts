import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseDurationMs } from './duration.ts';
import { formatTimestamp, parseTimestamp, type Timestamp } from './timestamp.ts';

it.each([
  ['2026-01-31T12:00:00Z', 1_769_860_800_000_000],
  ['2026-01-31T13:00:00+01:00', 1_769_860_800_000_000],
  ['1969-12-31T23:59:59.999999Z', -1],
  ['2026-01-31T12:00:00.0000019Z', 1_769_860_800_000_001],
  ['2026-01-31T12:00:00', undefined],
  ['2026-13-31T12:00:00Z', undefined],
  ['yesterday', undefined],
])('%s is %s', (text, expected) => {
  expect(parseTimestamp(text)).toBe(expected);
});

it('formats what it parses, to the microsecond', () => {
  const fiveThousandYears = 2 ** 52;
  fc.assert(
    fc.property(fc.integer({ min: -fiveThousandYears, max: fiveThousandYears }), (us) => {
      expect(parseTimestamp(formatTimestamp(us as Timestamp))).toBe(us);
    }),
  );
});

it.each([
  ['250ms', 250],
  ['1s', 1_000],
  ['1.5 min', 90_000],
  ['8h', 28_800_000],
  ['10', undefined],
  ['-1s', undefined],
])('%s lasts %s ms', (text, expected) => {
  expect(parseDurationMs(text)).toBe(expected);
});
