import { expect, it } from 'vitest';
import type { Series } from '../serverApi/answers.ts';
import { formatSeries } from './seriesText.ts';

const LEVEL: Series = {
  path: 'works/tank/level',
  valueType: 'number',
  unit: '%',
  times: [1_769_860_800_000_000, 1_769_860_801_000_000],
  values: [7.5, null],
  statuses: [0, 0x800a0000],
  hasMore: false,
};
const STATE: Series = {
  ...LEVEL,
  path: 'works/pump/state',
  valueType: 'string',
  unit: '',
  values: ['on, "hot"', 'off'],
};
const RUNNING: Series = { ...LEVEL, path: 'works/pump/running', valueType: 'boolean', unit: '', values: [1, 0] };

it('writes a table whose numbers stand to the right', () => {
  expect(formatSeries([LEVEL], 'table').split('\n')).toEqual([
    'tag               time                         value  unit  status',
    'works/tank/level  2026-01-31T12:00:00.000000Z    7.5  %     Good',
    'works/tank/level  2026-01-31T12:00:01.000000Z         %     BadTimeout',
    '',
  ]);
});

it.each([
  [2704.300048828125, '2704.3'],
  [75.63099670410156, '75.631'],
  [0.1, '0.1'],
  [16_777_216, '16777216'],
  [-0.5, '-0.5'],
  [1 / 3, '0.3333333333333333'],
])('writes %d into a table as %s', (value, text) => {
  const table = formatSeries([{ ...LEVEL, values: [value, null] }], 'table');
  expect(table.split('\n')[1].split(/ +/)[2]).toBe(text);
});

it('writes CSV with quotes where a text needs them', () => {
  expect(formatSeries([STATE], 'csv').split('\r\n')).toEqual([
    'tag,time,value,unit,status',
    'works/pump/state,2026-01-31T12:00:00.000000Z,"on, ""hot""",,Good',
    'works/pump/state,2026-01-31T12:00:01.000000Z,off,,BadTimeout',
    '',
  ]);
});

it('writes JSON in which a boolean is one and a missing value is null', () => {
  const rows = JSON.parse(formatSeries([RUNNING, LEVEL], 'json'));
  expect(rows.map((row: { value: unknown }) => row.value)).toEqual([true, false, 7.5, null]);
  expect(rows[0]).toEqual({
    tag: 'works/pump/running',
    time: '2026-01-31T12:00:00.000000Z',
    value: true,
    unit: '',
    status: 'Good',
  });
});

it('says so where there is nothing', () => {
  expect(formatSeries([{ ...LEVEL, times: [], values: [], statuses: [] }], 'table')).toBe('no samples in this range\n');
});
