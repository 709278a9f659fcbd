import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { US_PER_MS, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { DeliveryLatency } from './deliveryLatency.ts';
import { LagHistogram } from './lagHistogram.ts';

const OBJECTIVES = { operational: 250, analytical: 10_000, audit: 10_000 };
/** Even tags are operational. */
const laneOf = (tag: number): Lane => (tag % 2 === 0 ? 'operational' : 'analytical');

let clock: ManualClock;
let latency: DeliveryLatency;
beforeEach(() => {
  clock = new ManualClock();
  latency = new DeliveryLatency({ objectivesMs: OBJECTIVES, clock, laneOf });
});

/** Samples that are served now, each so many milliseconds old. */
function serve(...samples: readonly (readonly [tag: number, lagMs: number])[]): void {
  const block = new SampleBlockBuilder();
  for (const [tag, lagMs] of samples) block.pushNumber(tag, clock.now() - lagMs * US_PER_MS, 0, STATUS.Good);
  latency.observe(block.tags.subarray(0, block.count), block);
}

describe('the latency of a lane', () => {
  it('is that of its own samples', () => {
    serve([0, 5], [2, 7], [4, 9], [1, 4_000]);
    const [operational, analytical, audit] = latency.lanes();
    expect(operational).toEqual({
      lane: 'operational',
      objectiveMs: 250,
      samples: 3,
      p50Ms: 7,
      p99Ms: 9,
      maxMs: 9,
    });
    expect(analytical).toMatchObject({ samples: 1, p50Ms: 4_000, maxMs: 4_000 });
    expect(audit).toMatchObject({ samples: 0, p50Ms: undefined, p99Ms: undefined, maxMs: undefined });
  });

  it('leaves out what is older than a sample of the same tag before it: a backlog, or what a device has stored', () => {
    serve([0, 5]);
    serve([0, 3_600_000], [0, 3_599_000]);
    expect(latency.lanes()[0]).toMatchObject({ samples: 1, maxMs: 5 });
  });

  it('leaves out what exception reporting brings with the next sample of its tag', () => {
    serve([0, 1_000]);
    serve([0, 500], [2, 400], [0, 5]);
    expect(latency.lanes()[0]).toMatchObject({ samples: 3, p50Ms: 415, maxMs: 1_000 });
    expect(latency.tag(0)).toMatchObject({ lastMs: 5, maxMs: 1_000 });
  });

  it('is measured on a part of what comes where far more comes than a plant reads', async () => {
    for (let batch = 0; batch < 40; batch++) {
      serve(...Array.from({ length: 10_000 }, (_, tag) => [tag * 2 + batch * 20_000, 3] as const));
    }
    serve([1, 7]);
    expect(latency.lanes().map(({ samples }) => samples)).toEqual([250_000, 1, 0]);
    await clock.advance(1_000);
    serve([0, 4]);
    expect(latency.lanes()[0]).toMatchObject({ samples: 250_001 });
  });

  it('is forgotten after two minutes', async () => {
    serve([0, 900]);
    await clock.advance(61_000);
    expect(latency.lanes()[0]).toMatchObject({ samples: 1, maxMs: 900 });
    await clock.advance(61_000);
    expect(latency.lanes()[0]).toMatchObject({ samples: 0 });
  });

  it('of a clock that is behind counts as none', () => {
    serve([0, -2_000]);
    expect(latency.lanes()[0]).toMatchObject({ samples: 1, p99Ms: 0, maxMs: 0 });
  });
});

describe('the latency of a tag', () => {
  it('tells the last, the worst, and how many were late', async () => {
    for (const lagMs of [20, 400, 300, 30]) {
      await clock.advance(1_000);
      serve([6, lagMs]);
    }
    expect(latency.tag(6)).toEqual({ tag: 6, lane: 'operational', lastMs: 30, maxMs: 400, late: 2 });
    expect(latency.tag(7)).toBeUndefined();
    expect(latency.tag(1e6)).toBeUndefined();
  });

  it('is among the late ones where it was later than promised, the worst first', () => {
    serve([0, 251], [1, 9_000], [2, 800], [3, 10_001]);
    expect(latency.lateTags(10).map(({ tag }) => tag)).toEqual([3, 2, 0]);
    expect(latency.lateTags(1).map(({ tag }) => tag)).toEqual([3]);
  });
});

it('a percentile is at most an eighth above the exact one, and never below', () => {
  const lags = fc.array(fc.integer({ min: 0, max: 40 * US_PER_S }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(lags, fc.constantFrom(0.5, 0.9, 0.99, 1), (all, fraction) => {
      const [now, before] = [new LagHistogram(), new LagHistogram()];
      for (const [index, lag] of all.entries()) (index % 3 === 0 ? before : now).add(lag);
      const exact = all.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(fraction * all.length) - 1)];
      const estimate = now.percentile(fraction, before) ?? -1;
      expect(estimate).toBeGreaterThanOrEqual(exact);
      expect(estimate).toBeLessThanOrEqual(exact * 1.125 + 1);
    }),
  );
});
