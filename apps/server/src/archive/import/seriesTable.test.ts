import { describe, expect, test } from 'vitest';
import type { Cell, ImportSource } from './importSource.ts';
import { type SeriesDefaults, SeriesTable } from './seriesTable.ts';

function tableOf(columns: readonly string[], defaults: SeriesDefaults = {}, hasDecimalCommas = false): SeriesTable {
  const source = { columns, hasDecimalCommas } as ImportSource;
  return new SeriesTable(source, defaults);
}

/** The value and status of each row, or what is wrong with it. */
function readAll(table: SeriesTable, rows: readonly (readonly Cell[])[]) {
  return rows.map((row) => table.read(row) ?? [table.sample.time, table.sample.value, table.sample.status]);
}

const T = '2026-01-31T12:00:00Z';
const US = Date.parse(T) * 1_000;

test.each<[string, Cell, number]>([
  ['UTC', '2026-01-31T12:00:00Z', US],
  ['an offset', '2026-01-31T13:00:00.000001+01:00', US + 1],
  ['microseconds', String(US), US],
  ['microseconds as a number', US, US],
  ['before 1970', '-5', -5],
])('a time with %s', (_, cell, expected) => {
  expect(readAll(tableOf(['time', 'value'], { path: 'a/b' }), [[cell, '1']])).toEqual([[expected, 1, 0]]);
});

test.each<[Cell, number]>([
  [null, 0],
  ['', 0],
  ['Good', 0],
  ['BadTimeout', 0x800a0000],
  ['0x80340480', 0x80340480],
  ['4294967295', 0xffffffff],
  [2147483648, 0x80000000],
])('a status of %j', (cell, expected) => {
  expect(readAll(tableOf(['time', 'value', 'status'], { path: 'a/b' }), [[T, '1', cell]])).toEqual([[US, 1, expected]]);
});

test.each<[string, readonly Cell[], readonly unknown[], string]>([
  [
    'numbers',
    ['1', '-1.5e3', 'NaN', '-Infinity', null],
    [1, -1500, Number.NaN, Number.NEGATIVE_INFINITY, null],
    'number',
  ],
  ['booleans', ['true', 'FALSE', '1', null], [1, 0, 1, null], 'boolean'],
  ['texts', ['on', '12', 'true', ''], ['on', '12', 'true', ''], 'string'],
  ['nothing', [null, null], [null, null], 'number'],
])('the first value says that they are %s', (_, cells, expected, type) => {
  const table = tableOf(['time', 'value'], { path: 'a/b' });
  const values = readAll(
    table,
    cells.map((cell) => [T, cell]),
  ).map((sample) => sample[1]);
  expect(values).toEqual(expected);
  expect(table.series).toMatchObject([{ path: 'a/b', type, samples: cells.length }]);
});

test('with a column for texts, a value is a number and a text is a text', () => {
  const table = tableOf(['tag', 'path', 'time', 'value', 'text', 'status']);
  const rows = [
    ['0', 'p/n', T, '1', null, '0'],
    ['1', 'p/s', T, null, '2', '0'],
    ['1', 'p/s', T, null, '', '0'],
    ['1', 'p/s', T, null, null, '2147483648'],
    ['1', 'p/s', T, '3', null, '0'],
    ['0', 'p/n', T, null, 'x', '0'],
    ['0', 'p/n', T, '1', 'x', '0'],
  ];
  expect(readAll(table, rows)).toEqual([
    [US, 1, 0],
    [US, '2', 0],
    [US, '', 0],
    [US, null, 0x80000000],
    '"3" stands among texts: put it into the column text',
    '"x" is a text, and p/n has values of the type number',
    'a value and a text stand in one row',
  ]);
});

