import { STATUS, statusName } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueAt } from '../../archive/sampleRun.ts';
import { runOf, type SampleRow, sampleRows } from '../testbed/sampleRuns.ts';
import { calculate, type ExpressionInput, eventTimes, filterRun } from './calculate.ts';
import type { Expression } from './expressionNode.ts';
import { parseExpression } from './parseExpression.ts';
import { type TagColumnOptions, tagColumn } from './tagColumn.ts';

const { BadTimeout, UncertainSubNormal } = STATUS;
const SLOPED = { stepped: false };
const STEPPED = { stepped: true };
const DOUBT = 'UncertainDataSubNormal';

function expressionOf(text: string): Expression {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(parsed.fault.detail);
  return parsed.value;
}
const input = (rows: readonly SampleRow[], options: TagColumnOptions): ExpressionInput => ({
  run: runOf(rows),
  ...options,
});

describe('a tag at times between its samples', () => {
  const ROWS: SampleRow[] = [
    [10, 0],
    [20, 10],
    [30, null, BadTimeout],
    [40, 30],
    [50, 40, UncertainSubNormal],
    [60, 50],
  ];
  it.each<[string, TagColumnOptions, unknown[][]]>([
    [
      'sloped',
      SLOPED,
      [
        [null, 'BadNoData'],
        [0, 'Good'],
        [5, 'Good'],
        [10, DOUBT],
        [null, 'BadTimeout'],
        [null, 'BadTimeout'],
        [35, DOUBT],
        [40, 'UncertainSubNormal'],
        [45, DOUBT],
        [50, DOUBT],
      ],
    ],
    [
      'stepped',
      STEPPED,
      [
        [null, 'BadNoData'],
        [0, 'Good'],
        [0, 'Good'],
        [10, 'Good'],
        [null, 'BadTimeout'],
        [null, 'BadTimeout'],
        [30, 'Good'],
        [40, 'UncertainSubNormal'],
        [40, DOUBT],
        [50, DOUBT],
      ],
    ],
    [
      'sloped across bad',
      { stepped: false, bridgeBad: true },
      [
        [null, 'BadNoData'],
        [0, 'Good'],
        [5, 'Good'],
        [15, DOUBT],
        [20, DOUBT],
        [25, DOUBT],
        [35, DOUBT],
        [40, 'UncertainSubNormal'],
        [45, DOUBT],
        [50, DOUBT],
      ],
    ],
    [
      'stepped across bad',
      { stepped: true, bridgeBad: true },
      [
        [null, 'BadNoData'],
        [0, 'Good'],
        [0, 'Good'],
        [10, 'Good'],
        [10, DOUBT],
        [10, DOUBT],
        [30, 'Good'],
        [40, 'UncertainSubNormal'],
        [40, DOUBT],
        [50, DOUBT],
      ],
    ],
    [
      'uncertain as bad',
      { stepped: true, treatUncertainAsBad: true },
      [
        [null, 'BadNoData'],
        [0, 'Good'],
        [0, 'Good'],
        [10, 'Good'],
        [null, 'BadTimeout'],
        [null, 'BadTimeout'],
        [30, 'Good'],
        [null, 'UncertainSubNormal'],
        [null, 'UncertainSubNormal'],
        [50, DOUBT],
      ],
    ],
  ])('%s', (_, options, expected) => {
    const times = Float64Array.of(5, 10, 15, 25, 30, 35, 45, 50, 55, 65);
    const column = tagColumn(runOf(ROWS), times, options);
    expect([...times.keys()].map((row) => [valueAt(column, row), statusName(column.statuses[row])])).toEqual(expected);
  });

  it('of samples of one time the last counts, and a string is held', () => {
    const column = tagColumn(
      runOf([
        [10, 'a'],
        [10, 'b'],
        [20, 'c'],
      ]),
      Float64Array.of(10, 15, 20),
      SLOPED,
    );
    expect([0, 1, 2].map((row) => valueAt(column, row))).toEqual(['b', 'b', 'c']);
    expect([...column.statuses]).toEqual([0, 0, 0]);
  });

  it('is what a slow look-up finds', () => {
    const times = fc
      .array(fc.integer({ min: 0, max: 60 }), { maxLength: 20 })
      .map((list) => Float64Array.from(list).sort());
    fc.assert(
      fc.property(sampleRows(60), times, fc.boolean(), (rows, at, stepped) => {
        const run = runOf(rows);
        const column = tagColumn(run, at, { stepped });
        const isUsable = (row: SampleRow) => row[1] !== null && (row[2] ?? 0) >>> 30 < 2;
        for (const [row, time] of at.entries()) {
          const before = rows.findLast(([t]) => t <= time);
          const after = rows.find(([t]) => t > time);
          if (!before || !isUsable(before)) {
            expect(valueAt(column, row)).toBeNull();
            continue;
          }
          const isLine = !stepped && after && isUsable(after) && before[0] < time;
          const slope = isLine ? (Number(after[1]) - Number(before[1])) / (after[0] - before[0]) : 0;
          expect(column.values[row]).toBeCloseTo(Number(before[1]) + slope * (time - before[0]), 9);
        }
      }),
      { numRuns: 500 },
    );
  });
});

it('a calculated tag has a value at each time at which one of its inputs has a sample', () => {
  const flow = input(
    [
      [0, 10],
      [20, 30],
      [40, null, BadTimeout],
    ],
    SLOPED,
  );
  const state = input(
    [
      [-5, 'on'],
      [10, 'off'],
      [20, 'on'],
      [60, 'on'],
    ],
    STEPPED,
  );
  const times = eventTimes([flow, state], 0, 60);
  expect([...times]).toEqual([0, 10, 20, 40]);
  const result = calculate(expressionOf(`if('state' == "on", 'flow' * 2, 0)`), [state, flow], times);
  expect([...times.keys()].map((row) => [valueAt(result, row), statusName(result.statuses[row])])).toEqual([
    [20, 'Good'],
    [0, 'Good'],
    [60, 'Good'],
    [null, 'BadTimeout'],
  ]);
});

it('the times of events are those of all inputs, each once', () => {
  fc.assert(
    fc.property(fc.array(sampleRows(30), { maxLength: 4 }), (lists) => {
      const times = eventTimes(
        lists.map((rows) => input(rows, SLOPED)),
        5,
        25,
      );
      const expected = new Set(
        lists
          .flat()
          .map(([time]) => time)
          .filter((time) => time >= 5 && time < 25),
      );
      expect([...times]).toEqual([...expected].sort((a, b) => a - b));
    }),
  );
});

it('a filter keeps samples as they were stored, where the expression is true at their time', () => {
  const rows: SampleRow[] = [
    [0, 1],
    [10, 2, UncertainSubNormal],
    [20, null, BadTimeout],
    [30, 4],
    [40, 5],
  ];
  const load = input(
    [
      [0, 0],
      [20, 100],
      [35, null, BadTimeout],
    ],
    SLOPED,
  );
  const kept = filterRun(runOf(rows), expressionOf("'load' >= 50"), [load]);
  expect([...kept.times]).toEqual([10, 20, 30]);
  expect([...kept.statuses]).toEqual([UncertainSubNormal, BadTimeout, 0]);
  const badLoad = filterRun(runOf(rows), expressionOf("bad('load')"), [load]);
  expect([...badLoad.times]).toEqual([40]);
  const itself = input(rows, STEPPED);
  expect([...filterRun(itself.run, expressionOf("'self' > 1 && 'self' < 5"), [itself]).times]).toEqual([10, 30]);
});
