import { expect, it } from 'vitest';
import { LatestValues } from './latestValues.ts';

const rows = (...samples: (readonly [number, number, number | string | null])[]) => ({
  tags: samples.map(([tag]) => tag),
  times: samples.map(([, time]) => time),
  values: samples.map(([, , value]) => value),
  statuses: samples.map(() => 0),
});

it('holds the newest sample of each tag, however high its index', () => {
  const latest = new LatestValues();
  latest.take(rows([0, 10, 1], [50_000, 10, 'on'], [0, 20, 2], [0, 15, 1.5]));
  expect(latest.get(0)).toEqual({ time: 20, value: 2, status: 0 });
  expect(latest.get(50_000)).toEqual({ time: 10, value: 'on', status: 0 });
  expect(latest.get(1)).toBeUndefined();
  expect(latest.get(99_999_999)).toBeUndefined();
});

it('tells only those who listen to a tag that has changed, once, when it is time to', () => {
  const latest = new LatestValues();
  const told: string[] = [];
  const stop = latest.subscribe(1, () => told.push('one'));
  latest.subscribe(2, () => told.push('two'));
  latest.take(rows([1, 10, 1], [1, 11, 2], [3, 10, 3]));
  expect(told).toEqual([]);
  latest.tell();
  latest.tell();
  expect(told).toEqual(['one']);
  stop();
  latest.take(rows([1, 12, 3], [2, 12, 3]));
  latest.tell();
  expect(told).toEqual(['one', 'two']);
});
