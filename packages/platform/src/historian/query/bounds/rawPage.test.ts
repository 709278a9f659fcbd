import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { timestampFromMs } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { blankRun, EMPTY_RUN, type SampleRun, sliceRun } from '../../archive/sampleRun.ts';
import { type RawFindings, rawPage } from './rawPage.ts';
import { type RawRange, type RawRequest, rawRange } from './rawRange.ts';
import vectors from './vectors/raw_bounds.json' with { type: 'json' };

const at = (text: string) => timestampFromMs(Date.parse(text));

function samplesAt(times: readonly number[]): SampleRun {
  const run = blankRun(times.length);
  run.times.set(times);
  run.values.set(times.map((_, row) => row));
  run.kinds.fill(ValueKind.number);
  return run;
}

/** What an archive that holds `stored` finds for a range, by looking at every sample. */
function find(stored: SampleRun, { low, high, atMost, isReversed, wantsBefore, wantsAfter }: RawRange): RawFindings {
  const rows = [...stored.times.keys()];
  const inside = rows.filter((row) => stored.times[row] >= low && stored.times[row] <= high);
  const kept = inside.length <= atMost ? inside : isReversed ? inside.slice(-atMost) : inside.slice(0, atMost);
  const before = rows.findLast((row) => stored.times[row] < low);
  const after = rows.find((row) => stored.times[row] > high);
  const one = (row: number | undefined) => (row === undefined ? EMPTY_RUN : sliceRun(stored, row, row + 1));
  return {
    inside: kept.length === 0 ? EMPTY_RUN : sliceRun(stored, kept[0], kept[kept.length - 1] + 1),
    before: wantsBefore ? one(before) : EMPTY_RUN,
    after: wantsAfter ? one(after) : EMPTY_RUN,
  };
}

function ask(stored: SampleRun, request: RawRequest) {
  const range = rawRange(request);
  if (!range.ok) throw new Error(range.fault.detail);
  return rawPage(range.value, find(stored, range.value));
}

describe('raw samples with bounding values are those of the published table', () => {
  const stored = samplesAt(vectors.stored.map(at));
  test.each(vectors.cases)(
    '$id',
    ({ startTime, endTime, numValuesPerNode, returnBounds, expected, continuationPoint }) => {
      const { samples, hasMore } = ask(stored, {
        start: startTime === null ? undefined : at(startTime),
        end: endTime === null ? undefined : at(endTime),
        limit: numValuesPerNode,
        returnBounds,
      });
      const given = Array.from(samples.times, (time, row) => {
        if (samples.statuses[row] !== STATUS.BadBoundNotFound) return new Date(time / 1000).toISOString();
        expect(samples.kinds[row]).toBe(ValueKind.none);
        return time < stored.times[0] ? 'FIRST' : 'LAST';
      });
      expect(given).toEqual(expected);
      expect(hasMore).toBe(continuationPoint);
    },
  );
});

describe('the lack of a bound', () => {
  const stored = samplesAt([10_000_000, 20_000_000]);
  test.each([
    ['bears the end of the range', { start: 5, end: 30_000_000 }, [5, 10_000_000, 20_000_000, 30_000_000]],
    ['backwards, too', { start: 30_000_000, end: 5 }, [30_000_000, 20_000_000, 10_000_000, 5]],
    ['of an open range lies a second behind the data', { start: 10_000_000 }, [10_000_000, 20_000_000, 21_000_000]],
    ['of an open range backwards a second before', { end: 20_000_000 }, [20_000_000, 10_000_000, 9_000_000]],
    ['beyond all data bears the time asked for', { start: 40_000_000 }, [20_000_000, 40_000_000]],
  ])('%s', (_name, range, times) => {
    expect([...ask(stored, { ...range, limit: 9, returnBounds: true }).samples.times]).toEqual(times);
  });
});

it('keeps texts and statuses', () => {
  const stored: SampleRun = {
    ...samplesAt([1, 2]),
    kinds: Uint8Array.of(2, 2),
    statuses: Uint32Array.of(0, 7),
    strings: ['a', 'b'],
  };
  const { samples } = ask(stored, { start: 2, end: 1, limit: 0, returnBounds: true });
  expect([...samples.values].map((text) => samples.strings[text])).toEqual(['b', 'a']);
  expect([...samples.statuses]).toEqual([7, 0]);
});

it('gives the same pages joined as at once', () => {
  const times = fc
    .uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 12 })
    .map((all) => all.toSorted((a, b) => a - b));
  const time = fc.option(fc.integer({ min: -2, max: 32 }), { nil: undefined });
  fc.assert(
    fc.property(
      times,
      time,
      time,
      fc.boolean(),
      fc.integer({ min: 1, max: 4 }),
      (all, start, end, returnBounds, limit) => {
        fc.pre(start !== undefined || end !== undefined);
        const stored = samplesAt(all);
        const whole = ask(stored, { start, end, limit: 99, returnBounds }).samples.times;
        const joined: number[] = [];
        for (let hasMore = true; hasMore; ) {
          const page = ask(stored, { start, end, limit, returnBounds, continuesBehind: joined.at(-1) });
          joined.push(...page.samples.times);
          hasMore = page.hasMore;
        }
        expect(joined).toEqual([...whole]);
      },
    ),
  );
});

it.each([
  [{ limit: 3, returnBounds: false }],
  [{ start: 1, limit: 0, returnBounds: true }],
  [{ start: 1.5, end: 3, limit: 0, returnBounds: true }],
  [{ start: 1, end: 3, limit: -1, returnBounds: true }],
])('refuses %j', (request) => {
  const range = rawRange(request);
  expect(range.ok ? undefined : range.fault.code).toBe('request.invalid');
});
