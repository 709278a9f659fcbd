import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runOf, type SampleRun } from '../archive/sampleRun.ts';
import { AggregateCalculator } from './aggregate/aggregateCalculator.ts';
import { DEFAULT_AGGREGATE_OPTIONS } from './aggregate/aggregateOptions.ts';
import { AGGREGATE_NAMES } from './aggregate/aggregates.ts';
import { IntervalPlan } from './aggregate/intervalPlan.ts';
import type { RawPlace } from './answer/rawAnswer.ts';
import { filterRun } from './expression/calculate.ts';
import { parseExpression } from './expression/parseExpression.ts';
import type { Historian } from './historian.ts';
import { plotValues } from './plot/plotReducer.ts';
import { definitionOf, GatewayStream, type Row } from './testbed/gatewayStream.ts';
import { appendAll, historiansOf, mustSucceed, rowsOf } from './testbed/historians.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);
const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;
/** Info type DataValue, and "there are modified values" (OPC 10000-11, 6.5.3.3). */
const EXTRA_DATA = 0x0408;

/** A historian with tag 0 in bar and tag 1, the rows in as many segments as there are groups of them but the last. */
async function historianOf(...groups: Row[][]): Promise<Historian> {
  const historian = await openHistorian(await makeDirectory());
  const stream = new GatewayStream();
  mustSucceed(await historian.sink.defineTags('north', [definitionOf(0), definitionOf(1, { stepped: true })]));
  for (const [at, rows] of groups.entries()) {
    await appendAll(historian.sink, [stream.sealRows(rows)]);
    if (at < groups.length - 1) mustSucceed(await historian.seal());
  }
  return historian;
}

const runOfRows = (rows: readonly Row[]): SampleRun =>
  runOf(rows.map(([, time, value, status = 0]) => ({ time, value, status })).sort((a, b) => a.time - b.time));

