import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { pending, unexplained } from '../ingest/streamLedger.ts';
import { GatewayStream, type Row, type SealedBlock } from './testbed/gatewayStream.ts';
import { historiansOf, mustSucceed, rowsOf } from './testbed/historians.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);

const TAGS = 3;

const row = fc.tuple(
  fc.nat(TAGS - 1),
  fc.integer({ min: -50, max: 50 }),
  fc.oneof(
    fc.double({ noNaN: true }),
    fc.integer({ min: 0, max: 3 }),
    fc.constantFrom('on', 'off', 'ünï'),
    fc.constant(null),
  ),
  fc.constantFrom(0, 0x80050000),
);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), rows: fc.array(row, { maxLength: 12 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('query' as const),
      start: fc.integer({ min: -60, max: 60 }),
      length: fc.nat(120),
      limit: fc.nat(30),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), back: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), rows: fc.array(row, { maxLength: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('seal' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
);

/** What a historian should hold, in the plainest way. */
class Model {
  readonly rows: Row[] = [];
  missing = 0;

  raw(tag: number, start: number, end: number, limit: number): [number, SampleValue, number][] {
    return this.rows
      .map(([number, time, value, status], order) => ({ number, time, value, status: status ?? 0, order }))
      .filter(({ number, time }) => number === tag && time >= start && time < end)
      .sort((a, b) => a.time - b.time || a.order - b.order)
      .slice(0, limit)
      .map(({ time, value, status }) => [time, value, status]);
  }
}

test('whatever happens in whatever order, the historian holds what a list in memory would', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const directory = await makeDirectory();
      let historian = await openHistorian(directory);
      const stream = new GatewayStream();
      const model = new Model();
      const sent: SealedBlock[] = [];
      const append = async ({ header, bytes }: SealedBlock) => mustSucceed(await historian.sink.append(header, bytes));
      // Every tag is seen once in order, so that tag numbers and indexes are the same.
      for (const one of [
        { do: 'append', rows: Array.from({ length: TAGS }, (_, tag) => [tag, 0, 0, 0] as const) } as const,
        ...steps,
      ]) {
        if (one.do === 'append') {
          model.rows.push(...one.rows);
          const block = stream.sealRows(one.rows);
          sent.push(block);
          await append(block);
        } else if (one.do === 'repeat') await append(sent[Math.max(0, sent.length - 1 - one.back)]);
        else if (one.do === 'seal') mustSucceed(await historian.seal());
        else if (one.do === 'lose') {
          stream.sealRows(one.rows);
          model.missing += one.rows.length;
          const block = stream.sealRows([]);
          sent.push(block);
          await append(block);
        } else if (one.do === 'reopen') {
          await historian.close();
          historian = await openHistorian(directory);
        } else {
          const [start, end] = [one.start as Timestamp, (one.start + one.length) as Timestamp];
          for (let tag = 0; tag < TAGS; tag++) {
            expect(rowsOf(await historian.raw(tag, start, end, one.limit))).toEqual(
              model.raw(tag, start, end, one.limit),
            );
            const inRange = model.raw(tag, start, end, 1e6);
            expect(rowsOf(await historian.raw(tag, start, end, one.limit, 'newest'))).toEqual(
              inRange.slice(Math.max(0, inRange.length - one.limit)),
            );
          }
        }
      }
      for (let tag = 0; tag < TAGS; tag++) {
        const all = model.raw(tag, -100, 100, 1e6);
        expect(rowsOf(await historian.raw(tag, -100 as Timestamp, 100 as Timestamp, 1e6))).toEqual(all);
        const [time, value, status] = all[all.length - 1];
        expect(historian.latest(tag)).toEqual({ time, value, status });
      }
      const [ledger] = historian.ledgers();
      expect([ledger.stored, pending(ledger), unexplained(ledger)]).toEqual([model.rows.length, model.missing, 0]);
      expect(historian.statistics().samples).toBe(model.rows.length);
      await historian.close();
    }),
    { numRuns: 60 },
  );
}, 60_000);
