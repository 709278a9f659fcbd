import fc from 'fast-check';
import { expect, test } from 'vitest';
import { preferred } from './mediaTypes.ts';

const OFFERED = ['application/json', 'text/csv', 'application/vnd.apache.arrow.stream'] as const;

// biome-ignore format: a table of cases
test.each([
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['text/csv', 'text/csv'],
  ['TEXT/CSV', 'text/csv'],
  ['text/html, application/xhtml+xml, */*;q=0.8', 'application/json'],
  ['text/csv;q=0.4, application/json;q=0.4', 'application/json'],
  ['text/csv; header=present; q=0.9, application/json;q=0.4', 'text/csv'],
  ['application/json;q=0, application/*', 'application/vnd.apache.arrow.stream'],
  ['text/*', 'text/csv'],
  ['text/csv;q=0', undefined],
  ['text/html', undefined],
  ['text/csv;q=many', undefined],
])('%s wants %s', (field, type) => {
  expect(preferred(field, OFFERED)).toBe(type);
});

test('any text is a wish or none', () => {
  fc.assert(
    fc.property(fc.string(), (field) => {
      expect([undefined, ...OFFERED]).toContain(preferred(field, OFFERED));
    }),
  );
});
