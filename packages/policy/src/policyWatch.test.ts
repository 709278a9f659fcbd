import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
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
  expect(seen[0]).toMatchObject({ rate10s: 0.3, rate60s: 0.05, refused: 0, overRate: false });
  const never = watch.status().flows.filter(({ lastSeen }) => lastSeen === undefined);
  expect(never.map(({ gateway, flow }) => `${gateway} ${flow.name}`)).toContain('north out/secret');
});

test('SR 7.1: what is over the rate of its flow is left out, counted, and told at once and then once a minute', async () => {
  const { clock, events, watch } = setUp();
  const arrive = (samples: number) => {
    const arrival = {
      lane: 'operational',
      isBehind: false,
      sealedAt: clock.now(),
      arrivedMs: clock.elapsedMs(),
    } as const;
    const tags = Uint32Array.of(...new Array(samples).fill(0), 1, 2, 3);
    const cut = watch.withinRates(arrival, tags, KNOWN, 1);
    if (cut) watch.exceeded(cut.refused);
    return cut?.rows.length ?? samples + 3;
  };
  const seen = () => watch.status().flows.filter(({ refused }) => refused > 0);
  expect(arrive(2_000)).toBe(2_003);
  expect([seen(), events]).toEqual([[], []]);
  for (let second = 0; second < 60; second++) {
    await clock.advance(1_000);
    expect(arrive(150)).toBe(103);
  }
  expect(seen()).toMatchObject([{ gateway: 'north', flow: { name: 'out/values' }, refused: 3_000, overRate: true }]);
  expect(events.map(({ kind, source, detail }) => [kind, source, detail.split(': ')[1]])).toEqual([
    ['policy.refused', 'north', '50 samples were refused'],
  ]);
  await clock.advance(60_000);
  expect(seen()).toMatchObject([{ refused: 3_000, overRate: false }]);
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
  watch.refused('north', 'office/defined', 'operational', 0, 'undeclared');
  expect(events).toEqual([]);
  watch.refused('north', 'office/a', 'operational', 3, 'undeclared');
  for (let at = 0; at < 50; at++) watch.refused('north', `office/${at % 5}`, 'operational', 1, 'undeclared');
  watch.refused('south', 'office/a', 'operational', 1, 'undeclared');
  expect(events.map(({ kind, source }) => [kind, source])).toEqual([
    ['policy.refused', 'north'],
    ['policy.refused', 'south'],
  ]);
  await clock.advance(60_000);
  watch.refused('north', 'office/a', 'operational', 1, 'undeclared');
  expect(events[2].detail).toBe(
    'the policy does not declare office/0, office/1, office/2 and others: 51 samples were refused',
  );
  expect(watch.status().refused[1]).toMatchObject({ gateway: 'north', path: 'office/a', samples: 4, firstAt: 0 });
});

test('SR 7.2: the list of refused tags is bounded, and what does not fit is counted', () => {
  const refused = new RefusedTags();
  for (let tag = 0; tag < 1_005; tag++) {
    const path = `a/${tag}`;
    refused.add({ gateway: 'north', path, lane: 'operational', reason: 'undeclared' }, 2, 0 as never);
  }
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

test('SR 6.1: what belongs to another gateway is told before there are samples of it, without a policy too', () => {
  const events: PlantEvent[] = [];
  const watch = new PolicyWatch(undefined, new ManualClock(), (event) => events.push(event));
  expect([watch.isOpen, watch.admits('north', 'acme/flow', 'operational')]).toEqual([true, true]);
  watch.refused('north', 'acme/flow', 'operational', 0, 'owned');
  watch.refused('north', 'south/_events/x', 'audit', 0, 'foreign');
  expect(events.map(({ source, detail }) => [source, detail])).toEqual([
    ['north', 'another gateway has had before this one acme/flow: 0 samples were refused'],
    [
      'north',
      'a gateway reports on itself only, and this is no report of its own: south/_events/x: 0 samples were refused',
    ],
  ]);
  expect(watch.status()).toMatchObject({
    digest: undefined,
    flows: [],
    refused: [{ reason: 'owned' }, { reason: 'foreign' }],
  });
});

test('SR 7.6, SR 6.2: it is told when the two ends begin to go by different policies, and when they do so no longer', () => {
  const { events, watch } = setUp();
  const ours = policyOf().shortDigest;
  const hear = (policy: string | undefined, at: number) => watch.heard('north', policy, at as Timestamp);
  hear(ours, 1);
  expect(events).toEqual([]);
  for (const at of [2, 3]) hear('ab'.repeat(16), at);
  hear(ours, 2);
  watch.heard('south', undefined, 2 as Timestamp);
  for (const at of [4, 5]) hear(ours, at);
  expect(events.map(({ kind, source }) => [kind, source])).toEqual([
    ['policy.differs', 'north'],
    ['policy.differs', 'south'],
    ['policy.agrees', 'north'],
  ]);
  expect(events[0].detail).toContain(`by the policy ${'ab'.repeat(16)}, and this end by the policy ${ours}`);
  expect(events[1].detail).toContain('the gateway goes by no policy');
});
