import { readFileSync } from 'node:fs';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { STATUS, severityOf, statusName } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sliceRun } from '../../archive/sampleRun.ts';
import { runOf, type SampleRow, sampleRows } from '../testbed/sampleRuns.ts';
import { type CounterOptions, CounterReducer, counterIncreases } from './counterReducer.ts';
import { totalUnit } from './totalUnit.ts';

const { BadTimeout, UncertainSubNormal } = STATUS;
const S = 1_000_000;
const NONE = Number.NaN;
const DOUBT = 'UncertainDataSubNormal';

/** Of the intervals from 0 to 10 s and from 10 s to 20 s: increase, rate in 1/s, roll-overs, resets, status. */
const CASES: [string, CounterOptions, SampleRow[], unknown[][]][] = [
  [
    'an ascent',
    {},
    [
      [0, 5],
      [20 * S, 25],
    ],
    [
      [10, 1, 0, 0, 'Good'],
      [10, 1, 0, 0, 'Good'],
    ],
  ],
  [
    'from before to behind',
    {},
    [
      [-10 * S, 0],
      [30 * S, 40],
    ],
    [
      [10, 1, 0, 0, 'Good'],
      [10, 1, 0, 0, 'Good'],
    ],
  ],
  [
    'a roll-over',
    { rollover: 100 },
    [
      [0, 95],
      [10 * S, 5],
      [20 * S, 5],
    ],
    [
      [10, 1, 1, 0, 'Good'],
      [0, 0, 0, 0, 'Good'],
    ],
  ],
  [
    'a lower reading, roll-over unknown',
    {},
    [
      [0, 95],
      [10 * S, 5],
      [20 * S, 6],
    ],
    [
      [5, 0.5, 0, 1, DOUBT],
      [1, 0.1, 0, 0, 'Good'],
    ],
  ],
  [
    'a roll-over too fast to be one',
    { rollover: 65_536, maximumPerSecond: 10 },
    [
      [0, 500],
      [10 * S, 3],
      [20 * S, 4],
    ],
    [
      [3, 0.3, 0, 1, DOUBT],
      [1, 0.1, 0, 0, 'Good'],
    ],
  ],
  [
    'a reading beyond the roll-over',
    { rollover: 100 },
    [
      [0, 100],
      [10 * S, 5],
      [20 * S, 5],
    ],
    [
      [5, 0.5, 0, 1, DOUBT],
      [0, 0, 0, 0, 'Good'],
    ],
  ],
  [
    'a reading below 0',
    { rollover: 100 },
    [
      [0, 50],
      [10 * S, -5],
      [20 * S, 5],
    ],
    [
      [0, 0, 0, 1, DOUBT],
      [10, 1, 0, 0, 'Good'],
    ],
  ],
  [
    'bad samples bridged',
    {},
    [
      [0, 5],
      [2 * S, null, BadTimeout],
      [10 * S, 15],
      [20 * S, 25],
    ],
    [
      [10, 1, 0, 0, DOUBT],
      [10, 1, 0, 0, 'Good'],
    ],
  ],
  [
    'bad samples as a gap',
    { bridgeBad: false },
    [
      [0, 5],
      [5 * S, 10],
      [7 * S, 0, BadTimeout],
      [15 * S, 90],
      [20 * S, 95],
    ],
    [
      [5, 1, 0, 0, DOUBT],
      [5, 1, 0, 0, DOUBT],
    ],
  ],
  [
    'an uncertain reading',
    {},
    [
      [0, 5],
      [10 * S, 15, UncertainSubNormal],
      [20 * S, 25],
    ],
    [
      [10, 1, 0, 0, DOUBT],
      [10, 1, 0, 0, DOUBT],
    ],
  ],
  [
    'an uncertain reading is bad',
    { treatUncertainAsBad: true, bridgeBad: false },
    [
      [0, 5],
      [10 * S, 15, UncertainSubNormal],
      [20 * S, 25],
    ],
    [
      [NONE, NONE, 0, 0, 'BadNoData'],
      [NONE, NONE, 0, 0, 'BadNoData'],
    ],
  ],
  [
    'a late start and an early end',
    {},
    [
      [5 * S, 0],
      [15 * S, 10],
    ],
    [
      [5, 1, 0, 0, DOUBT],
      [5, 1, 0, 0, DOUBT],
    ],
  ],
  [
    'a reading corrected at its time',
    {},
    [
      [0, 5],
      [10 * S, 1],
      [10 * S, 15],
      [20 * S, 25],
    ],
    [
      [10, 1, 0, 0, 'Good'],
      [10, 1, 0, 0, 'Good'],
    ],
  ],
  [
    'one reading',
    {},
    [[5 * S, 5]],
    [
      [NONE, NONE, 0, 0, 'BadNoData'],
      [NONE, NONE, 0, 0, 'BadNoData'],
    ],
  ],
  [
    'nothing',
    {},
    [],
    [
      [NONE, NONE, 0, 0, 'BadNoData'],
      [NONE, NONE, 0, 0, 'BadNoData'],
    ],
  ],
];

