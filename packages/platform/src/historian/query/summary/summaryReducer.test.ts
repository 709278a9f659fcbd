import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { STATUS, severityOf, statusName } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summariseRun } from '../../archive/runSummary.ts';
import { type SampleRun, sliceRun } from '../../archive/sampleRun.ts';
import { runOf, type SampleRow, sampleRows } from '../testbed/sampleRuns.ts';
import type { IntervalSummaries } from './intervalSummaries.ts';
import { type CalculationBasis, type SummaryOptions, SummaryReducer, summarise } from './summaryReducer.ts';

const HOUR = 3_600_000_000;
const { BadTimeout, BadNoData, UncertainSubNormal } = STATUS;
const bounds = (...times: number[]) => Float64Array.from(times);

/** One row of the answer, rounded so that a table can be read. */
function rowOf(summaries: IntervalSummaries, at: number) {
  const round = (value: number) => Math.round(value * 1_000) / 1_000;
  const { totals, averages, minimums, maximums, standardDeviations, counts, percentGood, statuses } = summaries;
  const columns = [totals, averages, minimums, maximums, standardDeviations, counts, percentGood];
  return [...columns.map((column) => round(column[at])), statusName(statuses[at])];
}

const NONE = Number.NaN;
/** Total (value x h), average, minimum, maximum, deviation, count, percent good, status of the hour from 0. */
const CASES: [string, CalculationBasis, boolean, SampleRow[], unknown[]][] = [
  [
    'a ramp',
    'timeWeighted',
    false,
    [
      [0, 0],
      [HOUR, 10],
    ],
    [5, 5, 0, 10, 2.887, 1, 100, 'Good'],
  ],
  [
    'a ramp, stepped',
    'timeWeighted',
    true,
    [
      [0, 0],
      [HOUR, 10],
    ],
    [0, 0, 0, 0, 0, 1, 100, 'Good'],
  ],
  [
    'a line that runs through',
    'timeWeighted',
    false,
    [
      [-HOUR, 0],
      [2 * HOUR, 30],
    ],
    [15, 15, 10, 20, 2.887, 0, 100, 'Good'],
  ],
  [
    'a quarter without a value',
    'timeWeighted',
    true,
    [
      [0, 8],
      [HOUR / 2, null, BadTimeout],
      [(HOUR * 3) / 4, 4],
      [HOUR, 1],
    ],
    [5, 6.667, 4, 8, 1.886, 2, 75, 'UncertainDataSubNormal'],
  ],
  [
    'held before the bad',
    'timeWeighted',
    false,
    [
      [0, 8],
      [HOUR / 2, null, BadTimeout],
      [HOUR, 1],
    ],
    [4, 8, 8, 8, 0, 1, 50, 'UncertainDataSubNormal'],
  ],
  [
    'an uncertain end',
    'timeWeighted',
    false,
    [
      [0, 2],
      [HOUR, 4, UncertainSubNormal],
    ],
    [3, 3, 2, 4, 0.577, 1, 100, 'UncertainDataSubNormal'],
  ],
  [
    'a late start',
    'timeWeighted',
    true,
    [
      [HOUR / 2, 2],
      [HOUR, 4],
    ],
    [1, 2, 2, 2, 0, 1, 50, 'UncertainDataSubNormal'],
  ],
  ['nothing behind', 'timeWeighted', true, [[0, 2]], [2, 2, 2, 2, 0, 1, 100, 'UncertainDataSubNormal']],
  ['only bad', 'timeWeighted', true, [[0, 2, BadTimeout]], [NONE, NONE, NONE, NONE, NONE, 0, 0, 'BadNoData']],
  ['nothing', 'timeWeighted', true, [], [NONE, NONE, NONE, NONE, NONE, 0, 0, 'BadNoData']],
  [
    'samples',
    'eventWeighted',
    false,
    [
      [-1, 99],
      [0, 1],
      [1, 2],
      [2, 6],
      [HOUR, 99],
    ],
    [9, 3, 1, 6, 2.16, 3, 100, 'Good'],
  ],
  [
    'one bad of four',
    'eventWeighted',
    false,
    [
      [0, 1],
      [1, 2],
      [2, 6],
      [3, null, BadTimeout],
    ],
    [9, 3, 1, 6, 2.16, 3, 75, 'UncertainDataSubNormal'],
  ],
  [
    'one uncertain',
    'eventWeighted',
    false,
    [
      [0, 1],
      [1, 3, UncertainSubNormal],
    ],
    [4, 2, 1, 3, 1, 2, 100, 'UncertainDataSubNormal'],
  ],
  ['texts only', 'eventWeighted', false, [[0, 'on']], [NONE, NONE, NONE, NONE, NONE, 0, 0, 'BadNoData']],
];

