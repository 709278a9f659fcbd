import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScanSchedule } from './scanSchedule.ts';

describe('scan schedule', () => {
  it('is due at once, and then on multiples of the interval from the start', () => {
    const schedule = new ScanSchedule(1000, 100);
    expect(schedule.dueMs).toBe(1000);
    expect(schedule.take(1000)).toBe(0);
    expect(schedule.dueMs).toBe(1100);
    expect(schedule.take(1099.9)).toBeUndefined();
  });

  it('does not drift when timers are late', () => {
    const schedule = new ScanSchedule(0, 100);
    for (let tick = 0; tick < 1000; tick++) expect(schedule.take(tick * 100 + 17)).toBe(0);
    expect(schedule.dueMs).toBe(100_000);
  });

  it('moves by its offset', () => {
    const schedule = new ScanSchedule(0, 100, 30);
    expect(schedule.take(29)).toBeUndefined();
    expect(schedule.take(30)).toBe(0);
    expect(schedule.dueMs).toBe(130);
  });

  it('ticks once ahead of a rhythm that begins late', () => {
    const schedule = new ScanSchedule(100, 60_000, 12_345);
    expect(schedule.dueMs).toBe(445);
    expect(schedule.take(450)).toBe(0);
    expect([schedule.takenMs, schedule.dueMs]).toEqual([445, 12_445]);
    expect(schedule.take(12_500)).toBe(0);
    expect([schedule.takenMs, schedule.dueMs]).toEqual([12_445, 72_445]);
  });

  it('skips the tick ahead where the rhythm has begun meanwhile', () => {
    const schedule = new ScanSchedule(0, 60_000, 12_345);
    expect(schedule.take(20_000)).toBe(1);
    expect([schedule.takenMs, schedule.dueMs]).toEqual([12_345, 72_345]);
  });

  it('skips the ticks of an overrun and never makes up for them', () => {
    const schedule = new ScanSchedule(0, 100);
    expect(schedule.take(0)).toBe(0);
    expect(schedule.take(450)).toBe(3);
    expect(schedule.dueMs).toBe(500);
    expect(schedule.take(450)).toBeUndefined();
  });

  it('accounts for every tick, however late each is taken, with any interval', () => {
    const interval = fc.double({ min: 0.1, max: 1e5, noNaN: true });
    const delays = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 50 });
    fc.assert(
      fc.property(interval, delays, (intervalMs, waits) => {
        const schedule = new ScanSchedule(5, intervalMs);
        let nowMs = 5;
        let ticks = 0;
        for (const waitMs of waits) {
          nowMs += waitMs;
          const skipped = schedule.take(nowMs);
          if (skipped !== undefined) ticks += skipped + 1;
          expect(schedule.dueMs).toBeGreaterThan(nowMs);
        }
        expect(schedule.dueMs).toBe(5 + ticks * intervalMs);
      }),
    );
  });
});
