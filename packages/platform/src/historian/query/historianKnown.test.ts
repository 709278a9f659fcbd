import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { Historian } from './historian.ts';
import { RunBuilder } from './runBuilder.ts';
import { GatewayStream } from './testbed/gatewayStream.ts';
import { historiansOf, mustSucceed, rowsOf } from './testbed/historians.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);

const TAGS = 2;
const SECOND_US = 1_000_000;
const START_US = 1_700_000_000 * SECOND_US;

const row = fc.tuple(
  fc.nat(TAGS - 1),
  fc.integer({ min: -20, max: 20 }),
  fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom('on', 'off'), fc.constant(null)),
  fc.constantFrom(0, 0x80050000),
);
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('append' as const), rows: fc.array(row, { maxLength: 8 }) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 2500 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('seal' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('merge' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('delete' as const),
      tag: fc.nat(TAGS - 1),
      from: fc.integer({ min: -20, max: 20 }),
      length: fc.integer({ min: 1, max: 20 }),
    }),
  },
);

interface Known {
  readonly tag: number;
  /** Relative to the start, in seconds. */
  readonly time: number;
  readonly value: SampleValue;
  readonly status: number;
  readonly at: number;
}

interface Deletion {
  readonly tag: number;
  readonly from: number;
  readonly to: number;
  readonly at: number;
  /** How many samples had come before it. */
  readonly samples: number;
}

/** What was known when, in the plainest way. */
class Model {
  readonly samples: Known[] = [];
  readonly deletions: Deletion[] = [];

  rows(tag: number, knownAt: number): [number, SampleValue, number][] {
    const bound = Math.floor(knownAt / SECOND_US) * SECOND_US;
    return this.samples
      .map((sample, order) => ({ ...sample, order }))
      .filter((sample) => sample.tag === tag && sample.at < bound)
      .filter(({ time, order }) => !this.deletions.some((deletion) => hides(deletion, tag, time, order, bound)))
      .sort((a, b) => a.time - b.time || a.order - b.order)
      .map(({ time, value, status }) => [START_US + time * SECOND_US, value, status]);
  }
}

function hides(deletion: Deletion, tag: number, time: number, order: number, bound: number): boolean {
  const { from, to, at, samples } = deletion;
  return deletion.tag === tag && at < bound && time >= from && time < to && order < samples;
}

async function known(
  historian: Historian,
  tag: number,
  knownAt: number,
): Promise<[time: number, value: SampleValue, status: number][]> {
  const runs = new RunBuilder();
  const range = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY, knownAt };
  for await (const run of historian.history.scan(tag, range)) if ('times' in run) runs.add(run);
  // That a value has an earlier version is told in the low bits of its status (Part 11, 6.5).
  return rowsOf(runs.build()).map(([time, value, status]) => [time, value, (status & 0xffff0000) >>> 0]);
}

test('as known at any whole second, history is what it was then, whatever was written, merged and deleted since', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const directory = await makeDirectory();
      let clock = new ManualClock(START_US as Timestamp);
      let historian = await openHistorian(directory, { clock });
      const stream = new GatewayStream();
      const model = new Model();
      const moments: number[] = [];
      const first = Array.from({ length: TAGS }, (_, tag) => [tag, 0, 0, 0] as const);
      for (const one of [{ do: 'append', rows: first } as const, ...steps]) {
        if (one.do === 'append') {
          const at = clock.now();
          const rows = one.rows.map(
            ([tag, time, value, status]) => [tag, START_US + time * SECOND_US, value, status] as const,
          );
          for (const [tag, time, value, status] of one.rows) model.samples.push({ tag, time, value, status, at });
          const { header, bytes } = stream.sealRows(rows);
          mustSucceed(await historian.sink.append(header, bytes));
        } else if (one.do === 'wait') await clock.advance(one.ms);
        else if (one.do === 'seal') mustSucceed(await historian.seal());
        else if (one.do === 'merge') await historian.settle();
        else if (one.do === 'reopen') {
          await historian.close();
          clock = new ManualClock(clock.now());
          historian = await openHistorian(directory, { clock });
        } else {
          const { tag, from, length } = one;
          const [start, end] = [START_US + from * SECOND_US, START_US + (from + length) * SECOND_US];
          const author = { tag, by: 'tester', reason: 'a test' };
          const { edit } = mustSucceed(await historian.edit({ kind: 'delete', start, end, ...author }));
          const samples = model.samples.length;
          if (edit) model.deletions.push({ tag, from, to: from + length, at: clock.now(), samples });
        }
        moments.push(clock.now());
      }
      for (const moment of [...moments.filter((_, at) => at % 4 === 0), clock.now() + 2 * SECOND_US]) {
        for (let tag = 0; tag < TAGS; tag++)
          expect(await known(historian, tag, moment)).toEqual(model.rows(tag, moment));
      }
      await historian.close();
    }),
    { numRuns: 15 },
  );
}, 120_000);