it.each(CASES)('%s, %s, stepped: %s', (_, calculationBasis, stepped, rows, expected) => {
  const summaries = summarise(runOf(rows), bounds(0, HOUR), { calculationBasis, stepped, timeUnitUs: HOUR });
  expect(rowOf(summaries, 0)).toEqual(expected);
});

it('the deviation of a sample divides by one less than its number; that of one sample is not known', () => {
  const options: SummaryOptions = { calculationBasis: 'eventWeighted', stepped: true, deviation: 'sample' };
  const { standardDeviations } = summarise(
    runOf([
      [0, 2],
      [1, 4],
      [2, 4],
      [3, 6],
      [10, 7],
    ]),
    bounds(0, 10, 20),
    options,
  );
  expect(standardDeviations[0]).toBeCloseTo(Math.sqrt(8 / 3), 12);
  expect(standardDeviations[1]).toBeNaN();
});

it('a small deviation survives beside a large value', () => {
  const rows = Array.from({ length: 1_000 }, (_, at): SampleRow => [at, 1e9 + (at % 2)]);
  for (const calculationBasis of ['timeWeighted', 'eventWeighted'] as const) {
    const { standardDeviations } = summarise(runOf(rows), bounds(0, 1_000), { calculationBasis, stepped: true });
    expect(standardDeviations[0]).toBeCloseTo(0.5, 9);
  }
});

it('the interval before a bad sample does not hide that its last value is only held', () => {
  const run = runOf([
    [0, 1],
    [10, null, BadTimeout],
    [20, 3],
  ]);
  const { statuses } = summarise(run, bounds(0, 5, 10, 20, 21), { calculationBasis: 'timeWeighted', stepped: false });
  expect([...statuses].map(severityOf)).toEqual(['uncertain', 'uncertain', 'bad', 'uncertain']);
  expect(statuses[2]).toBe(BadNoData);
});

it('a summary that does not tell what is asked for is refused', () => {
  const summary = summariseRun(
    runOf([
      [0, 1],
      [5, 2],
      [9, 3],
    ]),
  )!;
  const byTime: SummaryOptions = { calculationBasis: 'timeWeighted', stepped: false };
  const reducers: [SummaryReducer, boolean][] = [
    [new SummaryReducer(bounds(0, 10), byTime), false],
    [new SummaryReducer(bounds(0, 10), { ...byTime, withoutDeviation: true }), true],
    [new SummaryReducer(bounds(0, 10), { ...byTime, calculationBasis: 'eventWeighted' }), true],
    [new SummaryReducer(bounds(0, 9), { ...byTime, withoutDeviation: true }), false],
    [new SummaryReducer(bounds(1, 10), { ...byTime, withoutDeviation: true }), false],
    [new SummaryReducer(bounds(-9, 0), { ...byTime, withoutDeviation: true }), false],
  ];
  for (const [reducer, isWanted] of reducers) {
    expect(reducer.wantsWhole(summary.firstTime, summary.lastTime)).toBe(isWanted);
    if (isWanted) reducer.pushSummary(summary);
    else expect(() => reducer.pushSummary(summary)).toThrow(/does not tell/);
  }
});

const SPAN = 60;
const QUESTION = fc.record({
  rows: sampleRows(SPAN, fc.integer({ min: -20, max: 20 })),
  boundaries: fc
    .uniqueArray(fc.integer({ min: 0, max: SPAN + 5 }), { minLength: 2, maxLength: 8 })
    .map((times) => Float64Array.from(times).sort()),
  stepped: fc.boolean(),
  treatUncertainAsBad: fc.boolean(),
});

/** The value at the beginning and the end of each unit of time, looked up anew for each; undefined where there is none. */
function slowLines(run: SampleRun, options: SummaryOptions, start: number, end: number) {
  const lines: [number, number][] = [];
  for (let tick = start; tick < end; tick++) {
    const before = run.times.findLastIndex((time) => time <= tick);
    if (before < 0 || !isUsable(run, before, options)) continue;
    const [after, value] = [before + 1, run.values[before]];
    const isHeld = options.stepped || after === run.times.length || !isUsable(run, after, options);
    const slope = isHeld ? 0 : (run.values[after] - value) / (run.times[after] - run.times[before]);
    const from = value + slope * (tick - run.times[before]);
    lines.push([from, from + slope]);
  }
  return lines;
}

