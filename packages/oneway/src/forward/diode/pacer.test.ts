import { setImmediate } from 'node:timers/promises';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { describe, expect, it } from 'vitest';
import { Pacer } from './pacer.ts';

const PACKET = 1_500;

describe('the pacer', () => {
  it('sends at its rate, in bursts of no more than two milliseconds of it', async () => {
    const clock = new ManualClock();
    const bursts = new Map<number, number>();
    let sent = 0;
    const pacer = new Pacer({
      ...{ clock, bytesPerSecond: 15_000_000, packetBytes: PACKET, blocked: () => false },
      send: () => {
        sent += PACKET;
        bursts.set(clock.elapsedMs(), (bursts.get(clock.elapsedMs()) ?? 0) + PACKET);
        return PACKET;
      },
    });
    pacer.wake();
    await clock.advance(0);
    await clock.advance(1_000);
    pacer.stop();
    expect(sent).toBeGreaterThan(14_900_000);
    expect(sent).toBeLessThan(15_100_000);
    expect(Math.max(...bursts.values())).toBeLessThanOrEqual(15_000 * 2 + PACKET);
  });

  it('sends four datagrams at once where the rate is low', async () => {
    const clock = new ManualClock();
    const times: number[] = [];
    const send = () => {
      times.push(clock.elapsedMs());
      return PACKET;
    };
    const pacer = new Pacer({ clock, bytesPerSecond: 15_000, packetBytes: PACKET, blocked: () => false, send });
    pacer.wake();
    await clock.advance(0);
    await clock.advance(1_000);
    pacer.stop();
    expect(times.filter((ms) => ms === 0)).toHaveLength(4);
    expect(times.length).toBeGreaterThanOrEqual(13);
    expect(times.length).toBeLessThanOrEqual(15);
  });

  it('saves nothing up while there is nothing to send', async () => {
    const clock = new ManualClock();
    let waiting = 0;
    let sent = 0;
    const send = () => {
      if (waiting === 0) return 0;
      waiting--;
      sent++;
      return PACKET;
    };
    const pacer = new Pacer({ clock, bytesPerSecond: 1_500_000, packetBytes: PACKET, blocked: () => false, send });
    pacer.wake();
    await clock.advance(10_000);
    waiting = 1_000;
    pacer.wake();
    await clock.advance(0);
    expect(sent).toBeLessThanOrEqual(5);
    pacer.stop();
  });

  it('makes good, at no more than twice its rate, what it could not send for a while', async () => {
    const clock = new ManualClock();
    const sentAt: number[] = [];
    const send = () => {
      sentAt.push(clock.elapsedMs());
      return PACKET;
    };
    const blocked = () => clock.elapsedMs() < 15;
    const pacer = new Pacer({ clock, bytesPerSecond: 3_000_000, packetBytes: PACKET, blocked, send });
    pacer.wake();
    for (let ms = 0; ms < 100; ms++) {
      await clock.advance(1);
      await setImmediate();
    }
    pacer.stop();
    const bytesUntil = (ms: number) => sentAt.filter((at) => at <= ms).length * PACKET;
    expect(bytesUntil(15)).toBeLessThanOrEqual(4 * PACKET);
    expect(bytesUntil(20)).toBeLessThanOrEqual(5 * 6_000 + 5 * PACKET);
    expect(bytesUntil(100)).toBeGreaterThan(98 * 3_000);
    expect(bytesUntil(100)).toBeLessThanOrEqual(100 * 3_000 + 5 * PACKET);
  });
});
