import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_SAMPLE_LIMIT } from '../contract/series.ts';
import { decodeSeriesCursor, encodeSeriesCursor } from './seriesCursor.ts';

const MOMENT = fc.integer({ min: -8_000_000_000_000_000, max: 8_000_000_000_000_000 });

test('what was encoded is decoded', () => {
  const cursors = fc
    .tuple(MOMENT, MOMENT, MOMENT, fc.nat(MAX_SAMPLE_LIMIT), fc.option(fc.integer({ min: 1 })))
    .chain((parts) => fc.tuple(fc.constant(parts), fc.constantFrom('oldest' as const, 'newest' as const)))
    .map(([[a, b, c, delivered, intervalUs], first]) => {
      const [start, at, end] = [a, b, c].sort((x, y) => x - y) as Timestamp[];
      return { start, at, end, first, delivered: intervalUs === null ? delivered : 0, intervalUs };
    })
    .filter((cursor) => cursor.at < cursor.end);
  fc.assert(
    fc.property(cursors, (cursor) => {
      expect(decodeSeriesCursor(encodeSeriesCursor(cursor))).toEqual(cursor);
    }),
  );
});

test.each([
  '',
  'x',
  '1_2',
  '0_9_5',
  '0_9_5_',
  '0_9_5_ox1',
  '0_9_5_oi0',
  '9_0_5_or1',
  '0_5_9_nr1',
  '0_5_5_or1',
  '0_9_5_or1 ',
  '0_9_5_or100001',
  '0_9_5_or99999999',
  '0_9_5_nr123456789',
])('"%s" is no cursor', (text) => {
  expect(decodeSeriesCursor(text)).toBeUndefined();
});

test('any text is a cursor or none', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[-0-9_rion]{0,60}$/), (text) => {
      const cursor = decodeSeriesCursor(text);
      if (cursor) expect(cursor.at < cursor.end && cursor.at >= cursor.start).toBe(true);
    }),
  );
});
