import { describe, expect, it, test } from 'vitest';
import { IntervalPlan } from './intervalPlan.ts';

function planOf(start: number, end: number, interval: number, maxCount = 100): IntervalPlan {
  const plan = IntervalPlan.ofRange(start, end, interval, maxCount);
  if (!plan.ok) throw new Error(plan.fault.detail);
  return plan.value;
}

// biome-ignore format: a table of cases
describe('intervals', () => {
  test.each([
    ['that divide the range', 0, 30, 10, [0, 10, 20, 30], false, -1],
    ['with a rest at the end', 0, 25, 10, [0, 10, 20, 25], false, 2],
    ['backwards', 30, 0, 10, [0, 10, 20, 30], true, -1],
    ['backwards with a rest at the earlier end', 25, 0, 10, [0, 5, 15, 25], true, 0],
    ['of length 0 mean the whole', 0, 25, 0, [0, 25], false, -1],
    ['longer than the range mean the whole', 25, 0, 99, [0, 25], true, -1],
    ['before 1970', -20, -5, 10, [-20, -10, -5], false, 1],
  ] as const)('%s', (_name, start, end, interval, edges, isReversed, cut) => {
    const plan = planOf(start, end, interval);
    expect([...plan.edges]).toEqual(edges);
    expect([plan.isReversed, plan.cut, plan.count]).toEqual([isReversed, cut, edges.length - 1]);
  });
});

test.each([
  [5, 5, 10, 100],
  [0, 10, -1, 100],
  [0, 10, 0.5, 100],
  [0, Number.NaN, 1, 100],
  [0, 100, 1, 99],
])('from %d to %d every %d, at most %d, is refused', (start, end, interval, maxCount) => {
  const plan = IntervalPlan.ofRange(start, end, interval, maxCount);
  expect(plan.ok ? undefined : plan.fault.code).toBe('request.invalid');
});

it('knows the interval of a time in either direction', () => {
  expect([-1, 0, 9, 10, 20].map((time) => planOf(0, 20, 10).intervalAt(time))).toEqual([-1, 0, 0, 1, 2]);
  expect([0, 1, 10, 11, 20, 21].map((time) => planOf(20, 0, 10).intervalAt(time))).toEqual([-1, 0, 0, 1, 1, 2]);
});

it('puts the results in the order of the query', () => {
  expect([0, 1, 2].map((interval) => planOf(30, 0, 10).rowOf(interval))).toEqual([2, 1, 0]);
});
