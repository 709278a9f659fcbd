import { expect, it } from 'vitest';
import { formatSqlTable } from './sqlTable.ts';

it('sets numbers to the right, writes times in UTC, and cuts what is too wide', () => {
  const answer = {
    columns: [
      { name: 'path', type: 'VARCHAR', values: ['acme/größe', `${'x'.repeat(80)}`, null] },
      { name: 'n', type: 'DECIMAL(18,3)', values: [7, 12.5, null] },
      { name: 'time', type: 'TIMESTAMP', values: [1_769_860_800_000_000, null, null] },
      { name: 'ok', type: 'BOOLEAN', values: [true, null, false] },
    ],
    ...{ rows: 3, truncated: true, elapsedMs: 12.4 },
  };
  expect(formatSqlTable(answer).split('\n')).toEqual([
    `path${' '.repeat(61)}n  time                         ok`,
    `${'-'.repeat(60)}  ----  ---------------------------  -----`,
    `acme/größe${' '.repeat(55)}7  2026-01-31T12:00:00.000000Z  true`,
    `${'x'.repeat(59)}…  12.5`,
    `${' '.repeat(97)}false`,
    '',
    '3 rows, and there are more (--limit), 12 ms',
    '',
  ]);
});

it('counts one row and none', () => {
  const of = (values: number[]) =>
    formatSqlTable({
      columns: [{ name: 'a', type: 'INTEGER', values }],
      ...{ rows: values.length, truncated: false, elapsedMs: 3 },
    });
  expect(of([1])).toBe('a\n-\n1\n\n1 row, 3 ms\n');
  expect(of([])).toBe('a\n-\n\n0 rows, 3 ms\n');
});
