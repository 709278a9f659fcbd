import { expect, it } from 'vitest';
import { LevelHistory } from './levelHistory.ts';

it('keeps all levels in bounded memory: points become means of more and more of them', () => {
  const history = new LevelHistory();
  const size = history.memory.length;
  for (let day = 0; day < 1_000; day++) history.push(day, 2 * day);
  expect(history.memory.length).toBe(size);
  let weight = 0;
  let sum = 0;
  for (let point = 0; point < history.count; point++) {
    weight += history.weight(point);
    sum += history.weight(point) * history.level(point);
    expect(history.level(point)).toBeCloseTo(2 * history.time(point), 6);
    if (point > 0) expect(history.time(point)).toBeGreaterThan(history.time(point - 1));
  }
  expect(weight).toBe(1_000);
  expect(sum / weight).toBeCloseTo(999, 6);
});

it('forgets what lies before a point', () => {
  const history = new LevelHistory();
  for (let day = 0; day < 10; day++) history.push(day, day);
  history.forgetBefore(7);
  expect(history.count).toBe(3);
  expect([0, 1, 2].map((point) => history.level(point))).toEqual([7, 8, 9]);
});
