import { expect, it } from 'vitest';
import { frontierOf, kneeOf } from './knee.ts';

const at = (stored: number, maxError: number) => ({ stored, maxError });

it('the knee is where size stops to fall fast', () => {
  const results = [at(1000, 0), at(90, 1), at(60, 2), at(40, 5), at(30, 10)];
  expect(kneeOf(results, 1000)).toBe(results[1]);
  expect(kneeOf(results.toReversed(), 1000)).toBe(results[1]);
});

it('the knee is where the greatest error begins to buy nothing', () => {
  const results = [at(1000, 0), at(600, 1), at(10, 2), at(10, 3), at(700, 3)];
  expect(kneeOf(results, 1000)).toBe(results[2]);
});

it('what another beats in both is not on the frontier', () => {
  const [best, worse, finest] = [at(50, 1), at(60, 1), at(100, 0)];
  expect(frontierOf([worse, best, at(50, 2), finest])).toEqual([finest, best]);
});

it.each([
  ['there is nothing', []],
  ['everything is kept', [at(10, 0), at(10, 0)]],
  ['size falls only as error grows', [at(10, 0), at(5, 5), at(0, 10)]],
])('where %s there is no knee', (_, results) => {
  expect(kneeOf(results, 10)).toBeUndefined();
});
