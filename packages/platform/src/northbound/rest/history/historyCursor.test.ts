import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeHistoryCursor, encodeHistoryCursor } from './historyCursor.ts';

const moment = fc.maxSafeInteger();
const maybe = fc.option(moment, { nil: undefined });
const cursors = fc.record({
  ...{ start: maybe, end: maybe, knownAt: maybe, tagAt: fc.nat(1_000) },
  behind: fc.option(fc.record({ time: moment, given: fc.integer({ min: 1, max: 100_000 }) }), { nil: undefined }),
});

test('what was encoded is decoded, for the same question alone', () => {
  fc.assert(
    fc.property(cursors, fc.string(), (cursor, question) => {
      const text = encodeHistoryCursor(cursor, question);
      expect(text).toMatch(/^[\w-]+$/);
      expect(decodeHistoryCursor(text, question)).toEqual(cursor);
      expect(decodeHistoryCursor(text, `${question}x`)).toBeUndefined();
      expect(decodeHistoryCursor(text.slice(0, -1), question)).toBeUndefined();
    }),
  );
});

test('any other text is no cursor', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(decodeHistoryCursor(text, 'q')).toBeUndefined();
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(decodeHistoryCursor(Buffer.from(`${text} ${text}`).toString('base64url'), 'q')).toBeUndefined();
    }),
  );
});
