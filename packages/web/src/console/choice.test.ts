import { expect, it } from 'vitest';
import { formatChoice, parseChoice } from './choice.ts';

it.each([
  ['', { tags: undefined, windowMs: 300_000 }],
  ['#tags=3,17&window=1h', { tags: [3, 17], windowMs: 3_600_000 }],
  ['#tags=&window=24h', { tags: [], windowMs: 86_400_000 }],
  ['#tags=3,x,-1,3,1e9&window=7h', { tags: [3], windowMs: 300_000 }],
  ['#tags=1,2,3,4,5,6,7,8,9', { tags: [1, 2, 3, 4, 5, 6, 7, 8], windowMs: 300_000 }],
])('the address %s means %j', (hash, expected) => {
  expect(parseChoice(hash)).toEqual(expected);
});

it('reads what it writes', () => {
  expect(parseChoice(formatChoice([5, 0], 60_000))).toEqual({ tags: [5, 0], windowMs: 60_000 });
});
