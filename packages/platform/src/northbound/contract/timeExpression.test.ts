import { formatTimestamp } from '@tidegate/core/clock/timestamp.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTimeExpression } from './timeExpression.ts';

const HOUR = 3_600_000_000;

test.each([
  ['*', 'now', 0],
  ['*-8h', 'now', -8 * HOUR],
  ['*-10min', 'now', -HOUR / 6],
  ['*-10m', 'now', -HOUR / 6],
  ['*+30s', 'now', HOUR / 120],
  // A plus that was not percent-encoded arrives as a space.
  ['* 30s', 'now', HOUR / 120],
  ['* - 1.5h', 'now', -1.5 * HOUR],
  ['*-250ms', 'now', -250_000],
  ['*-1us', 'now', -1],
  ['t', 'today', 0],
  ['T+6h', 'today', 6 * HOUR],
  ['y', 'yesterday', 0],
  ['y-1w', 'yesterday', -168 * HOUR],
  ['*-2d', 'now', -48 * HOUR],
] as const)('%s is %s and %d µs', (text, anchor, offsetUs) => {
  expect(parseTimeExpression(text)).toEqual({ kind: 'relative', anchor, offsetUs });
});

test.each([
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000000Z'],
  ['2026-01-31T12:00:00.000001+02:00', '2026-01-31T10:00:00.000001Z'],
  ['2026-01-31T12:00:00 02:00', '2026-01-31T10:00:00.000000Z'],
])('%s is %s', (text, utc) => {
  const parsed = parseTimeExpression(text);
  expect(parsed?.kind === 'absolute' ? formatTimestamp(parsed.at) : parsed).toBe(utc);
});

test.each([
  '',
  'now',
  '8h',
  '-8h',
  '*-',
  '*-h',
  '*-8',
  '*-8 parsecs',
  '**',
  'tomorrow',
  't-1mo',
  '*-999999999d',
  '2026-01-31',
  '2026-01-31T12:00:00',
  '2026-13-31T12:00:00Z',
  '1767225600000000',
])('"%s" is no moment', (text) => {
  expect(parseTimeExpression(text)).toBeUndefined();
});

test('any text is a moment that an integer holds, or none', () => {
  const near = fc.stringMatching(/^[*ty][-+ ][0-9.]{1,12}(us|ms|s|m|h|d|w)?$/);
  fc.assert(
    fc.property(fc.oneof(fc.string(), near), (text) => {
      const parsed = parseTimeExpression(text);
      const number = parsed?.kind === 'absolute' ? parsed.at : (parsed?.offsetUs ?? 0);
      expect(Number.isSafeInteger(number)).toBe(true);
    }),
  );
});
