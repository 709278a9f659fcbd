import { LANES, perLane } from '@tidegate/core/sample/lane.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Conditioner } from './conditioner.ts';
import type { TagRule } from './tagRule.ts';
import { blockOf, RecordingLane, type Row } from './testbed/recordingLane.ts';

const { Good, BadTimeout, Uncertain } = STATUS;
/** Of values of a few units, in doubles. */
const ROUNDING = 1e-14;
/** Evenly spread, unlike `fc.double`, most of whose numbers are all but 0. */
const thousandths = fc.integer({ min: -3000, max: 3000 }).map((count) => count / 1000);

describe('whatever the readings are', () => {
  const TAGS = 4;
  const rule = fc.record({
    lane: fc.constantFrom(...LANES),
    exception: fc.record({
      deviation: fc.constantFrom(0, 0.5, 2),
      maxIntervalMs: fc.constantFrom(undefined, 5, 50),
    }),
  });
  const step = fc.record({
    tag: fc.nat(TAGS),
    elapsedMs: fc.nat(10),
    value: fc.oneof(
      { weight: 8, arbitrary: thousandths },
      fc.constantFrom<SampleValue>(Number.NaN, Infinity, -Infinity, null, 'a', 'b'),
    ),
    status: fc.constantFrom<number>(Good, Good, Good, BadTimeout, Uncertain),
  });

  it('what is left out lies close to what is kept, and the counts balance after every batch', () => {
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: TAGS, maxLength: TAGS }),
        fc.array(fc.array(step, { maxLength: 20 }), { maxLength: 20 }),
        (rules, batches) => {
          const lanes = perLane(() => new RecordingLane());
          const conditioner = new Conditioner(
            rules.map((each, number) => ({ ...each, number })),
            lanes,
          );
          const read: Row[] = [];
          let timeMs = 0;
          for (const batch of batches) {
            const rows = batch.map(({ tag, elapsedMs, value, status }): Row => {
              timeMs += elapsedMs;
              return [tag, timeMs, value, status];
            });
            read.push(...rows);
            conditioner.write(blockOf(rows));
            for (const { counts, rows: kept } of Object.values(lanes)) {
              expect(counts.read).toBe(counts.suppressed + counts.refused + kept.length);
            }
          }
          const counted = Object.values(lanes).reduce((sum, { counts }) => sum + counts.read, 0);
          expect(counted).toBe(read.length);
          expect(lanes.operational.counts.refused).toBe(read.filter(([tag]) => tag === TAGS).length);
          for (const [number, { lane, exception }] of rules.entries()) {
            const ofTag = (rows: readonly Row[]) => rows.filter(([tag]) => tag === number);
            expectFaithful(ofTag(read), ofTag(lanes[lane].rows), exception);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('in whatever order the readings come', () => {
  const reading = fc.record({
    timeMs: fc.nat(30),
    value: fc.oneof(thousandths, fc.constantFrom<SampleValue>(null, 'a', 'b')),
  });

  it('the newest one kept says what the newest one read has said', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(reading, { minLength: 1, maxLength: 40 }), (stepped, readings) => {
        const lanes = perLane(() => new RecordingLane());
        const rule: TagRule = { number: 0, lane: 'operational', stepped, exception: { deviation: 1 } };
        const conditioner = new Conditioner([rule], lanes);
        const { counts, rows } = lanes.operational;
        const read: Row[] = [];
        for (const { timeMs, value } of readings) {
          read.push([0, timeMs, value, Good]);
          conditioner.write(blockOf(read.slice(-1)));
          const [, , newest] = newestOf(read);
          const [, , kept] = newestOf(rows);
          if (typeof newest === 'number' && typeof kept === 'number')
            expect(Math.abs(newest - kept)).toBeLessThanOrEqual(1 + ROUNDING);
          else expect(kept).toBe(newest);
          expect(counts.read).toBe(counts.suppressed + rows.length);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

/** Of several of the same time the last one that came, as in the archive. */
function newestOf(rows: readonly Row[]): Row {
  return rows.reduce((newest, row) => (row[1] >= newest[1] ? row : newest));
}

const sameValue = (a: SampleValue, b: SampleValue) => Object.is(a, b) || a === b;

/** Walks both rows of one tag side by side; times ascend. */
function expectFaithful(
  read: readonly Row[],
  kept: readonly Row[],
  exception: NonNullable<TagRule['exception']>,
): void {
  let next = 0;
  let last: Row | undefined;
  for (const row of read) {
    const [, timeMs, value, status] = row;
    const isKept =
      next < kept.length && row.every((cell, at) => sameValue(cell as SampleValue, kept[next][at] as SampleValue));
    if (isKept) {
      last = kept[next++];
      continue;
    }
    if (!last) throw new Error('the first sample of a tag was left out');
    const [, lastMs, lastValue, lastStatus] = last;
    expect(status).toBe(lastStatus);
    expect(typeof value).toBe(typeof lastValue);
    if (typeof value === 'number' && !sameValue(value, lastValue)) {
      expect(Math.abs(value - Number(lastValue))).toBeLessThanOrEqual(exception.deviation + ROUNDING);
    } else expect(value).toEqual(lastValue);
    expect(timeMs - lastMs).toBeLessThan(exception.maxIntervalMs ?? Infinity);
  }
  expect(next).toBe(kept.length);
}
