/** What is promised of samples that were left out, whatever the readings are: see the README beside this. */

import { perLane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Conditioner } from './conditioner.ts';
import type { CompressionRule, TagRule } from './tagRule.ts';
import { blockOf, RecordingLane, type Row } from './testbed/recordingLane.ts';

const { Good, BadTimeout, Uncertain } = STATUS;
const RUNS = 1500;
/** Corridors are computed in doubles, of values around 1: what is promised holds but for their rounding. */
const ROUNDING = 1e-9;

/** Evenly spread, unlike `fc.double`, most of whose numbers are all but 0. */
function thousandths(most: number) {
  return fc.integer({ min: -1000 * most, max: 1000 * most }).map((count) => count / 1000);
}

/** How the signal goes on: it moves by so much, or says something that stands on no line. */
const step = fc.record({
  elapsedMs: fc.integer({ min: 1, max: 10 }),
  move: fc.oneof(
    { weight: 12, arbitrary: thousandths(1) },
    { weight: 6, arbitrary: fc.constantFrom(0, 0, 0.25, -0.25) },
    { weight: 1, arbitrary: fc.constantFrom<Row[2]>(Number.NaN, Infinity, null, 'off') },
  ),
  status: fc.oneof(
    { weight: 20, arbitrary: fc.constant<number>(Good) },
    fc.constantFrom<number>(BadTimeout, Uncertain),
  ),
});

