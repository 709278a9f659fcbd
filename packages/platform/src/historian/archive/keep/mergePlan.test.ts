import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PlannedSegment, planMerge } from './mergePlan.ts';

function segmentsOf(samples: readonly number[], generation = 1): PlannedSegment[] {
  return samples.map((count, at) => ({
    head: { generation, from: at, end: at + 1, revision: 0 },
    samples: count,
    fileBytes: count * 2,
    receiptsBytes: count >> 3,
  }));
}

test.each<[string, number[], readonly [number, number] | undefined]>([
  ['too few', [1, 1, 1, 1, 1, 1, 1], undefined],
  ['eight of one size', [5, 5, 5, 5, 5, 5, 5, 5], [0, 8]],
  ['eight small ones behind a large one', [900, 5, 5, 5, 5, 5, 5, 5, 5], [1, 9]],
  ['small ones that a large one stands among', [5, 5, 5, 5, 900, 5, 5, 5], undefined],
  ['large ones, and the few small ones behind them', [80, 80, 80, 80, 80, 80, 80, 80, 1, 1], [2, 10]],
  ['what would become too large', Array.from({ length: 8 }, () => 1e8), undefined],
])('%s', (_name, samples, expected) => {
  expect(planMerge(segmentsOf(samples))).toEqual(expected);
});

test('what a few samples each of very many streams would make too large in memory stays apart', () => {
  const segments = segmentsOf(Array.from({ length: 8 }, () => 1_000)).map((one) => ({ ...one, receiptsBytes: 5e6 }));
  expect(planMerge(segments)).toBeUndefined();
});

test('segments of two lives of the log stay apart', () => {
  expect(planMerge([...segmentsOf([5, 5, 5, 5]), ...segmentsOf([5, 5, 5, 5], 2)])).toBeUndefined();
});

test('merging comes to an end, leaves few segments, and writes no sample often', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 400 }), (sizes) => {
      const held: { samples: number; written: number }[] = [];
      for (const samples of sizes) {
        held.push({ samples, written: 1 });
        for (let plan = planOf(held); plan; plan = planOf(held)) {
          const group = held.slice(...plan);
          const all = group.reduce((sum, one) => sum + one.samples, 0);
          const written = Math.max(...group.map((one) => one.written)) + 1;
          held.splice(plan[0], plan[1] - plan[0], { samples: all, written });
        }
      }
      const levels = Math.log2(sizes.length + 2);
      expect(held.length).toBeLessThanOrEqual(8 * levels);
      expect(Math.max(...held.map(({ written }) => written))).toBeLessThanOrEqual(levels + 4);
    }),
  );
});

function planOf(held: readonly { samples: number }[]) {
  return planMerge(segmentsOf(held.map(({ samples }) => samples)));
}
