import { perLane } from '@tidegate/core/sample/lane.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { STATUS, type StatusCode, severityOf } from '@tidegate/core/sample/statusCode.ts';
import { describe, expect, it } from 'vitest';
import { Conditioner } from './conditioner.ts';
import type { TagRule } from './tagRule.ts';
import { blockOf, RecordingLane, type Row } from './testbed/recordingLane.ts';

const { Good, BadTimeout, Uncertain, UncertainEngineeringUnitsExceeded: Exceeded } = STATUS;

function condition(rule: Omit<TagRule, 'number' | 'lane'>, rows: readonly Row[]): RecordingLane {
  const lanes = perLane(() => new RecordingLane());
  const conditioner = new Conditioner([{ number: 1, lane: 'operational', ...rule }], lanes);
  for (const row of rows) conditioner.write(blockOf([row]));
  return lanes.operational;
}

describe('scaling and range', () => {
  it.each<[string, Omit<TagRule, 'number' | 'lane'>, SampleValue, number, SampleValue, number]>([
    ['passes a number without a rule', {}, 5, Good, 5, Good],
    ['scales a number', { scale: 0.5, offset: -10 }, 100, Good, 40, Good],
    ['leaves a text alone', { scale: 2, low: 0, high: 1 }, 'open', Good, 'open', Good],
    ['leaves a missing value alone', { scale: 2, low: 0, high: 1 }, null, BadTimeout, null, BadTimeout],
    ['checks the range after scaling', { scale: 2, high: 10 }, 6, Good, 12, Exceeded],
    ['takes both ends as inside: low', { low: 0, high: 10 }, 0, Good, 0, Good],
    ['takes both ends as inside: high', { low: 0, high: 10 }, 10, Good, 10, Good],
    ['finds a value below', { low: 0 }, -0.1, Good, -0.1, Exceeded],
    ['finds an infinity', { low: 0, high: 10 }, Infinity, Good, Infinity, Exceeded],
    ['finds not-a-number in no range', { low: 0, high: 10 }, Number.NaN, Good, Number.NaN, Exceeded],
    ['passes not-a-number without a range', { scale: 2 }, Number.NaN, Good, Number.NaN, Good],
    ['keeps a bad status', { low: 0, high: 10 }, 99, BadTimeout, 99, BadTimeout],
    ['keeps an uncertain status', { low: 0, high: 10 }, 99, Uncertain, 99, Uncertain],
  ])('%s', (_, rule, value, status, expectedValue, expectedStatus) => {
    const lane = condition(rule, [[1, 7, value, status]]);
    expect(lane.rows).toEqual([[1, 7, expectedValue, expectedStatus]]);
    expect(lane.counts).toEqual({
      read: 1,
      notGood: severityOf(expectedStatus as StatusCode) === 'good' ? 0 : 1,
      suppressed: 0,
      compressed: 0,
      refused: 0,
      forbidden: 0,
    });
  });
});