const deviation = fc.constantFrom(0, 0.1, 0.5, 1);
const rule = fc.record({
  exception: fc.record({ deviation, maxIntervalMs: fc.constantFrom(undefined, 20) }),
  compression: fc.record({
    deviation,
    minIntervalMs: fc.constantFrom(undefined, 15),
    maxIntervalMs: fc.constantFrom(undefined, 30, 60),
  }),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Times ascend; a walk of numbers, with what stands on no line in between. */
function seriesOf(steps: readonly Step[]): Row[] {
  let timeMs = 0;
  let level = 0;
  return steps.map(({ elapsedMs, move, status }): Row => {
    timeMs += elapsedMs;
    if (typeof move !== 'number' || !Number.isFinite(move)) return [0, timeMs, move, status];
    level += move;
    return [0, timeMs, level, status];
  });
}

function conditionerOf(rules: Pick<TagRule, 'exception' | 'compression' | 'stepped'>) {
  const lanes = perLane(() => new RecordingLane());
  const conditioner = new Conditioner([{ number: 0, lane: 'analytical', ...rules }], lanes);
  return { conditioner, lane: lanes.analytical };
}

/** What was left out of `read`, each with its neighbours in `kept`; both in order of time. */
function leftOut(read: readonly Row[], kept: readonly Row[]) {
  const times = new Set(kept.map(([, timeMs]) => timeMs));
  return read
    .filter(([, timeMs]) => !times.has(timeMs))
    .map((row) => {
      const after = kept.findIndex(([, timeMs]) => timeMs > row[1]);
      return { row, before: kept[after < 0 ? kept.length - 1 : after - 1], after: after < 0 ? undefined : kept[after] };
    });
}

function lineAt(timeMs: number, [, fromMs, from]: Row, [, toMs, to]: Row): number {
  return Number(from) + ((Number(to) - Number(from)) * (timeMs - fromMs)) / (toMs - fromMs);
}

it('every sample left out lies within both deviations of the line, no gap is too long, and every change of status is kept', () => {
  fc.assert(
    fc.property(rule, fc.array(fc.array(step, { maxLength: 25 }), { maxLength: 8 }), (rules, batches) => {
      const { conditioner, lane } = conditionerOf(rules);
      const read = seriesOf(batches.flat());
      let from = 0;
      for (const { length } of batches) {
        conditioner.write(blockOf(read.slice(from, from + length)));
        from += length;
        const { counts, rows } = lane;
        expect(counts.read).toBe(counts.suppressed + counts.compressed + counts.refused + rows.length);
      }
      conditioner.release();
      expect(lane.counts.read).toBe(lane.counts.suppressed + lane.counts.compressed + lane.rows.length);
      expectNoneInvented(read, lane.rows);
      expectChangesKept(read, lane.rows);
      for (const each of leftOut(read, lane.rows)) expectPromise(each, rules);
    }),
    { numRuns: RUNS },
  );
});

function expectNoneInvented(read: readonly Row[], kept: readonly Row[]): void {
  const byTime = new Map(read.map((row) => [row[1], row]));
  expect(kept.map(([, timeMs]) => byTime.get(timeMs))).toEqual(kept);
}

function expectChangesKept(read: readonly Row[], kept: readonly Row[]): void {
  const times = new Set(kept.map(([, timeMs]) => timeMs));
  for (let at = 1; at < read.length; at++) {
    const [before, row] = [read[at - 1], read[at]];
    if (row[3] === before[3] && typeof row[2] === typeof before[2]) continue;
    expect(times, 'a change').toContain(row[1]);
    // Before a value that is missing, or a text, there is none for a line to end with.
    if (typeof before[2] === 'number') expect(times, 'the last one before it').toContain(before[1]);
  }
}

function expectPromise(
  { row, before, after }: ReturnType<typeof leftOut>[number],
  rules: { readonly exception: { readonly deviation: number }; readonly compression: CompressionRule },
): void {
  const [, timeMs, value, status] = row;
  const { deviation: door, minIntervalMs = 0, maxIntervalMs = Infinity } = rules.compression;
  expect(status).toBe(before[3]);
  expect(typeof value).toBe(typeof before[2]);
  expect(timeMs - before[1], 'no gap exceeds the maximum by more than one sample').toBeLessThan(maxIntervalMs);
  if (typeof value !== 'number' || !Number.isFinite(value)) expect(value).toEqual(before[2]);
  else if (timeMs - before[1] >= minIntervalMs) {
    const limit = rules.exception.deviation + (after ? door : 0);
    const line = after ? lineAt(timeMs, before, after) : Number(before[2]);
    expect(Math.abs(value - line)).toBeLessThanOrEqual(limit + ROUNDING);
  }
}

it('without compression, every number left out lies within the deviation of the last one kept, and within twice that of the line', () => {
  fc.assert(
    fc.property(deviation, fc.array(step, { maxLength: 100 }), (limit, steps) => {
      const { conditioner, lane } = conditionerOf({ exception: { deviation: limit } });
      const read = seriesOf(steps);
      conditioner.write(blockOf(read));
      for (const { row, before, after } of leftOut(read, lane.rows)) {
        if (typeof row[2] !== 'number' || !Number.isFinite(row[2])) continue;
        expect(Math.abs(row[2] - Number(before[2]))).toBeLessThanOrEqual(limit + ROUNDING);
        if (typeof after?.[2] !== 'number' || after[3] !== row[3]) continue;
        expect(Math.abs(row[2] - lineAt(row[1], before, after))).toBeLessThanOrEqual(2 * limit + ROUNDING);
      }
    }),
    { numRuns: RUNS },
  );
});

it('in whatever order samples come, late ones are kept, and the newest one kept tells what the newest one read has told', () => {
  const reading = fc.record({
    timeMs: fc.nat(40),
    value: fc.oneof(thousandths(3), fc.constantFrom<Row[2]>(null, 'a')),
  });
  fc.assert(
    fc.property(rule, fc.array(reading, { minLength: 1, maxLength: 40 }), (rules, readings) => {
      const { conditioner, lane } = conditionerOf(rules);
      const late: number[] = [];
      const read: Row[] = [];
      for (const { timeMs, value } of readings) {
        if (read.some((earlier) => earlier[1] > timeMs)) late.push(timeMs);
        read.push([0, timeMs, value, Good]);
        conditioner.write(blockOf(read.slice(-1)));
        const { counts, rows } = lane;
        expect(counts.read).toBe(counts.suppressed + counts.compressed + rows.length);
      }
      conditioner.release();
      const keptMs = lane.rows.map(([, timeMs]) => timeMs);
      expect(keptMs).toEqual(expect.arrayContaining(late));
      const [, , newest] = newestOf(read);
      const [, , kept] = newestOf(lane.rows);
      if (typeof newest !== 'number') expect(kept).toBe(newest);
      else expect(Math.abs(newest - Number(kept))).toBeLessThanOrEqual(rules.exception.deviation + ROUNDING);
    }),
    { numRuns: RUNS },
  );
});

/** Of several of the same time the last one that came, as in the archive. */
function newestOf(rows: readonly Row[]): Row {
  return rows.reduce((newest, row) => (row[1] >= newest[1] ? row : newest));
}
