import { expect, it } from 'vitest';
import { matchSpans } from './matchSpans.ts';

type Span = readonly [start: number, end: number | undefined];

const CASES: [string, Record<string, Span>, Span[], (string | undefined)[], string[]][] = [
  [
    'nothing has changed',
    { a: [0, 10], b: [20, 30] },
    [
      [0, 10],
      [20, 30],
    ],
    ['a', 'b'],
    [],
  ],
  ['late data moved the start', { a: [5, 10] }, [[3, 10]], ['a'], []],
  ['one that went on has ended', { a: [5, undefined] }, [[5, 12]], ['a'], []],
  [
    'late data found one more',
    { a: [0, 10], c: [40, 50] },
    [
      [0, 10],
      [20, 30],
      [40, 50],
    ],
    ['a', undefined, 'c'],
    [],
  ],
  [
    'late data split one',
    { a: [0, 100] },
    [
      [0, 20],
      [30, 100],
    ],
    [undefined, 'a'],
    [],
  ],
  ['late data joined two', { a: [0, 20], b: [30, 100] }, [[0, 100]], ['b'], ['a']],
  ['late data took one away', { a: [0, 20], b: [30, 100] }, [[30, 100]], ['b'], ['a']],
  ['another time altogether', { a: [0, 20] }, [[50, 60]], [undefined], ['a']],
];

it.each(CASES)('%s', (_what, known, derived, ids, gone) => {
  const asSpan = ([start, end]: Span) => ({ start, end, uncertain: false });
  const before = Object.entries(known).map(([id, span]) => ({ id, ...asSpan(span) }));
  const match = matchSpans(before, derived.map(asSpan));
  expect(match.ids).toEqual(ids);
  expect(match.gone.map(({ id }) => id)).toEqual(gone);
});
