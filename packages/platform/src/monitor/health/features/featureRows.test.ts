import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type SampleRun, sliceRun } from '../../../historian/archive/sampleRun.ts';
import { runOf, type SampleRow, sampleRows } from '../../../historian/query/testbed/sampleRuns.ts';
import { HELD_MEASURES as MEASURES, type Measure } from '../definition/healthWatch.ts';
import { FeatureRows, featureRows } from './featureRows.ts';
import type { FeatureTable } from './featureTable.ts';

const MIN = 60_000_000;
const INTERVAL = 60 * MIN;
const shapeOf = (...measures: readonly Measure[]) => ({
  intervalUs: INTERVAL,
  features: measures.map((measure) => ({ name: measure, measure })),
});
const minutes = (rows: readonly SampleRow[]) => runOf(rows.map(([time, ...rest]) => [time * MIN, ...rest]));

/** Values of the hour from 0, in the order of `MEASURES`, and its quality. */
function hour(rows: readonly SampleRow[], condition?: readonly SampleRow[]) {
  const features = MEASURES.map(() => minutes(rows));
  const table = featureRows(
    shapeOf(...MEASURES),
    { condition: condition && minutes(condition), features },
    0,
    INTERVAL,
  );
  const round = (value: number) => Math.round(value * 1_000) / 1_000;
  return table.times.length === 0
    ? undefined
    : [...table.columns.map(([value]) => round(value)), round(table.quality[0])];
}

const NONE = Number.NaN;
it.each<[string, SampleRow[], SampleRow[] | undefined, unknown]>([
  // average, minimum, maximum, deviation, range, slope, last, increase, duration, starts, quality
  ['a value that holds', [[0, 4]], undefined, [4, 4, 4, 0, 0, 0, 4, 0, 1, 0, 1]],
  ['what held before', [[-30, 4]], undefined, [4, 4, 4, 0, 0, 0, 4, 0, 1, 0, 1]],
  [
    'two halves',
    [
      [-9, 0],
      [30, 4],
    ],
    undefined,
    [2, 0, 4, 2, 4, 6, 4, 4, 0.5, 1, 1],
  ],
  [
    'three quarters',
    [
      [0, 8],
      [15, 4],
    ],
    undefined,
    [5, 4, 8, 1.732, 4, -4.5, 4, 4, 1, 0, 1],
  ],
  [
    'a peak of a moment',
    [
      [0, 1],
      [30, 9],
      [30, 1],
    ],
    undefined,
    [1, 1, 1, 0, 0, 0, 1, 9, 1, 0, 1],
  ],
  [
    'a sample at the end of the hour',
    [
      [0, 1],
      [60, 9],
    ],
    undefined,
    [1, 1, 1, 0, 0, 0, 1, 0, 1, 0, 1],
  ],
  [
    'a sample at its beginning',
    [
      [-1, 0],
      [0, 3],
    ],
    undefined,
    [3, 3, 3, 0, 0, 0, 3, 3, 1, 1, 1],
  ],
  [
    'a bad quarter',
    [
      [0, 4],
      [15, null, STATUS.BadTimeout],
      [30, 8],
    ],
    undefined,
    [6.667, 4, 8, 1.886, 4, 5.424, 8, 4, 0.75, 0, 0.75],
  ],
  [
    'an uncertain half',
    [
      [0, 4],
      [30, 8, STATUS.UncertainSubNormal],
    ],
    undefined,
    [6, 4, 8, 2, 4, 6, 8, 4, 1, 0, 0.5],
  ],
  ['nothing before the half', [[30, 8]], undefined, [8, 8, 8, 0, 0, 0, 8, 0, 0.5, 0, 0.5]],
  ['only bad', [[0, 4, STATUS.BadTimeout]], undefined, [...MEASURES.map(() => NONE), 0]],
  ['a text', [[0, 'on']], undefined, [...MEASURES.map(() => NONE), 0]],
  ['nothing', [], undefined, [...MEASURES.map(() => NONE), 0]],
  [
    'a counter that begins anew',
    [
      [-1, 90],
      [10, 95],
      [20, 3],
      [40, 5],
    ],
    undefined,
    [33.5, 3, 95, 41.752, 92, -115.833, 5, 10, 1, 0, 1],
  ],
  [
    'in half of the time',
    [
      [0, 4],
      [45, 8],
    ],
    [
      [0, 0],
      [30, 1],
    ],
    [6, 4, 8, 2, 4, 12, 8, 4, 0.5, 0, 1],
  ],
  [
    'the bad of the other half',
    [
      [0, null, STATUS.BadTimeout],
      [30, 4],
    ],
    [
      [0, 0],
      [30, 1],
    ],
    [4, 4, 4, 0, 0, 0, 4, 0, 0.5, 0, 1],
  ],
  [
    'a condition that nobody knows for a half',
    [[0, 4]],
    [
      [0, 1],
      [30, null, STATUS.BadTimeout],
    ],
    [4, 4, 4, 0, 0, 0, 4, 0, 0.5, 0, 0.5],
  ],
  ['a condition that nobody ever knew', [[0, 4]], [], [...MEASURES.map(() => NONE), 0]],
  ['never', [[0, 4]], [[0, 0]], undefined],
])('%s', (_, rows, condition, expected) => {
  expect(hour(rows, condition)).toEqual(expected);
});

