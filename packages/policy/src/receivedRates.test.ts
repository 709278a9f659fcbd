import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RateBuckets } from './rateBuckets.ts';
import { type BlockArrival, ReceivedRates } from './receivedRates.ts';

const S = 1e6;
const DAY_S = 86_400;
const LIVE = { lane: 'operational', isBehind: false } as const;
const at = (sealedS: number, arrivedS: number, way: Pick<BlockArrival, 'lane' | 'isBehind'> = LIVE): BlockArrival => ({
  ...way,
  sealedAt: sealedS * S,
  arrivedMs: arrivedS * 1_000,
});

/** Samples taken of one block each second, of which `wanted` are offered each. */
function takeEachSecond(rates: ReceivedRates, seconds: number, wanted: number, arrival: (s: number) => BlockArrival) {
  let taken = 0;
  for (let second = 0; second < seconds; second++) taken += rates.take(0, wanted, arrival(second));
  return taken;
}

describe('SR 7.1: what comes of a flow is held to its declared rate at the receiver too', () => {
  test('a flood at once: twice what the gateway allows at once, and the rest is refused', () => {
    const rates = new ReceivedRates([10]);
    expect(rates.take(0, 100_000, at(1_000, 1_000))).toBe(200);
    expect(rates.take(0, 100_000, at(1_001, 1_001))).toBe(10);
  });

  test('ten times the rate for ten minutes: what is declared is taken', () => {
    const taken = takeEachSecond(new ReceivedRates([10]), 600, 100, (s) => at(s, s));
    expect(taken).toBe(200 + 599 * 10);
  });

  test('a flow without a limit has none', () => {
    const rates = new ReceivedRates([undefined, 1]);
    expect([rates.limited, rates.take(0, 1e6, at(0, 0)), rates.take(1, 1e6, at(0, 0))]).toEqual([true, 1e6, 20]);
    expect(new ReceivedRates([undefined]).limited).toBe(false);
  });

  test('a gateway that claims other times than the true ones gains one long backlog, and no more', () => {
    const rates = new ReceivedRates([1]);
    const taken = takeEachSecond(rates, 100, 1e7, (s) => at(s * DAY_S, s));
    expect(taken).toBe(30 * DAY_S + 20 + 99);
    expect(takeEachSecond(rates, 100, 1e7, (s) => at((100 + s) * DAY_S, 100 + s))).toBe(100);
  });
});

describe('SR 7.1: what a gateway may send is never refused for its rate', () => {
  test('72 hours that drain within seconds, beside live data', () => {
    const rates = new ReceivedRates([10]);
    const [before, outage] = [100, 72 * 3_600];
    takeEachSecond(rates, before, 10, (s) => at(s, s));
    const now = before + outage;
    for (let second = 0; second < 60; second++) {
      expect(rates.take(0, 10, at(now + second, now + second))).toBe(10);
      const backlog = (s: number) => at(before + second * 4_320 + s, now + second, { ...LIVE, isBehind: true });
      expect(takeEachSecond(rates, 4_320, 10, backlog)).toBe(43_200);
    }
  });

  test('blocks of a minute each, in either lane', () => {
    const rates = new ReceivedRates([10]);
    for (let minute = 0; minute < 100; minute++) {
      for (const lane of ['operational', 'analytical'] as const) {
        const arrival = { lane, isBehind: false, sealedAt: minute * 60 * S, arrivedMs: 5 };
        expect(rates.take(0, minute === 0 ? 200 : 600, arrival)).toBe(minute === 0 ? 200 : 600);
      }
    }
  });

  test.each([
    ['set back by two hours', (s: number) => (s < 50 ? s : s - 7_200)],
    ['set forward by ten years', (s: number) => (s < 50 ? s : s + 3_650 * DAY_S)],
    ['that stands', () => 7],
  ])('live data under a clock that is %s', (_what, clock) => {
    expect(takeEachSecond(new ReceivedRates([10]), 1_000, 10, (s) => at(clock(s), s))).toBe(10_000);
  });

  test('a backlog in which the clock was set back', () => {
    const clock = (s: number) => (s < 5_000 ? s : s - 7_200);
    expect(takeEachSecond(new ReceivedRates([10]), 20_000, 10, (s) => at(clock(s), 0))).toBe(200_000);
  });

  test('whatever the gateway lets pass, sealed in blocks that come when they will', () => {
    const load = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 20_000 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(load, fc.integer({ min: 0, max: 30 }), (blocks, backlogAt) => {
        const gateway = new RateBuckets([10]);
        const server = new ReceivedRates([10]);
        let nowMs = 0;
        for (const [index, [read, waitMs]] of blocks.entries()) {
          nowMs += waitMs;
          gateway.refill(nowMs);
          let kept = 0;
          for (let sample = 0; sample < read; sample++) if (gateway.take(0)) kept++;
          const arrivedMs = index < backlogAt ? 0 : nowMs;
          const arrival = { ...LIVE, sealedAt: nowMs * 1_000, arrivedMs };
          expect(server.take(0, kept, arrival)).toBe(kept);
        }
      }),
    );
  });
});