/** Good numbers at even distances, so that chunks are taken whole, with something else among them now and then. */
const series = fc
  .array(
    fc.record({
      gap: fc.constantFrom(SECOND, SECOND, SECOND, 7 * SECOND, 3_600 * SECOND, 40 * DAY),
      count: fc.integer({ min: 1, max: 400 }),
      odd: fc.constantFrom(0, 0, STATUS.Bad, STATUS.Uncertain, 0x0800),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((stretches) => {
    let time = 1_000 * SECOND;
    return stretches.map(({ gap, count, odd }) =>
      Array.from({ length: count }, (_, at): Row => {
        time += gap;
        return [0, time, at === 3 && odd === STATUS.Bad ? null : Math.sin(time) * 50 + 50, at === 3 ? odd : 0];
      }),
    );
  });

describe('what is asked of a tag', () => {
  test('aggregates are those of all its samples, wherever they lie and however they are read', async () => {
    const ask = fc.tuple(
      series,
      fc.double({ min: -0.2, max: 1.2, noNaN: true }),
      fc.double({ min: -0.2, max: 1.2, noNaN: true }),
    );
    await fc.assert(
      fc.asyncProperty(ask, fc.integer({ min: 1, max: 9 }), fc.boolean(), async ([groups, a, b], parts, sloped) => {
        const historian = await historianOf(...groups);
        const all = runOfRows(groups.flat());
        const [first, last] = [all.times[0], all.times[all.times.length - 1]];
        const at = (share: number) => Math.round(first + share * (last - first + SECOND));
        fc.pre(at(a) !== at(b));
        const interval = Math.ceil(Math.abs(at(b) - at(a)) / parts);
        const plan = mustSucceed(IntervalPlan.ofRange(at(a), at(b), interval, 100));
        const options = { ...DEFAULT_AGGREGATE_OPTIONS, useSlopedExtrapolation: sloped };
        const tag = historian.tag(0)!;
        const answers = mustSucceed(
          await historian.queries.processed({ tag, plan, aggregates: AGGREGATE_NAMES, options }),
        );
        for (const { aggregate, results } of answers) {
          const calculator = AggregateCalculator.of(aggregate, plan, options);
          calculator.push(all);
          const expected = calculator.finish();
          expect([...results.times], aggregate).toEqual([...expected.times]);
          expect([...results.statuses], aggregate).toEqual([...expected.statuses]);
          for (const [row, value] of expected.values.entries()) {
            expect(Math.abs(results.values[row] - value), aggregate).toBeLessThanOrEqual(1e-6 * (1 + Math.abs(value)));
          }
          const alone = mustSucceed(await historian.queries.processed({ tag, plan, aggregates: [aggregate], options }));
          expect([...alone[0].results.statuses], aggregate).toEqual([...expected.statuses]);
        }
        await historian.close();
      }),
      { numRuns: 3 },
    );
  });

  test('the picture is that of all samples', async () => {
    const rows = Array.from({ length: 50_000 }, (_, at): Row => [0, at * SECOND, Math.sin(at / 50) * at]);
    const historian = await historianOf(rows, [[0, 60_000 * SECOND, 1]]);
    const [start, end, width] = [500_500, 49_000 * SECOND, 20];
    const answer = mustSucceed(await historian.queries.plot({ tag: historian.tag(0)!, start, end, width }));
    expect(rowsOf(answer.samples)).toEqual(rowsOf(plotValues(runOfRows(rows), start, end, width)));
  });

  test('what bounds a range is found however far away it lies', async () => {
    const historian = await historianOf(
      [
        [0, 0, 10],
        [0, 1, null, STATUS.Bad],
      ],
      [[0, 900 * DAY, 20]],
    );
    const tag = historian.tag(0)!;
    const times = Float64Array.of(450 * DAY);
    const { values } = mustSucceed(await historian.queries.at({ tag, times }));
    expect(rowsOf(values)).toEqual([[450 * DAY, 15, 0x40a40402]]);
    const request = { start: 100 * DAY, end: 200 * DAY, limit: 0, returnBounds: true };
    const raw = mustSucceed(await historian.queries.raw({ tag, request }));
    expect(rowsOf(raw.samples)).toEqual([
      [1, null, STATUS.Bad],
      [900 * DAY, 20, 0],
    ]);
  });

  test.each([
    ['forwards', 0, 40],
    ['backwards', 40, 0],
  ])('pages of raw samples hold each once, %s, though many have one time', async (_, start, end) => {
    const rows = Array.from({ length: 60 }, (_, at): Row => [0, Math.floor(at / 7) * 5, at]);
    const historian = await historianOf(rows.slice(0, 30), rows.slice(30));
    const tag = historian.tag(0)!;
    for (const limit of [1, 3, 7, 8, 100]) {
      const values: number[] = [];
      let behind: RawPlace | undefined;
      do {
        const request = { start, end, limit, returnBounds: false };
        const page = mustSucceed(await historian.queries.raw({ tag, request, behind }));
        values.push(...page.samples.values);
        behind = page.next;
      } while (behind);
      const wanted = rows.filter(([, time]) => (start < end ? time < 40 : time > 0)).map(([, , value]) => value);
      expect(values).toEqual(start < end ? wanted : wanted.reverse());
    }
  });

  test('values come in another unit, converted before they are summed up', async () => {
    const rows = Array.from({ length: 5_000 }, (_, at): Row => [0, at * SECOND, at % 10]);
    const historian = await historianOf(rows, [[0, 5_000 * SECOND, 0]]);
    const tag = { ...historian.tag(0)!, unit: 'Cel' };
    const plan = mustSucceed(IntervalPlan.ofRange(0, 5_000 * SECOND, 0, 10));
    const aggregates = ['Average', 'Total2', 'Range', 'Count', 'StandardDeviationPopulation'] as const;
    const ask = async (unit?: string) =>
      mustSucceed(await historian.queries.processed({ tag, plan, aggregates, unit })).map(
        ({ results }) => results.values[0],
      );
    const [average, total, range, count, deviation] = await ask();
    const converted = await ask('[degF]');
    const expected = [average * 1.8 + 32, total * 1.8 + 32 * 5_000, range * 1.8, count, deviation * 1.8];
    for (const [at, value] of expected.entries()) expect(converted[at]).toBeCloseTo(value, 6);
    const refused = await historian.queries.processed({ tag, plan, aggregates, unit: 'bar' });
    expect(refused).toMatchObject({ ok: false, fault: { code: 'unit.incommensurable' } });
  });

  test('an expression filters samples, and is calculated', async () => {
    const rows = Array.from({ length: 100 }, (_, at): Row => [0, at * SECOND, at]);
    const pump = Array.from({ length: 10 }, (_, at): Row => [1, at * 10 * SECOND, at % 2]);
    const historian = await historianOf([...rows, ...pump], [[0, 100 * SECOND, 100]]);
    const [tag, other] = historian.tags();
    const expression = mustSucceed(parseExpression("'pump' == 1"));
    const filter = { expression, tags: [other] };
    const kept = filterRun(runOfRows(rows), expression, [{ run: runOfRows(pump), stepped: true }]);
    const request = { start: 0, end: 100 * SECOND, limit: 0, returnBounds: false };
    const raw = mustSucceed(await historian.queries.raw({ tag, request, filter }));
    expect(rowsOf(raw.samples)).toEqual(rowsOf(kept));
    const boundaries = Float64Array.of(0, 100 * SECOND);
    const summary = { calculationBasis: 'eventWeighted' } as const;
    const { columns } = mustSucceed(await historian.queries.summary({ tag, boundaries, summary, filter }));
    expect(columns.counts[0]).toBe(50);
    const sum = mustSucceed(parseExpression("'a' + 100 * 'pump'"));
    const calculation = { expression: sum, tags: [tag, other] };
    const values = mustSucceed(
      await historian.queries.calculated({ calculation, at: Float64Array.of(15.5 * SECOND, 25 * SECOND) }),
    );
    expect([...values.values]).toEqual([115.5, 25]);
    const events = mustSucceed(await historian.queries.calculated({ calculation, at: { start: 0, end: 3 * SECOND } }));
    expect([...events.times]).toEqual([0, SECOND, 2 * SECOND]);
  });

  test('what has been edited is seen by every question', async () => {
    const historian = await historianOf([
      [0, 10, 1],
      [0, 20, 2],
      [0, 30, 3],
    ]);
    const tag = historian.tag(0)!;
    const by = { tag: 0, by: 'anna', reason: 'sensor was out' };
    expect([...historian.latestColumns([0, 1]).values]).toEqual([3]);
    mustSucceed(await historian.edit({ ...by, kind: 'delete', start: 25, end: 40 }));
    expect(historian.latest(0)).toEqual({ time: 20, value: 2, status: 0 });
    mustSucceed(
      await historian.edit({ ...by, kind: 'insert', samples: runOf([{ time: 35, value: 'none', status: 0 }]) }),
    );
    expect(historian.latest(0)).toEqual({ time: 35, value: 'none', status: EXTRA_DATA });
    const { tags, times, strings } = historian.latestColumns([1, 0]);
    expect([[...tags], [...times], strings]).toEqual([[0], [35], ['none']]);
    const stream = new GatewayStream('north');
    stream.sequence = 1;
    await appendAll(historian.sink, [
      stream.sealRows([
        [0, 34, 4],
        [0, 36, 5],
      ]),
    ]);
    expect(historian.latest(0)).toEqual({ time: 36, value: 5, status: 0 });
    mustSucceed(await historian.edit({ ...by, kind: 'delete', start: 0, end: 100 }));
    expect(historian.latest(0)).toBeUndefined();
    expect(historian.latestColumns([0, 1]).tags.length).toBe(0);

    const { modifications } = mustSucceed(await historian.queries.modified({ tag, start: 0, end: 100 }));
    expect(modifications.map(({ type }) => type).sort()).toEqual([...Array(6).fill('delete'), 'insert']);
  });

  test('latest values are those of edits after a restart, too', async () => {
    const directory = await makeDirectory();
    let historian = await openHistorian(directory);
    await appendAll(historian.sink, [
      new GatewayStream().sealRows([
        [0, 10, 1],
        [0, 20, 2],
      ]),
    ]);
    mustSucceed(
      await historian.edit({ tag: 0, by: 'anna', reason: 'noise', kind: 'delete', times: Float64Array.of(20) }),
    );
    await historian.close();
    historian = await openHistorian(directory);
    expect(historian.latest(0)).toEqual({ time: 10, value: 1, status: 0 });
  });

  test('says up to where nothing can change any more', async () => {
    const rows = Array.from({ length: 30 }, (_, at): Row => [0, at * SECOND, at]);
    const historian = await historianOf(rows);
    const tag = historian.tag(0)!;
    const position = historian.sink.position(
      { gateway: 'north', lane: 'operational' },
      { epoch: 1, sequence: 0 },
      'live',
    )!;
    historian.sink.heartbeat(
      { gateway: 'north', lane: 'operational' },
      {
        ...{
          at: (26 * SECOND) as Timestamp,
          head: position,
          oldest: undefined,
          policy: undefined,
          depth: { blocks: 0, samples: 0, bytes: 0 },
        },
        tally: { ...EMPTY_TALLY, read: 30, accepted: 30 },
      },
    );
    const plan = mustSucceed(IntervalPlan.ofRange(0, 40 * SECOND, 10 * SECOND, 10));
    const answers = mustSucceed(
      await historian.queries.processed({ tag, plan, aggregates: ['Average', 'TimeAverage'] }),
    );
    expect(answers.map(({ finalUntil, finals }) => [finalUntil, [...finals]])).toEqual([
      [25 * SECOND, [1, 1, 0, 0]],
      [25 * SECOND, [1, 1, 0, 0]],
    ]);
  });
});
