import { formatTimestamp } from '@tidegate/core/clock/timestamp.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTimeExpression, parseTimeSpan, TIME_UNITS } from './timeExpression.ts';

const NOW = { kind: 'now' };
const TODAY = { kind: 'day', daysAgo: 0 };
const YESTERDAY = { kind: 'day', daysAgo: 1 };

test.each([
  ['*', NOW, []],
  ['*-8h', NOW, [[-8, 'h']]],
  ['*-10min', NOW, [[-10, 'min']]],
  ['*-10m', NOW, [[-10, 'm']]],
  // A plus that was not percent-encoded arrives as a space.
  ['* 30s', NOW, [[30, 's']]],
  ['* - 1.5h', NOW, [[-1.5, 'h']]],
  ['*-250ms', NOW, [[-250, 'ms']]],
  ['*-1us', NOW, [[-1, 'us']]],
  ['t', TODAY, []],
  ['T+6h', TODAY, [[6, 'h']]],
  [
    't-1mo+6h',
    TODAY,
    [
      [-1, 'mo'],
      [6, 'h'],
    ],
  ],
  [
    't-1d 6h-30min',
    TODAY,
    [
      [-1, 'd'],
      [6, 'h'],
      [-30, 'min'],
    ],
  ],
  ['y', YESTERDAY, []],
  ['y-1w', YESTERDAY, [[-1, 'w']]],
  ['y-1y', YESTERDAY, [[-1, 'y']]],
  ['*-0.5d', NOW, [[-0.5, 'd']]],
  ['2026-01-31', { kind: 'local', dateTime: '2026-01-31' }, []],
  ['2026-01-31+6h', { kind: 'local', dateTime: '2026-01-31' }, [[6, 'h']]],
  ['2026-01-31T12:00', { kind: 'local', dateTime: '2026-01-31T12:00' }, []],
  ['2026-01-31t12:00', { kind: 'local', dateTime: '2026-01-31T12:00' }, []],
  ['2026-01-31 12:00:00.5-1d', { kind: 'local', dateTime: '2026-01-31T12:00:00.5' }, [[-1, 'd']]],
] as const)('%s', (text, anchor, spans) => {
  expect(parseTimeExpression(text)).toEqual({ anchor, spans: spans.map(([amount, unit]) => ({ amount, unit })) });
});

test.each([
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000000Z', 0],
  ['2026-01-31T12:00:00.000001+02:00', '2026-01-31T10:00:00.000001Z', 0],
  ['2026-01-31T12:00:00 02:00', '2026-01-31T10:00:00.000000Z', 0],
  ['2026-01-31t12:00:00z-1d', '2026-01-31T12:00:00.000000Z', 1],
])('%s starts from %s', (text, utc, spans) => {
  const parsed = parseTimeExpression(text);
  expect(parsed?.anchor.kind === 'instant' && formatTimestamp(parsed.anchor.at)).toBe(utc);
  expect(parsed?.spans).toHaveLength(spans);
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
  '*-8hours',
  '*-8h30',
  '**',
  'tomorrow',
  't-1.5mo',
  '*-0.5y',
  '*-999999999d',
  '*-101y',
  `*${'-1h'.repeat(9)}`,
  '2026-02-30',
  '2026-13-01',
  '2026-01-31T24:00',
  '2026-01-31T12:60',
  '2026-13-31T12:00:00Z',
  '9999-01-01T00:00:00Z',
  '1767225600000000',
  'constructor',
  '__proto__',
])('"%s" is no moment', (text) => {
  expect(parseTimeExpression(text)).toBeUndefined();
});

test('any text is an expression of few finite parts, or none', () => {
  const near = fc.stringMatching(/^[*ty2][-+ ][0-9.]{1,12}(us|ms|s|m|h|d|w|mo|y)?([-+ ][0-9]{1,3}[a-z]{1,2})?$/);
  fc.assert(
    fc.property(fc.oneof(fc.string(), near, near), (text) => {
      for (const { amount, unit } of parseTimeExpression(text)?.spans ?? []) {
        expect(Number.isFinite(amount)).toBe(true);
        expect(TIME_UNITS).toContain(unit);
      }
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['1d', { amount: 1, unit: 'd' }],
  ['15min', { amount: 15, unit: 'min' }],
  ['0.5 h', { amount: 0.5, unit: 'h' }],
  ['1mo', { amount: 1, unit: 'mo' }],
  ['0h', undefined],
  ['-1h', undefined],
  ['1h+1h', undefined],
  ['1.5mo', undefined],
  ['101y', undefined],
  ['h', undefined],
  ['', undefined],
])('the interval %s', (text, span) => {
  expect(parseTimeSpan(text)).toEqual(span);
});
