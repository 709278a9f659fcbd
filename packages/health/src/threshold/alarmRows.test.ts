import { expect, it } from 'vitest';
import { alarmRows } from './alarmRows.ts';

it.each<[string, number[], number, number, number[]]>([
  ['nothing at the threshold itself', [1, 1, 1], 0, 0, []],
  ['each row above it without a rest', [0, 2, 2, 0, 2], 0, 0, [1, 2, 4]],
  ['one for an episode with a rest', [0, 0, 2, 2, 2, 2], 1, 0, [2, 4]],
  ['none before the first row allowed', [2, 2, 2, 2], 0, 2, [2, 3]],
  ['none for a score that is none', [Number.NaN, Number.NaN, 2], 0, 0, [2]],
])('raises %s', (_, scores, restShare, fromRow, rows) => {
  expect(alarmRows(Float64Array.from(scores), 1, restShare, fromRow)).toEqual(rows);
});
