import { readFileSync } from 'node:fs';
import { perLane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { describe, expect, it } from 'vitest';
import { Conditioner } from './conditioner.ts';
import type { TagRule } from './tagRule.ts';
import { blockOf, RecordingLane, type Row } from './testbed/recordingLane.ts';

const { Good, BadTimeout, BadOutOfService, Uncertain } = STATUS;

type Rule = Omit<TagRule, 'number' | 'lane'>;

function conditionerOf(rule: Rule) {
  const lanes = perLane(() => new RecordingLane());
  const conditioner = new Conditioner([{ number: 0, lane: 'analytical', ...rule }], lanes);
  return { conditioner, lane: lanes.analytical };
}

/** A series of one tag, one sample to a batch; the ledger balances after each. */
function condition(rule: Rule, series: readonly (readonly [timeMs: number, value: Row[2], status?: number])[]) {
  const { conditioner, lane } = conditionerOf(rule);
  for (const [timeMs, value, status = Good] of series) {
    conditioner.write(blockOf([[0, timeMs, value, status]]));
    const { read, suppressed, compressed, refused } = lane.counts;
    expect(read).toBe(suppressed + compressed + refused + lane.rows.length);
  }
  return { conditioner, lane };
}

const timesOf = (lane: RecordingLane) => lane.rows.map(([, timeMs]) => timeMs);

interface Vector {
  readonly id: string;
  readonly algorithm: 'swingingDoor' | 'exceptionDeadband';
  readonly compDev?: number;
  readonly compMax?: number | null;
  readonly excDev?: number;
  readonly raw: readonly (readonly [number, number])[];
  readonly expected: readonly (readonly [number, number])[];
  readonly flag: string;
}

describe('the vectors', () => {
  const file = readFileSync(new URL('vectors/compression.json', import.meta.url), 'utf8');
  const { cases }: { cases: readonly Vector[] } = JSON.parse(file);

  it.each(cases.filter(({ flag }) => flag === ''))('$id', ({ algorithm, compDev, compMax, excDev, raw, expected }) => {
    const rule: Rule =
      algorithm === 'swingingDoor'
        ? { compression: { deviation: compDev!, maxIntervalMs: compMax ?? undefined } }
        : { exception: { deviation: excDev! } };
    const end = raw[raw.length - 1][0] + 1;
    const { lane } = condition(rule, [...raw, [end, null, BadOutOfService]]);
    const kept = lane.rows.slice(0, -1).map(([, x, y]) => [x, y]);
    expect(kept).toEqual(expected);
  });
});

describe('the swinging door', () => {
  const within1: Rule = { compression: { deviation: 1 } };
  const ramp = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at): [number, number] => [from + at, 2 * (from + at)]);

  it.each<[string, Rule, Parameters<typeof condition>[1], number[]]>([
    ['leaves out what lies on a line, and holds the newest back', within1, ramp(0, 50), [0]],
    ['keeps the one before a bend', within1, [...ramp(0, 50), [50, 0]], [0, 49]],
    ['keeps a change of status, and the one before it', within1, [...ramp(0, 50), [50, 100, Uncertain]], [0, 49, 50]],
    ['keeps a missing value, and the one before it', within1, [...ramp(0, 50), [50, null, BadTimeout]], [0, 49, 50]],
    ['keeps a text, and the one before it', within1, [...ramp(0, 50), [50, 'off']], [0, 49, 50]],
    [
      'keeps not-a-number, and the ones beside it',
      within1,
      [...ramp(0, 9), [9, Number.NaN], ...ramp(10, 20)],
      [0, 8, 9, 10],
    ],
    [
      'keeps an infinity, and the ones beside it',
      within1,
      [...ramp(0, 9), [9, Infinity], ...ramp(10, 20)],
      [0, 8, 9, 10],
    ],
    ['keeps what is late, and what it held back', within1, [...ramp(0, 50), [20, 7]], [0, 20, 49]],
    [
      'goes on holding where what is late lies before its line',
      within1,
      [
        [5, 1],
        [6, 2],
        [7, 3],
        [1, 9],
      ],
      [5, 1],
    ],
    [
      'keeps two of the same time',
      within1,
      [
        [5, 1],
        [5, 9],
        [6, 9],
      ],
      [5, 5],
    ],
    ['does nothing to a stepped tag', { ...within1, stepped: true }, ramp(0, 4), [0, 1, 2, 3]],
    [
      'keeps one after the maximum interval',
      { compression: { deviation: 1, maxIntervalMs: 10 } },
      ramp(0, 25),
      [0, 10, 20],
    ],
    [
      'keeps one after the maximum interval that report by exception would suppress',
      { exception: { deviation: 0, maxIntervalMs: 1000 }, compression: { deviation: 1, maxIntervalMs: 10 } },
      ramp(0, 25).map(([time]) => [time, 7]),
      [0, 10, 20],
    ],
    [
      'leaves out what comes within the minimum interval, wherever it lies',
      { compression: { deviation: 0.1, minIntervalMs: 4 } },
      [
        [0, 0],
        [1, 99],
        [2, -99],
        [3, 50],
        [4, 0],
        [5, 0],
        [6, 5],
        [7, 5],
      ],
      [0, 5],
    ],
  ])('%s', (_, rule, series, expected) => {
    const { lane } = condition(rule, series);
    expect(timesOf(lane)).toEqual(expected);
    expect(lane.counts.compressed + lane.counts.suppressed).toBe(series.length - expected.length);
  });

  it('tells what it left out from what report by exception suppressed', () => {
    const rule: Rule = { exception: { deviation: 0.5 }, compression: { deviation: 1 } };
    const { lane } = condition(rule, [
      [0, 0],
      [1, 0.2],
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 3.1],
    ]);
    // 0.2 and 3.1 are near the one before; 0.2 was passed on after all, as the end of the time in which nothing changed.
    expect(lane.counts).toEqual({ read: 6, notGood: 0, suppressed: 1, compressed: 4, refused: 0, forbidden: 0 });
  });
});

describe('a sample that is held back', () => {
  const rule: Rule = { compression: { deviation: 1, maxIntervalMs: 60_000 } };

  it('is kept when no other has come for the maximum interval, whatever the clock of its device says', () => {
    const { conditioner, lane } = conditionerOf(rule);
    conditioner.releaseOverdue(5_000_000);
    conditioner.write(
      blockOf([
        [0, 1e9, 1],
        [0, 1e9 + 1, 1.5],
      ]),
    );
    conditioner.releaseOverdue(5_059_999);
    expect(timesOf(lane)).toEqual([1e9]);
    conditioner.releaseOverdue(5_060_000);
    conditioner.releaseOverdue(5_061_000);
    expect(timesOf(lane)).toEqual([1e9, 1e9 + 1]);
    expect(lane.counts).toEqual({ read: 2, notGood: 0, suppressed: 0, compressed: 0, refused: 0, forbidden: 0 });
  });

  it('is kept when nothing more will come', () => {
    const { conditioner, lane } = condition(rule, [
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(lane.counts.compressed).toBe(2);
    conditioner.release();
    conditioner.release();
    expect(timesOf(lane)).toEqual([0, 2]);
    expect(lane.counts.compressed).toBe(1);
  });
});