describe('report by exception', () => {
  const deviation1 = { deviation: 1 };
  it.each<[string, NonNullable<TagRule['exception']>, Row[], number[]]>([
    ['keeps the first', deviation1, [[1, 0, 5]], [0]],
    [
      'suppresses what lies within the deviation',
      deviation1,
      [
        [1, 0, 5],
        [1, 1, 6],
        [1, 2, 4],
      ],
      [0],
    ],
    [
      'measures from the last kept, not from the last read',
      deviation1,
      [
        [1, 0, 5],
        [1, 1, 5.6],
        [1, 2, 6.2],
      ],
      [0, 1, 2],
    ],
    [
      'keeps the last suppressed before a change',
      deviation1,
      [
        [1, 0, 5],
        [1, 1, 5],
        [1, 2, 5],
        [1, 3, 9],
      ],
      [0, 2, 3],
    ],
    [
      'keeps a change without more where nothing was suppressed',
      deviation1,
      [
        [1, 0, 5],
        [1, 1, 9],
      ],
      [0, 1],
    ],
    [
      'keeps every change where the deviation is 0',
      { deviation: 0 },
      [
        [1, 0, 5],
        [1, 1, 5],
        [1, 2, 5.1],
      ],
      [0, 1, 2],
    ],
    [
      'keeps a change of status',
      deviation1,
      [
        [1, 0, 5],
        [1, 1, 5, BadTimeout],
        [1, 2, 5],
      ],
      [0, 1, 2],
    ],
    [
      'keeps a change of kind',
      deviation1,
      [
        [1, 0, 5],
        [1, 1, null],
        [1, 2, '5'],
        [1, 3, 5],
      ],
      [0, 1, 2, 3],
    ],
    [
      'keeps a change of text',
      deviation1,
      [
        [1, 0, 'a'],
        [1, 1, 'a'],
        [1, 2, 'b'],
      ],
      [0, 2],
    ],
    [
      'suppresses a text that stays',
      deviation1,
      [
        [1, 0, 'a'],
        [1, 1, 'a'],
        [1, 2, 'a'],
      ],
      [0],
    ],
    [
      'suppresses a status that stays',
      deviation1,
      [
        [1, 0, null, BadTimeout],
        [1, 1, null, BadTimeout],
      ],
      [0],
    ],
    [
      'takes not-a-number as equal to itself',
      deviation1,
      [
        [1, 0, Number.NaN],
        [1, 1, Number.NaN],
      ],
      [0],
    ],
    [
      'takes not-a-number as a change',
      deviation1,
      [
        [1, 0, 5],
        [1, 1, Number.NaN],
        [1, 2, 5],
      ],
      [0, 1, 2],
    ],
    [
      'takes an infinity as equal to itself',
      deviation1,
      [
        [1, 0, Infinity],
        [1, 1, Infinity],
      ],
      [0],
    ],
    [
      'takes an infinity as a change',
      { deviation: 1e300 },
      [
        [1, 0, 5],
        [1, 1, -Infinity],
        [1, 2, Infinity],
      ],
      [0, 1, 2],
    ],
    [
      'keeps one after the maximum interval',
      { deviation: 1, maxIntervalMs: 10 },
      [
        [1, 0, 5],
        [1, 9, 5],
        [1, 10, 5],
      ],
      [0, 10],
    ],
    [
      'holds numbers back for the minimum interval',
      { deviation: 1, minIntervalMs: 10 },
      [
        [1, 0, 5],
        [1, 9, 50],
        [1, 10, 90],
      ],
      [0, 9, 10],
    ],
    [
      'does not hold back a status',
      { deviation: 1, minIntervalMs: 10 },
      [
        [1, 0, 5],
        [1, 1, 5, BadTimeout],
      ],
      [0, 1],
    ],
    [
      'does not hold back a text',
      { deviation: 1, minIntervalMs: 10 },
      [
        [1, 0, 'a'],
        [1, 1, 'b'],
      ],
      [0, 1],
    ],
    [
      'keeps what is late, whatever it says',
      deviation1,
      [
        [1, 100, 5],
        [1, 50, 5],
        [1, 60, 9],
      ],
      [100, 50, 60],
    ],
    [
      'holds nothing back that is late',
      { deviation: 1, minIntervalMs: 10, maxIntervalMs: 20 },
      [
        [1, 100, 5],
        [1, 95, 9],
        [1, 70, 5],
      ],
      [100, 95, 70],
    ],
    [
      'compares nothing with what is late',
      deviation1,
      [
        [1, 100, 5],
        [1, 50, 9],
        [1, 110, 9],
        [1, 120, 9],
      ],
      [100, 50, 110],
    ],
    [
      'keeps what was suppressed behind what is late, and goes on from there',
      deviation1,
      [
        [1, 100, 5],
        [1, 200, 5.8],
        [1, 150, 9],
        [1, 210, 6.5],
        [1, 220, 7],
      ],
      [100, 150, 200, 210, 220],
    ],
    [
      'keeps what was suppressed behind what is late, of a text too',
      { deviation: 0 },
      [
        [1, 100, 'a'],
        [1, 200, 'a'],
        [1, 150, 'b'],
        [1, 300, 'a'],
      ],
      [100, 150, 200],
    ],
    [
      'leaves suppressed what lies behind the last one kept, where what is late lies before it',
      deviation1,
      [
        [1, 100, 5],
        [1, 200, 5],
        [1, 50, 9],
        [1, 300, 5],
      ],
      [100, 50],
    ],
  ])('%s', (_, exception, rows, expectedTimes) => {
    const lane = condition({ exception }, rows);
    expect(lane.rows.map(([, timeMs]) => timeMs)).toEqual(expectedTimes);
    expect(lane.counts.suppressed).toBe(rows.length - expectedTimes.length);
    expect(lane.counts.read).toBe(rows.length);
  });

  it('brings the suppressed sample back as it was', () => {
    const lane = condition({ scale: 10, exception: deviation1 }, [
      [1, 0, 5],
      [1, 1, 5.05],
      [1, 2, 9, BadTimeout],
    ]);
    expect(lane.rows).toEqual([
      [1, 0, 50, Good],
      [1, 1, 50.5, Good],
      [1, 2, 90, BadTimeout],
    ]);
  });
});

