import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestLimits } from '../scan/requestBudget.ts';
import { type AskedRequest, type Reaction, VirtualLine } from '../testbed/virtualLine.ts';

const TIMEOUT_MS = 100;
/** 11 bits for each byte at 9600 baud. */
const BYTE_MS = 11_000 / 9600;
/** Virtual time is a double. */
const ROUNDING_MS = 1e-6;

/** What the units of a line do, one request after the other, and when the line is cut or cannot be opened. */
const reaction = fc.record<Reaction>({
  does: fc.constantFrom('answer', 'answer', 'answer', 'refuse', 'babble', 'close', 'nothing'),
  afterMs: fc.constantFrom(0, 1, 20, 90, 150, 700),
});
const life = fc.record({
  units: fc.integer({ min: 1, max: 4 }),
  reactions: fc.array(reaction, { minLength: 1, maxLength: 20 }),
  outages: fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 4 }),
  intervalMs: fc.constantFrom(20, 100, 700),
});
type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

async function live(line: VirtualLine, { units, reactions, outages, intervalMs }: Life, limits: Limits): Promise<void> {
  line.react = () => reactions[line.asked.length % reactions.length];
  const points = [1, 300].map((address) => ({ address: `holding:${address}`, dataType: 'uint16', scanClass: 'scan' }));
  const scanClasses = { scan: { intervalMs } };
  const config = line.config(units, { timeoutMs: TIMEOUT_MS, scanClasses, limits: limits.device });
  const devices = config.devices.map((device, index) => {
    return { ...device, points: points.map((point, at) => ({ ...point, tag: index * 2 + at })) };
  });
  const running = line.start({ ...config, devices, limits: limits.line });
  for (const outageMs of outages) {
    await line.pass(700);
    line.reachable = false;
    line.cut();
    await line.pass(outageMs);
    line.reachable = true;
  }
  await line.pass(2500);
  await line.stop(running);
}

interface Limits {
  readonly device: RequestLimits;
  readonly line: RequestLimits;
}

const rate = fc.constantFrom(1, 3, 8, 40, 300);
const ofUnit = (asked: readonly AskedRequest[]) => [...Map.groupBy(asked, ({ unit }) => unit).values()];

function expectSpacing(asked: readonly AskedRequest[], leastMs: number): void {
  for (let index = 1; index < asked.length; index++) {
    expect(asked[index].atMs - asked[index - 1].atMs).toBeGreaterThanOrEqual(leastMs - ROUNDING_MS);
  }
}

describe('whatever devices answer or do not, and however often the line is cut', () => {
  it.each(['tcp', 'rtu'] as const)('no second holds more requests than allowed (%s)', async (framing) => {
    await fc.assert(
      fc.asyncProperty(life, rate, rate, async (of, deviceRate, lineRate) => {
        const line = new VirtualLine(framing);
        await live(line, of, {
          device: { maxRequestsPerSecond: deviceRate },
          line: { maxRequestsPerSecond: lineRate },
        });
        expect(line.asked).not.toHaveLength(0);
        expectSpacing(line.asked, 1000 / lineRate);
        for (const asked of ofUnit(line.asked)) expectSpacing(asked, 1000 / deviceRate);
      }),
      { numRuns: 40 },
    );
  });

  it.each(['tcp', 'rtu'] as const)('there is a pause before each request, and one at a time (%s)', async (framing) => {
    const pause = fc.constantFrom(0, 3, 50, 400);
    await fc.assert(
      fc.asyncProperty(life, pause, pause, async (of, devicePauseMs, linePauseMs) => {
        const line = new VirtualLine(framing);
        await live(line, of, {
          device: { minRequestPauseMs: devicePauseMs },
          line: { minRequestPauseMs: linePauseMs },
        });
        const pauses = [
          [line.asked, linePauseMs],
          ...ofUnit(line.asked).map((asked) => [asked, devicePauseMs]),
        ] as const;
        for (const [asked, pauseMs] of pauses as readonly (readonly [AskedRequest[], number])[]) {
          for (let index = 1; index < asked.length; index++) {
            const { atMs, doneMs = Number.POSITIVE_INFINITY } = asked[index - 1];
            const overMs = Math.min(doneMs, atMs + TIMEOUT_MS);
            expect(asked[index].atMs).toBeGreaterThanOrEqual(overMs + pauseMs - ROUNDING_MS);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('a serial line is not used for more than its share, in any stretch of time', async () => {
    await fc.assert(
      fc.asyncProperty(life, fc.constantFrom(0.05, 0.2, 0.5, 1), async (of, maxBusShare) => {
        const line = new VirtualLine('rtu');
        await live(line, of, { device: {}, line: { maxBusShare } });
        const { asked } = line;
        // An exchange at either end of the stretch, and an answer of each unit that comes late.
        const endsMs = (2 + of.units) * Math.max(...asked.map(({ wireBytes }) => wireBytes)) * BYTE_MS;
        for (const [from, { atMs }] of asked.entries()) {
          let busyMs = 0;
          for (const later of asked.slice(from)) {
            busyMs += later.wireBytes * BYTE_MS;
            expect(busyMs).toBeLessThanOrEqual((later.atMs - atMs) * maxBusShare + endsMs + ROUNDING_MS);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('nothing is asked and nothing is opened in quiet hours', async () => {
    const minute = 60_000;
    // 12:00 UTC in summer; the test does not know where it runs.
    const start = Date.UTC(2026, 6, 1, 12) * 1000;
    const local = new Date(start / 1000);
    const minuteOfDay = local.getHours() * 60 + local.getMinutes();
    const quietHours = [{ fromMinute: (minuteOfDay + 1) % 1440, toMinute: (minuteOfDay + 2) % 1440 }];
    await fc.assert(
      fc.asyncProperty(life, fc.boolean(), async (of, ofLine) => {
        const line = new VirtualLine('tcp', start as Timestamp);
        const limits = ofLine ? { device: {}, line: { quietHours } } : { device: { quietHours }, line: {} };
        await line.clock.advance(minute - 1500);
        await live(line, { ...of, intervalMs: 100 }, limits);
        for (const atMs of [...line.asked.map((request) => request.atMs), ...line.connectsMs]) {
          expect(atMs < minute || atMs >= 2 * minute).toBe(true);
        }
        expect(line.recorder.count('BadOutOfService')).toBeGreaterThan(of.units);
      }),
      { numRuns: 20 },
    );
  });
});
