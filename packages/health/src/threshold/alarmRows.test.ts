import { expect, it } from 'vitest';
import { alarmRows } from './alarmRows.ts';
import type { BarHabit } from './risingBar.ts';

const EACH: BarHabit = { restShare: 0, raise: 0, fadeShare: 1 };
const none = Number.NaN;

it.each<[string, number[], Partial<BarHabit>, number, number[]]>([
  ['nothing at the threshold itself', [1, 1, 1], EACH, 0, []],
  ['each row above it without a habit', [0, 2, 2, 0, 2], EACH, 0, [1, 2, 4]],
  ['one for an episode with a rest', [0, 0, 2, 2, 2, 2], { ...EACH, restShare: 1 }, 0, [2, 4]],
  ['none before the first row allowed', [2, 2, 2, 2], EACH, 2, [2, 3]],
  ['none for a score that is none', [none, none, 2], EACH, 0, [2]],
  ['only what is stranger right after an alarm', [0, 2, 2, 5], { ...EACH, raise: 3 }, 0, [1, 3]],
  ['the same again when the bar has come down', [0, 2, 0, 0, 0, 2], { ...EACH, raise: 3, fadeShare: 0.1 }, 0, [1, 5]],
])('raises %s', (_, scores, habit, fromRow, rows) => {
  expect(alarmRows(Float64Array.from(scores), 1, fromRow, habit)).toEqual(rows);
});

it('raises fewer alarms of a score that is always high, the longer it lasts', () => {
  const rows = alarmRows(new Float64Array(10_000).fill(1.5), 1, 100);
  expect(rows[0]).toBe(100);
  const gaps = rows.slice(1).map((row, i) => row - rows[i]);
  expect(gaps.at(-1)).toBeGreaterThan(10 * gaps[0]);
});