describe('where no line is drawn', () => {
  const standsStill = (value: SampleValue, next: SampleValue): Row[] => [
    [1, 0, value],
    [1, 10, value],
    [1, 20, value],
    [1, 30, next],
    [1, 40, next, BadTimeout],
  ];

  it.each<[string, boolean, Row[], number[]]>([
    ['a number, which may be interpolated', false, standsStill(5, 9), [0, 20, 30, 40]],
    ['a stepped number', true, standsStill(5, 9), [0, 30, 40]],
    ['a boolean', true, standsStill(0, 1), [0, 30, 40]],
    ['a text', false, standsStill('a', 'b'), [0, 30, 40]],
    ['a stepped tag that loses its value', true, standsStill(1, null), [0, 30, 40]],
  ])('the last suppressed sample of %s is brought back only if it is of use', (_, stepped, rows, expectedTimes) => {
    const lane = condition({ stepped, exception: { deviation: 0 } }, rows);
    expect(lane.rows.map(([, timeMs]) => timeMs)).toEqual(expectedTimes);
    expect(lane.counts).toMatchObject({ read: rows.length, suppressed: rows.length - expectedTimes.length });
  });
});

describe('routing', () => {
  it('sends each sample to the lane of its tag, and counts strangers as refused', () => {
    const lanes = perLane(() => new RecordingLane());
    const conditioner = new Conditioner(
      [
        { number: 0, lane: 'operational' },
        { number: 2, lane: 'analytical' },
      ],
      lanes,
    );
    conditioner.write(
      blockOf([
        [0, 1, 1],
        [1, 1, 2],
        [2, 1, 3, BadTimeout],
        [4_000_000_000, 1, 4, BadTimeout],
      ]),
    );
    expect(lanes.operational.rows).toEqual([[0, 1, 1, Good]]);
    expect(lanes.operational.counts).toEqual({
      read: 3,
      notGood: 1,
      suppressed: 0,
      compressed: 0,
      refused: 2,
      forbidden: 0,
    });
    expect(lanes.analytical.rows).toEqual([[2, 1, 3, BadTimeout]]);
    expect(lanes.analytical.counts).toEqual({
      read: 1,
      notGood: 1,
      suppressed: 0,
      compressed: 0,
      refused: 0,
      forbidden: 0,
    });
  });

  it('hands over a batch of any length whole', () => {
    const rows = Array.from({ length: 50_000 }, (_, index): Row => [1, index, index]);
    const lanes = perLane(() => new RecordingLane());
    new Conditioner([{ number: 1, lane: 'analytical' }], lanes).write(blockOf(rows));
    expect(lanes.analytical.rows.map(([, timeMs]) => timeMs)).toEqual(rows.map(([, timeMs]) => timeMs));
  });
});
