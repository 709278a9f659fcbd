import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { summariseRun } from '../../archive/runSummary.ts';
import { lowerBound, type SampleRun, sliceRun, valueAt } from '../../archive/sampleRun.ts';
import { AggregateCalculator } from './aggregateCalculator.ts';
import { type AggregateOptions, DEFAULT_AGGREGATE_OPTIONS } from './aggregateOptions.ts';
import { AGGREGATE_STATUS } from './aggregateStatus.ts';
import { AGGREGATE_NAMES, type AggregateName } from './aggregates.ts';
import { IntervalPlan } from './intervalPlan.ts';
import { qualityOf } from './samplePoint.ts';
import { type PlainSample, seriesRun } from './testbed/seriesRun.ts';
import { SlowAggregate } from './testbed/slowAggregate.ts';

const RESOLUTION = 1000;
const STATUSES = [0, 0, 0, 0x40000000, 0x40a40000, 0x80000000, 0x800a0000, STATUS.BadNoData];

/** Times on a coarse grid, so that samples often lie on the ends of intervals and values often repeat. */
const sample = fc.record({
  time: fc.integer({ min: 0, max: 60 }).map((time) => time * 4 * RESOLUTION),
  value: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: -2, max: 3 }) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  status: fc.constantFrom(...STATUSES),
});
const goodSample = fc.record({
  time: sample.map(({ time }) => time),
  value: fc.integer({ min: 0, max: 9 }),
  status: fc.constant(0),
});
const series = (one: fc.Arbitrary<PlainSample>, selector?: (of: PlainSample) => number) =>
  (selector ? fc.uniqueArray(one, { maxLength: 24, selector }) : fc.array(one, { maxLength: 24 })).map((all) =>
    all.toSorted((a, b) => a.time - b.time),
  );
const options: fc.Arbitrary<AggregateOptions> = fc.record({
  stepped: fc.boolean(),
  treatUncertainAsBad: fc.boolean(),
  percentDataBad: fc.constantFrom(100, 50, 30),
  percentDataGood: fc.constantFrom(100, 70),
  useSlopedExtrapolation: fc.boolean(),
});
const range = fc
  .tuple(fc.integer({ min: -5, max: 260 }), fc.integer({ min: -5, max: 260 }), fc.integer({ min: 0, max: 90 }))
  .filter(([start, end]) => start !== end)
  .map((all) => all.map((time) => time * RESOLUTION) as [number, number, number]);

function planOf([start, end, interval]: readonly [number, number, number]): IntervalPlan {
  const plan = IntervalPlan.ofRange(start, end, interval, 1000);
  if (!plan.ok) throw new Error(plan.fault.detail);
  return plan.value;
}

function rowsOf(calculator: AggregateCalculator) {
  const results = calculator.finish();
  return Array.from(results.times, (time, row) => ({
    time,
    value: valueAt(results, row),
    status: results.statuses[row],
  }));
}

function calculate(
  name: AggregateName,
  run: SampleRun,
  plan: IntervalPlan,
  with_: AggregateOptions,
  annotations?: Float64Array,
) {
  const calculator = AggregateCalculator.of(name, plan, with_, annotations);
  calculator.push(run);
  return rowsOf(calculator);
}

function expectClose(given: ReturnType<typeof rowsOf>, expected: typeof given) {
  expect(given.length).toBe(expected.length);
  for (const [row, { time, value, status }] of given.entries()) {
    const of = expected[row];
    expect({ row, time, status: status.toString(16) }).toEqual({ row, time: of.time, status: of.status.toString(16) });
    if (typeof value === 'number' && typeof of.value === 'number') expect(value).toBeCloseTo(of.value, 6);
    else expect(value).toBe(of.value);
  }
}

