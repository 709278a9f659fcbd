import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadTable, parseTable } from './table.ts';

const schema = z.strictObject({
  path: z.string(),
  scan: z.enum(['fast', 'slow']),
  minInterval: z.string().optional(),
  description: z.string().default(''),
});

const VALID =
  'path,scan,min_interval,description\na/b,fast,1s,first\n# a comment\n\na/c,slow,,"second, with ""quotes"""\n';
const ROWS = [
  { path: 'a/b', scan: 'fast', minInterval: '1s', description: 'first' },
  { path: 'a/c', scan: 'slow', description: 'second, with "quotes"' },
];

describe('a table', () => {
  it.each([
    ['commas', VALID],
    ['semicolons', 'path;scan;min_interval;description\na/b;fast;1s;first\na/c;slow;;"second, with ""quotes"""\n'],
    ['tabs', 'path\tscan\tmin_interval\tdescription\na/b\tfast\t1s\tfirst\na/c\tslow\t\t"second, with ""quotes"""\n'],
    [
      'another order, other letter case, spaces',
      'Scan, Description ,PATH,Min Interval\nfast,first,a/b,1s\nslow,"second, with ""quotes""",a/c,\n',
    ],
    ['rows of empty fields, as spreadsheets leave them', `${VALID},,,\n,,,\n`],
    ['no line feed at the end', VALID.trimEnd()],
    ['an empty last column', VALID.replace('description\n', 'description,\n').replace('first\n', 'first,\n')],
  ])('is read with %s', (_, text) => {
    const { rows, defects } = parseTable('t.csv', text, schema);
    expect(defects).toEqual([]);
    expect(rows.map((row) => row.value)).toEqual(ROWS);
  });

  it.each([
    [
      'a missing column',
      VALID.replace('scan', 'scna'),
      ['1:1 the column "scan" is missing | undefined', '1:6 unknown column "scna" | did you mean "scan"?'],
    ],
    [
      'a column twice',
      'path,scan,path\na/b,fast,a/c\n',
      ['1:11 the column "path" stands twice | remove one of the two'],
    ],
    ['a misspelt value', VALID.replace('slow', 'solw'), ['5:5 "scan" cannot be "solw" | did you mean "slow"?']],
    ['an absent value', VALID.replace('a/b', ''), ['2:1 "path" is missing | undefined']],
    [
      'too many fields',
      VALID.replace('first', 'first, and more'),
      ['2:19 the row has 5 fields, the header 4 | put a field that holds the separator between double quotes'],
    ],
    [
      'a stray quote',
      VALID.replace('first', 'fi"rst').replace('slow', 'solw'),
      ['2:15 a quote stands where none may be', '5:5 "scan" cannot be "solw" | did you mean "slow"?'],
    ],
    [
      'a quote never closed',
      VALID.replace('first', '"first').replaceAll('""', '').replace('d, with quotes"', 'd').replace('"s', 's'),
      ['2:13 a quote that opens here is never closed'],
    ],
    ['nothing', '', ['1:1 the table is empty | the first row names the columns: path, scan, minInterval, description']],
    [
      'a value behind a field of two lines',
      'path,description,scan\na/b,"two\nlines",fats\n',
      ['3:8 "scan" cannot be "fats" | did you mean "fast"?'],
    ],
    [
      'two wrong rows',
      'path,scan\na/b,f\na/c,g\n',
      ['2:5 "scan" cannot be "f" | one of: fast, slow', '3:5 "scan" cannot be "g" | one of: fast, slow'],
    ],
  ])('names the place of %s', (_, text, expected) => {
    const { defects } = parseTable('t.csv', text, schema);
    const found = defects.toSorted((a, b) => a.line - b.line || a.column - b.column);
    expect(found).toHaveLength(expected.length);
    for (const [index, { line, column, message, hint }] of found.entries()) {
      expect(`${line}:${column} ${message} | ${hint}`).toContain(expected[index]);
    }
  });

  it('keeps the good rows beside the defects, each with its place', () => {
    const { rows, defects } = parseTable('t.csv', VALID.replace('fast', 'fats'), schema);
    expect(defects).toHaveLength(1);
    expect(rows.map((row) => [row.value.path, row.place('scan'), row.place('path')])).toEqual([
      ['a/c', { line: 5, column: 5 }, { line: 5, column: 1 }],
    ]);
  });

  it('that does not exist is a defect', async () => {
    const { defects } = await loadTable('/nowhere/t.csv', schema);
    expect(defects).toMatchObject([{ code: 'config.unreadable', file: '/nowhere/t.csv', line: 1 }]);
  });

  it('never throws, whatever is done to a valid one, and accounts for every row', () => {
    const unit = fc.oneof(fc.constantFrom(...',;\t"#\n '), fc.string({ minLength: 1, maxLength: 1 }));
    const edit = fc.record({ at: fc.nat(VALID.length), drop: fc.nat(9), insert: fc.string({ maxLength: 6, unit }) });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 4 }), (edits) => {
        let text = VALID;
        for (const { at, drop, insert } of edits) text = text.slice(0, at) + insert + text.slice(at + drop);
        const { rows, defects } = parseTable('t.csv', text, schema);
        const lines = text.split('\n');
        const places = [...defects, ...rows.map((row) => row.place('scan'))];
        for (const { line, column } of places) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