it.each(CASES)('%s', (_, options, rows, expected) => {
  const got = counterIncreases(runOf(rows), Float64Array.of(0, 10 * S, 20 * S), options);
  const round = (value: number) => Math.round(value * 1e9) / 1e9;
  const table = [0, 1].map((at) => [
    ...[round(got.increases[at]), round(got.rates[at]), got.rollovers[at], got.resets[at]],
    statusName(got.statuses[at]),
  ]);
  expect(table).toEqual(expected);
});

it('counts as the published example does', () => {
  const vector = JSON.parse(readFileSync(new URL('vectors/rollover.json', import.meta.url), 'utf8'));
  const points: { offsetMs: number; value: number }[] = vector.points;
  const run = runOf(points.map(({ offsetMs, value }): SampleRow => [offsetMs * US_PER_MS, value]));
  const { increases } = counterIncreases(run, Float64Array.of(0, 60 * S), { rollover: vector.rolloverValue });
  expect(increases[0]).toBeCloseTo(vector.expectedTotal, 9);
});

describe('for any readings', () => {
  const SPAN = 100;
  const ROWS = sampleRows(SPAN, fc.integer({ min: 0, max: 99 }));
  const BOUNDARIES = fc
    .uniqueArray(fc.integer({ min: -5, max: SPAN + 5 }), { minLength: 2, maxLength: 9 })
    .map((times) => Float64Array.from(times).sort());

  it('the intervals sum up to what is counted from reading to reading, however the readings come in', () => {
    fc.assert(
      fc.property(
        ROWS,
        BOUNDARIES,
        fc.boolean(),
        fc.integer({ min: 1, max: 7 }),
        (rows, boundaries, bridgeBad, size) => {
          const run = runOf(rows);
          const reducer = new CounterReducer(boundaries, { rollover: 100, bridgeBad });
          for (let row = 0; row < rows.length; row += size) {
            reducer.push(sliceRun(run, row, Math.min(rows.length, row + size)));
          }
          const { increases, coveredUs, starts, ends, statuses } = reducer.finish();
          for (const [at, start] of starts.entries()) {
            const { total, covered } = slowIncrease(rows, bridgeBad, start, ends[at]);
            expect(coveredUs[at]).toBe(covered);
            if (covered > 0) expect(increases[at]).toBeCloseTo(total, 9);
            else expect(severityOf(statuses[at])).toBe('bad');
            if (severityOf(statuses[at]) === 'good') expect(covered).toBe(ends[at] - start);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  /** Looks up the readings around each unit of time anew. */
  function slowIncrease(rows: readonly SampleRow[], bridgeBad: boolean, start: number, end: number) {
    const isUsable = ([, value, status = 0]: SampleRow) => value !== null && severityOf(status) !== 'bad';
    let [total, covered] = [0, 0];
    for (let tick = start; tick < end; tick++) {
      const before = rows.findLastIndex((row) => row[0] <= tick && isUsable(row));
      const next = rows.findIndex((row) => row[0] > tick && isUsable(row));
      if (before < 0 || next < 0) continue;
      const after = rows.findLastIndex((row) => row[0] === rows[next][0] && isUsable(row));
      const hasBad = rows.slice(before + 1, next).some((row) => !isUsable(row));
      if (hasBad && !bridgeBad) continue;
      const [a, b] = [rows[before], rows[after]];
      total += ((Number(b[1]) - Number(a[1]) + 100) % 100) / (b[0] - a[0]);
      covered++;
    }
    return { total, covered };
  }
});

it.each([
  ['m3/h', undefined, 'm3', 3_600 * S],
  ['kg/s', undefined, 'kg', S],
  ['[gal_us]/min', undefined, '[gal_us]', 60 * S],
  ['L/min/m2', undefined, 'L/min/m2.h', 3_600 * S],
  ['kW', undefined, 'kW.h', 3_600 * S],
  ['kW', 's', 'kW.s', S],
  ['m3/h', 'd', 'm3/h.d', 86_400 * S],
  ['', undefined, 'h', 3_600 * S],
  ['1', 'min', 'min', 60 * S],
])('%s by %s comes to %s', (rate, timeUnit, unit, timeUnitUs) => {
  expect(totalUnit(rate, timeUnit)).toEqual({ unit, timeUnitUs });
});

it.each(['fortnight', 'toString', ''])('there is no total by %s', (timeUnit) => {
  expect(totalUnit('kW', timeUnit)).toBeUndefined();
});