describe('every aggregate equals its slow definition', () => {
  test.each(AGGREGATE_NAMES)('%s', (name) => {
    fc.assert(
      fc.property(
        fc.oneof(
          series(sample, ({ time }) => time),
          series(goodSample, ({ time }) => time),
        ),
        range,
        options,
        fc.array(fc.integer({ min: 0, max: 240_000 }), { maxLength: 4 }),
        (samples, [start, end, interval], how, annotations) => {
          annotations.sort((a, b) => a - b);
          const plan = planOf([start, end, interval]);
          const slow = Array.from({ length: plan.count }, (_, row) => {
            const at = plan.isReversed ? plan.count - 1 - row : row;
            const [low, high] = [plan.edges[at], plan.edges[at + 1]];
            const isCut = interval > 0 && high - low < Math.min(interval, Math.abs(end - start));
            const of = new SlowAggregate(samples, { low, high, isReversed: end < start, isCut }, how, annotations);
            return of.result(name);
          });
          expectClose(calculate(name, seriesRun(samples), plan, how, Float64Array.from(annotations)), slow);
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Those whose results depend on the direction: they are of the start of the interval, or tell what is raw there. */
const DIRECTED = [
  'Interpolative',
  'StartBound',
  'EndBound',
  'DeltaBounds',
  'WorstQuality2',
  ...AGGREGATE_NAMES.filter((name) => /^[MR].*2$/.test(name)),
];

describe('backwards, where no sample lies between two intervals, the results are those of forwards', () => {
  test.each(AGGREGATE_NAMES.filter((name) => !DIRECTED.includes(name)))('of %s', (name) => {
    const asked = fc.tuple(
      fc.integer({ min: -5, max: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 20 }),
    );
    fc.assert(
      fc.property(
        series(sample, ({ time }) => time),
        asked,
        options,
        (samples, [start, count, step], how) => {
          const run = seriesRun(samples.map((of) => ({ ...of, time: of.time + 1 })));
          const [low, high] = [start * 4 * RESOLUTION, (start + count * step) * 4 * RESOLUTION];
          const forwards = calculate(name, run, planOf([low, high, step * 4 * RESOLUTION]), how);
          const backwards = calculate(name, run, planOf([high, low, step * 4 * RESOLUTION]), how);
          const untimed = ({ value, status }: (typeof forwards)[0]) => ({ time: 0, value, status });
          expectClose(backwards.toReversed().map(untimed), forwards.map(untimed));
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** Cuts a run at random rows and hands over summaries in place of what can be summarised. */
function pushInPieces(calculator: AggregateCalculator, run: SampleRun, cuts: readonly number[]) {
  const count = run.times.length;
  const rows = [0, ...cuts.map((cut) => cut % (count + 1)), count].sort((a, b) => a - b);
  for (let at = 1; at < rows.length; at++) {
    const [from, to] = [rows[at - 1], rows[at]];
    const summary = summariseRun(run, from, to);
    const isTaken =
      summary !== undefined &&
      calculator.wantsWhole(summary.firstTime, summary.lastTime) &&
      calculator.pushSummary(summary);
    if (!isTaken) calculator.push(sliceRun(run, from, to));
  }
}

describe('the pieces in which samples come make no difference', () => {
  test.each(AGGREGATE_NAMES)('to %s', (name) => {
    const cuts = fc.array(fc.nat(30), { maxLength: 8 });
    fc.assert(
      fc.property(fc.oneof(series(sample), series(goodSample)), range, options, cuts, (samples, asked, how, at) => {
        const plan = planOf(asked);
        const run = seriesRun(samples);
        const calculator = AggregateCalculator.of(name, plan, how);
        pushInPieces(calculator, run, at);
        expectClose(rowsOf(calculator), calculate(name, run, plan, how));
      }),
      { numRuns: 40 },
    );
  });
});

/** The rows that `needed` asks for, found by looking at all. */
function neededRows(run: SampleRun, { needed }: AggregateCalculator, how: AggregateOptions): SampleRun {
  const { earliest, latest, usableBefore, usableAfter } = needed;
  const isUsable = (row: number) => qualityOf(run, row, how.treatUncertainAsBad) !== 2;
  const count = run.times.length;
  let from = lowerBound(run.times, earliest);
  let to = lowerBound(run.times, latest + 1);
  const nearest = [Math.max(0, from - 1), Math.min(count, to + 1)];
  const usable = [...run.times.keys()]
    .slice(0, from)
    .filter(isUsable)
    .slice(-usableBefore || count);
  from = Math.min(usableBefore > 0 ? (usable[0] ?? from) : from, nearest[0]);
  const last = to;
  while (to < count && usableAfter > 0 && !isUsable(to)) to++;
  to = Math.max(to < count && usableAfter > 0 ? to + 1 : last, nearest[1]);
  return sliceRun(run, from, Math.min(count, to));
}

describe('no more samples are needed than are asked for', () => {
  test.each(AGGREGATE_NAMES)('by %s', (name) => {
    fc.assert(
      fc.property(
        series(sample, ({ time }) => time),
        range,
        options,
        (all, asked, how) => {
          const samples = all.filter(({ status }) => status !== STATUS.BadNoData);
          const plan = planOf(asked);
          const run = seriesRun(samples);
          const calculator = AggregateCalculator.of(name, plan, how);
          calculator.push(neededRows(run, calculator, how));
          expectClose(rowsOf(calculator), calculate(name, run, plan, how));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('texts', () => {
  const samples: PlainSample[] = ['open', 'open', 'shut', 'open'].map((value, at) => ({
    time: at * 10_000,
    value,
    status: 0,
  }));
  const plan = planOf([0, 30_000, 0]);
  const held = { ...DEFAULT_AGGREGATE_OPTIONS, stepped: false };
  test.each([
    ['Start', 'open'],
    ['End', 'shut'],
    ['StartBound', 'open'],
    ['EndBound', 'open'],
    ['Interpolative', 'open'],
    ['Count', 3],
    ['NumberOfTransitions', 2],
    ['DurationGood', 30],
    ['WorstQuality', 0],
  ] as const)('%s is %s', (name, value) => {
    expect(calculate(name, seriesRun(samples), plan, held)[0].value).toBe(value);
  });

  test.each([
    'Average',
    'TimeAverage',
    'TimeAverage2',
    'Total',
    'Minimum',
    'Range2',
    'Delta',
    'DurationInStateZero',
    'VarianceSample',
  ] as const)('%s has no use for them', (name) => {
    const [{ value, status }] = calculate(name, seriesRun(samples), plan, held);
    expect([value, status]).toEqual([null, AGGREGATE_STATUS.InvalidInputs]);
  });

  it('are held until the next sample, even between numbers', () => {
    const mixed = [1, 'stop', 3].map((value, at) => ({ time: at * 10_000, value, status: 0 }));
    const every5 = calculate('Interpolative', seriesRun(mixed), planOf([0, 25_000, 5_000]), held);
    expect(every5.map(({ value }) => value)).toEqual([1, 1, 'stop', 'stop', 3]);
  });
});

it('holds the first value of a moment as the end of one interval and the last one as the start of the next', () => {
  const samples = [0, 4, 8].map((value, at) => ({ time: at === 0 ? 0 : 10_000, value, status: 0 }));
  const plan = planOf([0, 20_000, 10_000]);
  expect(calculate('EndBound', seriesRun(samples), plan, DEFAULT_AGGREGATE_OPTIONS)[0].value).toBe(4);
  expect(calculate('StartBound', seriesRun(samples), plan, DEFAULT_AGGREGATE_OPTIONS)[1].value).toBe(8);
});

it('keeps the variance of large numbers', () => {
  const samples = [1, 2, 3].map((value, at) => ({ time: at, value: 1e9 + value, status: 0 }));
  const run = seriesRun(samples);
  const calculator = AggregateCalculator.of('VariancePopulation', planOf([0, 10, 0]), DEFAULT_AGGREGATE_OPTIONS);
  const summary = summariseRun(run);
  expect(summary && calculator.pushSummary(summary)).toBe(false);
  calculator.push(run);
  expect(rowsOf(calculator)[0].value).toBeCloseTo(2 / 3, 9);
});

it('is complete when a sample lies behind the last interval', () => {
  const calculator = AggregateCalculator.of('Average', planOf([0, 10_000, 5_000]), DEFAULT_AGGREGATE_OPTIONS);
  const samples = [0, 9_999, 10_000].map((time) => ({ time, value: 1, status: 0 }));
  calculator.push(seriesRun(samples.slice(0, 2)));
  expect(calculator.isComplete).toBe(false);
  calculator.push(seriesRun(samples.slice(2)));
  expect(calculator.isComplete).toBe(true);
  expect([...calculator.finish().kinds]).toEqual([ValueKind.number, ValueKind.number]);
});
