import { expect, it } from 'vitest';
import { assignAxes, paddedRange, steadyRange } from './axes.ts';

it('gives each unit an axis, booleans one together, unitless tags one each, texts none', () => {
  const axes = assignAxes([
    { index: 4, unit: 'Cel', type: 'number' },
    { index: 1, unit: '', type: 'number' },
    { index: 2, unit: 'Cel', type: 'number' },
    { index: 3, unit: '', type: 'boolean' },
    { index: 5, unit: '', type: 'string' },
    { index: 6, unit: '', type: 'number' },
    { index: 7, unit: '', type: 'boolean' },
  ]);
  expect(axes.map(({ label, tags }) => [label, tags])).toEqual([
    ['Cel', [4, 2]],
    ['', [1]],
    ['on/off', [3, 7]],
    ['', [6]],
  ]);
  expect(new Set(axes.map(({ key }) => key)).size).toBe(4);
});

it.each([
  [0, 100, [-8, 108]],
  [20, 20, [19, 21]],
  [0, 0, [-1, 1]],
  [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, [0, 1]],
])('%d to %d is shown on an axis of %j', (low, high, expected) => {
  expect(paddedRange(low, high)).toEqual(expected);
});

it.each([
  ['stays while the data fills it', [0, 100], 10, 90, [0, 100]],
  ['grows when the data leaves it', [0, 100], 10, 110, [2, 118]],
  ['grows when the data touches its edge', [0, 100], 0, 90, [-7.2, 97.2]],
  ['shrinks when the data fills little of it', [0, 100], 10, 50, [6.8, 53.2]],
  ['stays around a flat line', [19, 21], 20.5, 20.5, [19, 21]],
] as const)('the range %s', (_, before, low, high, expected) => {
  expect(steadyRange(before, low, high)).toEqual(expected);
});
