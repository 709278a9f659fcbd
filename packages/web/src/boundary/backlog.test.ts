import { expect, it } from 'vitest';
import { BacklogTrend, backlogOf, formatPosition } from './backlog.ts';
import { stream } from './testbed/boundaryStream.ts';

const KEY = 'station-1/operational';

it('tells what waits, and what of it is of an outage', () => {
  expect(backlogOf(stream({}, 70))).toEqual({ blocks: 1, samples: 70, bytes: 9, fromBefore: 0, oldest: null });
  expect(backlogOf(stream({ pending: 90 }, 70))).toMatchObject({ samples: 90, fromBefore: 90 });
  expect(backlogOf(stream({ heartbeat: null }))).toBeUndefined();
});

it('names a block by the moment at which its run began, where that is a time', () => {
  const began = new Date(2026, 0, 31, 14, 0, 44).getTime();
  expect(formatPosition({ epoch: began * 1_000, sequence: 17 }, began + 60_000)).toBe(
    'block 17 of the run of 14:00:44',
  );
  expect(formatPosition({ epoch: 3, sequence: 0 }, began)).toBe('block 0 of run 3');
});

/** Boundaries a second apart, with so many samples that wait in each. */
function trendOf(...waiting: readonly number[]): BacklogTrend {
  const trend = new BacklogTrend();
  for (const [second, samples] of waiting.entries()) {
    trend.take({ at: second * 1_000_000, streams: [stream({}, samples)] });
  }
  return trend;
}

it.each<[string, readonly number[], number | undefined]>([
  ['one word only', [9_000], undefined],
  ['it becomes less', [10_000, 8_000, 6_000], 3_000],
  ['it becomes more', [6_000, 8_000], undefined],
  ['it stands', [6_000, 6_000], undefined],
  ['a lane that breathes', [12, 3], undefined],
  ['the pace of long ago is forgotten', [1_000_000, ...Array<number>(20).fill(900_000), 880_000], 880_000],
])('a backlog drains: %s', (_what, waiting, expected) => {
  const ms = trendOf(...waiting).drainedInMs(KEY);
  if (expected === undefined) expect(ms).toBeUndefined();
  else expect(ms).toBeCloseTo(expected);
});
