import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvField, type CsvRecord, CsvRecords } from './csvRecords.ts';

function read(text: string, pieces: readonly number[] = []): CsvRecord[] {
  const csv = new CsvRecords();
  const records: CsvRecord[] = [];
  let at = 0;
  for (const length of pieces) {
    records.push(...csv.push(text.slice(at, at + length), false));
    at += length;
  }
  return [...records, ...csv.push(text.slice(at), true)];
}

const fieldsOf = (text: string) => read(text).map((record) => ('fields' in record ? record.fields : record.defect));

test.each<[string, string, (readonly CsvField[] | string)[]]>([
  [
    'records end with LF or CRLF',
    'a,b\r\n1,2\n3,4',
    [
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ],
  ],
  [
    'nothing is not an empty text',
    'a,b\n,""\n',
    [
      ['a', 'b'],
      [null, ''],
    ],
  ],
  [
    'quotes hold separators, quotes and line ends',
    'a,b\n"x, ""y""\r\nz",2\n',
    [
      ['a', 'b'],
      ['x, "y"\r\nz', '2'],
    ],
  ],
  [
    'semicolons, where the header has more of them',
    'a;b\n1,5;2\n',
    [
      ['a', 'b'],
      ['1,5', '2'],
    ],
  ],
  [
    'tabs',
    'a\tb\n1\t2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'empty lines are no records',
    '\n\na,b\n\n1,2\n\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['a quoted field at the very end', 'a\n"x"', [['a'], ['x']]],
  ['a quoted field before a lonely CR', 'a\n"x"\r', [['a'], ['x']]],
])('%s', (_, text, expected) => {
  expect(fieldsOf(text)).toEqual(expected);
});

describe('what is no CSV is named with its line, and reading goes on behind it:', () => {
  test.each<[string, string, number, RegExp]>([
    ['a quote in an unquoted field', 'a,b\n1,2\n3,4"\n5,6\n', 3, /a quote stands where none may be/],
    ['text behind a closing quote', 'a,b\n"1"x,2\n5,6\n', 2, /a quote stands where none may be/],
    ['a quote that is never closed', 'a,b\n1,2\n"3,4\n5,6\n', 3, /never closed/],
  ])('%s', (_, text, line, defect) => {
    const records = read(text);
    expect(records.find((record) => 'defect' in record)).toEqual({ line, defect: expect.stringMatching(defect) });
    expect(records.at(-1)).toMatchObject({ fields: ['5', '6'] });
  });

  test('lines are counted through quoted line ends', () => {
    expect(read('a\n"1\n2\n3"\nx"\n').map(({ line }) => line)).toEqual([1, 2, 5]);
  });
});

const field = fc.oneof(fc.constant(null), fc.stringMatching(/^[a",;\r\n 1]{0,6}$/));
const written = (value: CsvField) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`);

test('any table comes back, in whatever pieces it comes', () => {
  const table = fc.array(fc.tuple(field, field, field), { maxLength: 12 });
  fc.assert(
    fc.property(table, fc.array(fc.nat(9), { maxLength: 40 }), (rows, pieces) => {
      const text = ['x,y,z', ...rows.map((row) => row.map(written).join(','))].join('\r\n');
      const records = read(text, pieces);
      expect(records.map((record) => 'fields' in record && record.fields)).toEqual([['x', 'y', 'z'], ...rows]);
    }),
  );
});

test('any text is read to its end, the same in pieces as at once', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a",;\r\n]{0,40}$/), fc.array(fc.nat(7), { maxLength: 20 }), (text, pieces) => {
      const header = `h,i\n${text}`;
      expect(read(header, pieces)).toEqual(read(header));
    }),
    { numRuns: 1_000 },
  );
});
