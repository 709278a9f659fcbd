import { STATUS, type StatusName } from '@tidegate/core/sample/statusCode.ts';
import { describe, expect, test } from 'vitest';
import { valueAt } from '../../archive/sampleRun.ts';
import { AggregateCalculator } from './aggregateCalculator.ts';
import { type AggregateOptions, DEFAULT_AGGREGATE_OPTIONS } from './aggregateOptions.ts';
import { INFO } from './aggregateStatus.ts';
import type { AggregateName } from './aggregates.ts';
import { IntervalPlan } from './intervalPlan.ts';
import { type PlainSample, seriesRun } from './testbed/seriesRun.ts';
import definition from './vectors/interpolationDefinition.json' with { type: 'json' };
import part13 from './vectors/part13.json' with { type: 'json' };
import supplement from './vectors/supplement.json' with { type: 'json' };
import vendor from './vectors/vendorInterpolated.json' with { type: 'json' };

type Value = number | boolean | string | null;

interface Row {
  readonly offsetMs: number;
  readonly value: Value;
  readonly status: string;
  readonly infoBits?: readonly string[];
  readonly flag?: string;
}

const BITS: Record<string, number> = {
  Calculated: INFO.calculated,
  Interpolated: INFO.interpolated,
  Partial: INFO.partial,
  MultipleValues: INFO.multipleValues,
};

function statusOf(name: string): number {
  const status = name === 'BadDataUnavailable' ? 0x809e0000 : STATUS[name as StatusName];
  if (status === undefined) throw new Error(`unknown status ${name}`);
  return status;
}

function sampleOf({ offsetMs, value, status }: Row): PlainSample {
  return { time: offsetMs * 1000, value: typeof value === 'boolean' ? Number(value) : value, status: statusOf(status) };
}

function calculate(
  name: string,
  rows: readonly Row[],
  range: readonly [number, number, number],
  options: AggregateOptions,
) {
  const [start, end, interval] = range.map((ms) => ms * 1000);
  const plan = IntervalPlan.ofRange(start, end, interval, 1000);
  if (!plan.ok) throw new Error(plan.fault.detail);
  const calculator = AggregateCalculator.of(name as AggregateName, plan.value, options);
  calculator.push(seriesRun(rows.map(sampleOf)));
  return calculator.finish();
}

/** Compares what is not flagged, and tells how many rows that were. */
function expectRows(results: ReturnType<typeof calculate>, expected: readonly Row[]): number {
  expect(results.times.length).toBe(expected.length);
  let compared = 0;
  for (const [row, { offsetMs, value, status, infoBits = [], flag }] of expected.entries()) {
    if (flag) continue;
    const where = `row ${row}`;
    compared++;
    expect(results.times[row] / 1000, where).toBe(offsetMs);
    const whole = infoBits.reduce((bits, name) => bits | BITS[name], statusOf(status)) >>> 0;
    expect(results.statuses[row].toString(16), where).toBe(whole.toString(16));
    const given = valueAt(results, row);
    if (value === null) expect(given, where).toBeNull();
    else if (typeof value === 'string') expect(given, where).toBe(statusOf(value));
    else expect(Math.abs((given as number) - Number(value)), where).toBeLessThan(0.0011);
  }
  return compared;
}

describe('aggregates give the results that the standard prints', () => {
  test.each(part13.cases)('$id', ({ dataset, aggregate, processingIntervalMs, expected, ...options }) => {
    const { points } = part13.datasets.find(({ name }) => name === dataset) as (typeof part13.datasets)[0];
    const compared = expectRows(calculate(aggregate, points, [0, 100_000, processingIntervalMs], options), expected);
    expect(compared).toBe(expected.filter(({ flag }) => flag === '').length);
  });

  test('of annotations, as the text wants it', () => {
    const { points } = part13.datasets[0];
    const times = points.flatMap(({ offsetMs, annotations }) => annotations.map(() => offsetMs * 1000));
    const plan = IntervalPlan.ofRange(0, 100_000_000, 16_000_000, 10);
    if (!plan.ok) throw new Error(plan.fault.detail);
    const calculator = AggregateCalculator.of(
      'AnnotationCount',
      plan.value,
      DEFAULT_AGGREGATE_OPTIONS,
      Float64Array.from(times),
    );
    calculator.push(seriesRun(points.map(sampleOf)));
    const results = calculator.finish();
    expect(Array.from(results.times, (_, row) => valueAt(results, row))).toEqual([0, 0, 2, 1, 1, 0, null]);
    expect(Array.from(results.statuses, (status) => status.toString(16))).toEqual([
      '405',
      '401',
      '401',
      '401',
      '401',
      '405',
      '809b0000',
    ]);
  });
});

/** What contradicts the standard's own tables, and what depends on integer tags, which there are none of here. */
const NOT_FOLLOWED = [
  'pct-PercentGood-False',
  'transitions-mixed-quality',
  'wq-WorstQuality2',
  'ramp-int-StartBound-50.0',
  'ramp-int-Interpolative-57.234',
];

describe('aggregates give the results of the reference implementation', () => {
  const followed = supplement.cases.filter(({ id }) => !NOT_FOLLOWED.includes(id));
  test.each(followed)(
    '$id',
    ({ aggregate, points, startOffsetMs, endOffsetMs, processingIntervalMs, expected, ...options }) => {
      const results = calculate(aggregate, points, [startOffsetMs, endOffsetMs, processingIntervalMs], options);
      expect(expectRows(results, expected)).toBe(expected.length);
    },
  );
  test('but for cases in which the sources disagree', () => {
    const skipped = supplement.cases.filter(({ id }) => NOT_FOLLOWED.includes(id));
    expect(skipped.map(({ flag }) => flag)).toEqual(NOT_FOLLOWED.map(() => 'sources-disagree'));
  });
});

describe('interpolation', () => {
  test.each(definition.cases)('is as defined at $atOffsetMs ms', ({ atOffsetMs, sloped, stepped }) => {
    const at = [atOffsetMs, atOffsetMs + 1, 0] as const;
    const options = { ...DEFAULT_AGGREGATE_OPTIONS, useSlopedExtrapolation: true };
    expect(calculate('Interpolative', definition.points, at, options).values[0]).toBe(sloped);
    expect(calculate('Interpolative', definition.points, at, { ...options, stepped: true }).values[0]).toBe(stepped);
  });

  test.each(vendor.expected)('is that of a commercial historian at $offsetMs ms', ({ offsetMs, value }) => {
    const points = vendor.points.map((point) => ({ ...point, status: 'Good' }));
    const { values } = calculate('Interpolative', points, [offsetMs, offsetMs + 1, 0], DEFAULT_AGGREGATE_OPTIONS);
    expect(values[0].toFixed(1)).toBe(value.toFixed(1));
  });
});