function isUsable({ kinds, statuses }: SampleRun, row: number, { treatUncertainAsBad }: SummaryOptions): boolean {
  const severity = severityOf(statuses[row]);
  return kinds[row] === ValueKind.number && (severity === 'good' || (severity === 'uncertain' && !treatUncertainAsBad));
}

describe('against a slow reckoning', () => {
  it('by time', () => {
    fc.assert(
      fc.property(QUESTION, ({ rows, boundaries, ...choice }) => {
        const run = runOf(rows);
        const options: SummaryOptions = { ...choice, calculationBasis: 'timeWeighted', timeUnitUs: 1 };
        const got = summarise(run, boundaries, options);
        for (const [at, start] of got.starts.entries()) {
          const lines = slowLines(run, options, start, got.ends[at]);
          const total = lines.reduce((sum, [from, to]) => sum + (from + to) / 2, 0);
          const mean = total / lines.length;
          const squares = lines
            .map(([from, to]) => [from - mean, to - mean])
            .map(([a, b]) => (a * a + a * b + b * b) / 3);
          expect(got.percentGood[at]).toBeCloseTo((100 * lines.length) / (got.ends[at] - start), 9);
          if (lines.length === 0) {
            expect(got.statuses[at]).toBe(BadNoData);
            continue;
          }
          expect(got.totals[at]).toBeCloseTo(total, 9);
          expect(got.averages[at]).toBeCloseTo(mean, 9);
          expect(got.standardDeviations[at]).toBeCloseTo(
            Math.sqrt(squares.reduce((a, b) => a + b, 0) / lines.length),
            6,
          );
          const inside = [...run.times.keys()].filter(
            (row) => run.times[row] >= start && run.times[row] < got.ends[at] && isUsable(run, row, options),
          );
          const reached = [...lines.flat(), ...inside.map((row) => run.values[row])];
          expect(got.minimums[at]).toBeCloseTo(Math.min(...reached), 9);
          expect(got.maximums[at]).toBeCloseTo(Math.max(...reached), 9);
          if (severityOf(got.statuses[at]) === 'good') expect(got.percentGood[at]).toBe(100);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('by event', () => {
    fc.assert(
      fc.property(QUESTION, ({ rows, boundaries, ...choice }) => {
        const run = runOf(rows);
        const options: SummaryOptions = { ...choice, calculationBasis: 'eventWeighted' };
        const got = summarise(run, boundaries, options);
        for (const [at, start] of got.starts.entries()) {
          const all = [...run.times.keys()].filter((row) => run.times[row] >= start && run.times[row] < got.ends[at]);
          const values = all.filter((row) => isUsable(run, row, options)).map((row) => run.values[row]);
          const mean = values.reduce((a, b) => a + b, 0) / values.length;
          expect(got.counts[at]).toBe(values.length);
          expect(got.percentGood[at]).toBeCloseTo(all.length === 0 ? 0 : (100 * values.length) / all.length, 9);
          if (values.length === 0) continue;
          expect(got.averages[at]).toBeCloseTo(mean, 9);
          expect(got.ranges[at]).toBe(Math.max(...values) - Math.min(...values));
          const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
          expect(got.standardDeviations[at]).toBeCloseTo(Math.sqrt(squares / values.length), 6);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('summaries of chunks stand for their samples', () => {
    const sizes = fc.integer({ min: 1, max: 6 });
    const basis = fc.constantFrom<CalculationBasis[]>('timeWeighted', 'eventWeighted');
    fc.assert(
      fc.property(QUESTION, sizes, basis, ({ rows, boundaries, ...choice }, size, calculationBasis) => {
        const run = runOf(rows);
        const options: SummaryOptions = { ...choice, calculationBasis, withoutDeviation: true };
        const reducer = new SummaryReducer(boundaries, options);
        for (let row = 0; row < rows.length; row += size) {
          const chunk = sliceRun(run, row, Math.min(rows.length, row + size));
          const summary = summariseRun(chunk);
          if (summary && reducer.wantsWhole(summary.firstTime, summary.lastTime)) reducer.pushSummary(summary);
          else reducer.push(chunk);
        }
        const [got, expected] = [reducer.finish(), summarise(run, boundaries, options)];
        for (const column of ['totals', 'averages', 'minimums', 'maximums', 'percentGood', 'counts'] as const) {
          for (const [at, value] of expected[column].entries()) {
            if (Number.isNaN(value)) expect(got[column][at]).toBeNaN();
            else expect(got[column][at]).toBeCloseTo(value, 9);
          }
        }
        expect(got.statuses).toEqual(expected.statuses);
      }),
      { numRuns: 1_000 },
    );
  });
});
