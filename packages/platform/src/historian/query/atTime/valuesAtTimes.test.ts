import { expect, test } from 'vitest';
import { valueAt } from '../../archive/sampleRun.ts';
import { DEFAULT_AGGREGATE_OPTIONS } from '../aggregate/aggregateOptions.ts';
import { type PlainSample, seriesRun } from '../aggregate/testbed/seriesRun.ts';
import { valuesAtTimes } from './valuesAtTimes.ts';

const GOOD = 0x402;
const SUB_NORMAL = 0x40a40402;
const NO_DATA = 0x809b0000;
const SERIES: readonly PlainSample[] = [
  { time: 10, value: 1, status: 0 },
  { time: 20, value: 2, status: 0x00960000 },
  { time: 30, value: null, status: 0x80000000 },
  { time: 40, value: 4, status: 0 },
];

// biome-ignore format: a table of cases
test.each([
  ['before the data', 9, false, null, NO_DATA, null, NO_DATA],
  ['at a sample', 20, false, 2, 0x00960000, 2, 0x00960000],
  ['between good samples', 15, false, 1.5, GOOD, 1.5, GOOD],
  ['between good samples, stepped', 15, true, 1, GOOD, 1, GOOD],
  ['before a bad sample', 25, false, 2.5, SUB_NORMAL, 2, SUB_NORMAL],
  ['before a bad sample, stepped', 25, true, 2, GOOD, 2, GOOD],
  ['at a bad sample', 30, false, 3, SUB_NORMAL, null, NO_DATA],
  ['behind a bad sample', 35, false, 3.5, SUB_NORMAL, null, NO_DATA],
  ['behind a bad sample, stepped', 35, true, 2, SUB_NORMAL, null, NO_DATA],
  ['at the last sample', 40, false, 4, 0, 4, 0],
  ['behind the data', 45, false, 4, SUB_NORMAL, null, NO_DATA],
] as const)('%s', (_name, time, stepped, value, status, simple, simpleStatus) => {
  for (const [bounds, expected] of [['interpolated', [value, status]], ['simple', [simple, simpleStatus]]] as const) {
    // The same time twice is given twice.
    const calculator = valuesAtTimes(Float64Array.of(time, time), { ...DEFAULT_AGGREGATE_OPTIONS, stepped }, bounds);
    calculator.push(seriesRun(SERIES));
    const results = calculator.finish();
    for (const row of [0, 1]) expect([bounds, valueAt(results, row), results.statuses[row]]).toEqual([bounds, ...expected]);
    expect([...results.times]).toEqual([time, time]);
  }
});

test('many times in one pass, and none', () => {
  const calculator = valuesAtTimes(Float64Array.of(5, 10, 12, 18, 40), DEFAULT_AGGREGATE_OPTIONS);
  calculator.push(seriesRun(SERIES));
  const results = calculator.finish();
  expect(Array.from(results.times, (_, row) => valueAt(results, row))).toEqual([null, 1, 1.2, 1.8, 4]);
  expect(valuesAtTimes(new Float64Array(0), DEFAULT_AGGREGATE_OPTIONS).finish().times.length).toBe(0);
});
