import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { expect, test } from 'vitest';
import { FlowObserver } from './flowObserver.ts';
import { PolicyWatch } from './policyWatch.ts';
import { RateBuckets } from './rateBuckets.ts';
import { RefusedTags } from './refusedTags.ts';
import { policyOf } from './testbed/policyText.ts';

const KNOWN = [
  { gateway: 'north', path: 'acme/x/flow', lane: 'operational' },
  { gateway: 'south', path: 'acme/x/flow', lane: 'operational' },
  { gateway: 'north', path: 'north/_ledger/operational', lane: 'audit' },
  { gateway: 'north', path: 'acme/x/recipe/a', lane: 'analytical' },
] as const;

function setUp() {
  const clock = new ManualClock();
  const events: PlantEvent[] = [];
  return { clock, events, watch: new PolicyWatch(policyOf(), clock, (event) => events.push(event)) };
}

test('SR 6.2: declared and observed flows are compared, for each gateway', async () => {
  const { clock, watch } = setUp();
  watch.taken(Uint32Array.of(0, 0, 1, 2, 0), KNOWN, 1);
  await clock.advance(1_000);
  const seen = watch.status().flows.filter(({ samples }) => samples > 0);
  expect(seen.map(({ gateway, flow, samples }) => [gateway, flow.name, samples])).toEqual([
    ['north', 'out/values', 3],
    ['south', 'out/values', 1],
  ]);
  expect(seen[0]).toMatchObject({ rate10s: 0.3, rate60s: 0.05, overRate: false });
  const never = watch.status().flows.filter(({ lastSeen }) => lastSeen === undefined);
  expect(never.map(({ gateway, flow }) => `${gateway} ${flow.name}`)).toContain('north out/secret');
});

test('SR 7.1: a flow that is faster than it may be is seen, and stops being seen when it is over', async () => {
  const { clock, watch } = setUp();
  const overRate = () => watch.status().flows.filter((flow) => flow.overRate).length;
  for (let second = 0; second < 10; second++) {
    watch.taken(new Uint32Array(101), KNOWN, 1);
    await clock.advance(1_000);
  }
  expect(overRate()).toBe(1);
  await clock.advance(2_000);
  expect(overRate()).toBe(0);
  expect(watch.status().flows.find(({ samples }) => samples > 0)).toMatchObject({ samples: 1010, rate60s: 1010 / 60 });
});

test('a tag that is defined anew belongs to another flow from then on', () => {
  const { watch } = setUp();
  watch.taken(Uint32Array.of(0), KNOWN, 1);
  watch.taken(Uint32Array.of(0), [KNOWN[3]], 2);
  const counts = watch.status().flows.filter(({ samples }) => samples > 0);
  expect(counts.map(({ flow }) => flow.name)).toEqual(['out/secret', 'out/values']);
});

test('SR 6.1: what is refused is listed, and told at once and then once a minute for each gateway', async () => {
  const { clock, events, watch } = setUp();
  watch.refused('north', 'office/defined', 'operational', 0);
  expect(events).toEqual([]);
  watch.refused('north', 'office/a', 'operational', 3);
  for (let at = 0; at < 50; at++) watch.refused('north', `office/${at % 5}`, 'operational', 1);
  watch.refused('south', 'office/a', 'operational', 1);
  expect(events.map(({ kind, source }) => [kind, source])).toEqual([
    ['policy.refused', 'north'],
    ['policy.refused', 'south'],
  ]);
  await clock.advance(60_000);
  watch.refused('north', 'office/a', 'operational', 1);
  expect(events[2].detail).toBe(
    'the policy does not declare office/0, office/1, office/2 and others: 51 samples were refused',
  );
  expect(watch.status().refused[1]).toMatchObject({ gateway: 'north', path: 'office/a', samples: 4, firstAt: 0 });
});

test('SR 7.2: the list of refused tags is bounded, and what does not fit is counted', () => {
  const refused = new RefusedTags();
  for (let tag = 0; tag < 1_005; tag++) refused.add('north', `a/${tag}`, 'operational', 2, 0 as never);
  expect([refused.list().length, refused.others]).toEqual([1_000, 10]);
});

test('an observer that has slept for an hour knows of no rate', () => {
  const observer = new FlowObserver(2);
  observer.assign(5_000, 1);
  expect([...observer.observe(Uint32Array.of(5_000, 5_000, 7), 10, 0)]).toEqual([7]);
  expect(observer.figures(1, 1_000)).toEqual({ samples: 2, lastSeen: 10, rate10s: 0.2, rate60s: 2 / 60 });
  expect(observer.figures(1, 3_600_000)).toMatchObject({ samples: 2, rate10s: 0, rate60s: 0 });
  expect(observer.figures(0, 3_600_000)).toMatchObject({ samples: 0, lastSeen: undefined });
});

test('a bucket holds ten seconds and is filled by its rate', () => {
  const buckets = new RateBuckets([0.01, 3]);
  const takeAll = (bucket: number) => {
    let taken = 0;
    while (buckets.take(bucket)) taken++;
    return taken;
  };
  expect([takeAll(0), takeAll(1)]).toEqual([1, 30]);
  buckets.refill(500);
  expect([takeAll(0), takeAll(1)]).toEqual([0, 1]);
  buckets.refill(1_000_000);
  expect([takeAll(0), takeAll(1)]).toEqual([1, 30]);
});