test('what came in the second of an edit is told apart, also while the edit was still looking at the disk', async () => {
  const clock = new ManualClock(START_US as Timestamp);
  const historian = await openHistorian(await makeDirectory(), { clock });
  const stream = new GatewayStream();
  const append = async (...rows: (readonly [time: number, value: number])[]) => {
    const { header, bytes } = stream.sealRows(rows.map(([time, value]) => [0, START_US + time, value]));
    mustSucceed(await historian.sink.append(header, bytes));
  };
  await append(...Array.from({ length: 50_000 }, (_, time) => [time, time] as const));
  mustSucceed(await historian.seal());
  await append([60_000, 1], [60_001, 2]);
  const times = Float64Array.of(START_US + 60_000, START_US);
  const editing = historian.edit({ kind: 'delete', times, tag: 0, by: 'tester', reason: 'a test' });
  const appending = append([60_000, 3]);
  mustSucceed(await editing);
  await appending;
  const rows = await known(historian, 0, Number.POSITIVE_INFINITY);
  expect(rows.filter(([time]) => Number(time) >= START_US + 50_000).map(([, value]) => value)).toEqual([3, 2]);
  expect(rows).toHaveLength(50_001);
});

test('at a whole second, what came or was edited exactly then is not known yet', async () => {
  const clock = new ManualClock(START_US as Timestamp);
  const historian = await openHistorian(await makeDirectory(), { clock });
  const { header, bytes } = new GatewayStream().sealRows([[0, START_US, 1]]);
  mustSucceed(await historian.sink.append(header, bytes));
  await clock.advance(5_000);
  const range = { start: START_US, end: START_US + 1 };
  mustSucceed(await historian.edit({ kind: 'delete', ...range, tag: 0, by: 'tester', reason: 'a test' }));
  const counts = [0, 1, 5, 6].map((s) => known(historian, 0, START_US + s * SECOND_US));
  expect((await Promise.all(counts)).map(({ length }) => length)).toEqual([0, 1, 1, 0]);
  const modified = await historian.queries.modified({ tag: historian.tags()[0], ...range, knownAt: START_US + 5e6 });
  expect(mustSucceed(modified).modifications).toHaveLength(0);
});

test('small segments become large ones, and say the same', async () => {
  const directory = await makeDirectory();
  const clock = new ManualClock(START_US as Timestamp);
  const historian = await openHistorian(directory, { clock });
  const stream = new GatewayStream();
  const expected: [number, SampleValue, number][] = [];
  for (let block = 0; block < 66; block++) {
    const rows = Array.from({ length: 400 }, (_, at) => {
      const order = block * 400 + at;
      const time = START_US + (order % 7 === 0 ? order - 300 : order) * SECOND_US;
      return [0, time, order % 50 === 0 ? null : order / 4, order % 50 === 0 ? 0x80050000 : 0] as const;
    });
    for (const [, time, value, status] of rows) expected.push([time, value, status]);
    const { header, bytes } = stream.sealRows(rows);
    mustSucceed(await historian.sink.append(header, bytes));
    mustSucceed(await historian.seal());
  }
  await historian.settle();
  expect(historian.statistics().segments).toBeLessThan(12);
  expected.sort(([a], [b]) => a - b);
  expect(await known(historian, 0, Number.POSITIVE_INFINITY)).toEqual(expected);
  await historian.close();
  const again = await openHistorian(directory, { clock });
  expect(await known(again, 0, Number.POSITIVE_INFINITY)).toEqual(expected);
  expect(again.statistics()).toMatchObject({ samples: 66 * 400, damage: 0 });
});

test('what is older than its class keeps goes, whatever clocks say elsewhere, and nothing else', async () => {
  const directory = await makeDirectory();
  const clock = new ManualClock(START_US as Timestamp);
  const day = 86_400 * SECOND_US;
  const retention = [{ tags: 'north/undefined/0', keepUs: 2 * day }];
  const historian = await openHistorian(directory, { clock, retention });
  const stream = new GatewayStream();
  const append = async (time: number) => {
    const { header, bytes } = stream.sealRows([
      [0, time, 1],
      [1, time, 2],
      // The clock of its device says 2099.
      [2, START_US + 27_000 * day, 3],
    ]);
    mustSucceed(await historian.sink.append(header, bytes));
    mustSucceed(await historian.seal());
  };
  for (let at = 0; at < 5; at++) {
    await append(START_US + at * day);
    await clock.advance(86_400_000);
  }
  await historian.settle();
  expect((await known(historian, 0, Number.POSITIVE_INFINITY)).map(([time]) => (time - START_US) / day)).toEqual([
    3, 4,
  ]);
  expect((await known(historian, 1, Number.POSITIVE_INFINITY)).length).toBe(5);
  expect(historian.statistics()).toMatchObject({ expired: 3, samples: 12 });
});