describe('what is wrong is said:', () => {
  test.each<[string, Cell[], RegExp]>([
    ['no time', [null, '1', null, 'a/b'], /^nothing is no time/],
    ['a time without an offset', ['2026-01-31T12:00:00', '1', null, 'a/b'], /is no time/],
    ['a time with a fraction of a µs', ['1.5', '1', null, 'a/b'], /is no time/],
    ['an unknown status', [T, '1', 'Godo', 'a/b'], /"Godo" is no OPC UA status/],
    ['a status of 33 bits', [T, '1', '4294967296', 'a/b'], /is no OPC UA status/],
    ['a path of one segment', [T, '1', null, 'a'], /the path "a" needs at least two segments/],
    ['no path', [T, '1', null, null], /the path "" needs/],
  ])('%s', (_, row, defect) => {
    expect(tableOf(['time', 'value', 'status', 'path']).read(row)).toMatch(defect);
  });

  test('a number among numbers that is none', () => {
    const [, defect] = readAll(tableOf(['time', 'value'], { path: 'a/b' }), [
      [T, '1'],
      [T, '1.2.3'],
    ]);
    expect(defect).toBe('"1.2.3" is no number');
  });

  test('a unit or a type that changes', () => {
    const table = tableOf(['time', 'value', 'path', 'unit', 'type']);
    const rows = [
      [T, '1', 'a/b', 'Cel', 'number'],
      [T, '1', 'a/b', 'K', null],
      [T, '1', 'a/b', null, 'string'],
      [T, '1', 'a/c', null, 'float'],
    ];
    expect(readAll(table, rows).slice(1)).toEqual([
      'the unit of a/b was Cel before',
      'the type of a/b was number before',
      '"float" is no type: write number, boolean or string',
    ]);
  });

  test.each<[readonly string[], SeriesDefaults, RegExp | undefined]>([
    [['zeit', 'wert'], { path: 'a/b' }, /must name the columns/],
    [['time', 'value'], {}, /--tag/],
    [['Time', ' VALUE '], { path: 'a/b' }, undefined],
    [['tag', 'time', 'text'], {}, undefined],
    [['path', 'timestamp', 'value', 'quality'], {}, undefined],
  ])('columns %j', (columns, defaults, defect) => {
    const { defect: found } = tableOf(columns, defaults);
    if (defect) expect(found).toMatch(defect);
    else expect(found).toBeUndefined();
  });
});

test('decimal commas stand in tables with semicolons only', () => {
  expect(
    readAll(tableOf(['time', 'value'], { path: 'a/b' }, true), [
      [T, '1,5'],
      [T, ',5'],
    ]),
  ).toEqual([
    [US, 1.5, 0],
    [US, 0.5, 0],
  ]);
  expect(readAll(tableOf(['time', 'value'], { path: 'a/b', type: 'number' }), [[T, '1,5']])).toEqual([
    '"1,5" is no number',
  ]);
});

test.each<[string, readonly Cell[], 'number' | 'boolean' | 'string', string | undefined]>([
  ['0 and 1 can be booleans', ['0', '1', null], 'boolean', undefined],
  ['numbers can be texts', ['12', '13'], 'string', undefined],
  ['other numbers cannot be booleans', ['2'], 'boolean', 'a/b is a tag of the type boolean, and these are of number'],
  ['texts cannot be numbers', ['on'], 'number', 'a/b is a tag of the type number, and these are of string'],
  ['no value can be anything', [null], 'string', undefined],
])('of a tag that is there: %s', (_, cells, type, expected) => {
  const table = tableOf(['time', 'value'], { path: 'a/b' });
  readAll(
    table,
    cells.map((cell) => [T, cell]),
  );
  expect(table.adopt('a/b', type)).toBe(expected);
  if (expected === undefined) expect(table.series[0].type).toBe(type);
});

test('what a later row states holds, too', () => {
  const table = tableOf(['time', 'value', 'type', 'unit', 'stepped'], { path: 'a/b' });
  const rows = [
    [T, null, null, null, null],
    [T, null, 'boolean', 'Cel', 'true'],
    [T, '1', null, null, null],
    [T, '2', null, null, null],
    [T, '1', null, null, 'maybe'],
  ];
  expect(readAll(table, rows).slice(2)).toEqual([
    [US, 1, 0],
    '"2" is not true or false, as a/b is',
    '"maybe" does not say whether values hold: write true or false',
  ]);
  expect(table.series).toEqual([
    { path: 'a/b', type: 'boolean', unit: 'Cel', stepped: true, samples: 3, description: '' },
  ]);
  expect(table.adopt('a/b', 'number')).toBeDefined();
});

test('columns of which nothing is made are named', () => {
  expect(tableOf(['time', 'value', 'staus', ''], { path: 'a/b' }).ignored).toEqual(['staus']);
});