/** Brute force: what held at each moment that makes a difference, found anew for every row. */
function naiveRows(condition: SampleRun | undefined, feature: SampleRun, end: number): number[][] {
  const held = (run: SampleRun, time: number) => {
    const row = run.times.findLastIndex((one) => one <= time);
    const isUsable = row >= 0 && run.kinds[row] === 1 && run.statuses[row] < 0x80000000;
    return { value: isUsable ? run.values[row] : NONE, isGood: isUsable && run.statuses[row] < 0x40000000 };
  };
  const rows: number[][] = [];
  for (let start = 0; start < end; start += INTERVAL) {
    const stop = start + INTERVAL;
    const cuts = new Set(
      [start, ...feature.times, ...(condition?.times ?? [])].filter((time) => time >= start && time < stop),
    );
    const times = [...cuts].sort((a, b) => a - b);
    let [asked, good, weight, sum, least, most] = [0, 0, 0, 0, Infinity, -Infinity];
    for (const [at, time] of times.entries()) {
      const us = (times[at + 1] ?? stop) - time;
      const gate = condition ? held(condition, time).value : 1;
      if (gate === 0) continue;
      asked += us;
      const { value, isGood } = held(feature, time);
      if (Number.isNaN(gate)) continue;
      if (isGood) good += us;
      if (Number.isNaN(value)) continue;
      [weight, sum, least, most] = [weight + us, sum + value * us, Math.min(least, value), Math.max(most, value)];
    }
    const has = weight > 0;
    if (asked > 0) rows.push([stop, has ? sum / weight : NONE, has ? least : NONE, has ? most : NONE, good / asked]);
  }
  return rows;
}

const SPAN = 6 * INTERVAL;
const samples = sampleRows(SPAN);
const gate = fc.option(sampleRows(SPAN, fc.constantFrom(0, 1)), { nil: undefined });

it('rows are those of brute force', () => {
  fc.assert(
    fc.property(samples, gate, (rows, conditions) => {
      const feature = runOf(rows);
      const condition = conditions && runOf(conditions);
      const shape = shapeOf('average', 'minimum', 'maximum');
      const table = featureRows(shape, { condition, features: [feature, feature, feature] }, 0, SPAN);
      const made = Array.from(table.times, (time, row) => [
        ...[time, ...table.columns.map((column) => column[row])],
        table.quality[row],
      ]);
      const expected = naiveRows(condition, feature, SPAN);
      expect(made.length).toBe(expected.length);
      for (const [at, row] of made.entries()) {
        expect(row.map(Number.isNaN)).toEqual(expected[at].map(Number.isNaN));
        for (const [cell, value] of row.entries()) {
          if (!Number.isNaN(value)) expect(value).toBeCloseTo(expected[at][cell], 6);
        }
      }
    }),
  );
});

const ALL = shapeOf(...MEASURES);
const tableOf = (feature: SampleRun, condition: SampleRun | undefined): FeatureTable =>
  featureRows(ALL, { condition, features: MEASURES.map(() => feature) }, 0, SPAN);

it('what comes at or behind the end of an interval changes no row up to it', () => {
  const instant = fc.integer({ min: 0, max: 6 }).map((count) => count * INTERVAL);
  fc.assert(
    fc.property(samples, samples, gate, gate, instant, (rows, others, conditions, otherConditions, until) => {
      const changed = (one: readonly SampleRow[] | undefined, other: readonly SampleRow[] = []) =>
        one && [...one.filter(([time]) => time < until), ...other.filter(([time]) => time >= until)];
      const upTo = ({ times, columns, quality }: FeatureTable) => {
        const count = times.filter((time) => time <= until).length;
        return [times, ...columns, quality].map((column) => column.slice(0, count));
      };
      const run = (list: readonly SampleRow[] | undefined) => list && runOf(list);
      const before = tableOf(runOf(rows), run(conditions));
      const after = tableOf(runOf(changed(rows, others)!), run(changed(conditions, otherConditions)));
      expect(upTo(after)).toEqual(upTo(before));
    }),
  );
});

it('it does not matter in which pieces intervals are asked for', () => {
  fc.assert(
    fc.property(samples, gate, fc.integer({ min: 1, max: 5 }), (rows, conditions, cut) => {
      const clipped = (run: SampleRun, start: number) => {
        const before = run.times.findLastIndex((time) => time < start);
        return sliceRun(run, Math.max(0, before), run.times.length);
      };
      const feature = runOf(rows);
      const condition = conditions && runOf(conditions);
      const pieces = new FeatureRows(ALL, 0, SPAN);
      for (const [start, end] of [
        [0, cut * INTERVAL],
        [cut * INTERVAL, SPAN],
      ]) {
        pieces.add(
          start,
          end,
          condition && clipped(condition, start),
          MEASURES.map(() => clipped(feature, start)),
        );
      }
      expect(pieces.build()).toEqual(tableOf(feature, condition));
    }),
  );
});

it('half a million samples of a year become rows in a moment', () => {
  const day = 24 * INTERVAL;
  const count = 365 * 24 * 60;
  const run = runOf([]);
  const times = Float64Array.from({ length: count }, (_, at) => at * MIN);
  const year = {
    ...run,
    times,
    values: times.map(Math.sin),
    kinds: new Uint8Array(count).fill(1),
    statuses: new Uint32Array(count),
  };
  const begun = performance.now();
  const table = featureRows(shapeOf('average', 'slope'), { features: [year, year] }, 0, 365 * day);
  expect(table.times.length).toBe(365 * 24);
  expect(performance.now() - begun).toBeLessThan(2_000);
});
