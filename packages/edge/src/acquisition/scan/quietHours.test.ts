import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { parseTimestamp } from '@tidegate/core/clock/timestamp.ts';
import { expect, it } from 'vitest';
import { QuietTimes } from './quietHours.ts';

const NIGHT = [{ fromMinute: 22 * 60, toMinute: 5 * 60 + 30 }];
const NOON = [{ fromMinute: 12 * 60, toMinute: 13 * 60 }];
/** 02:00 to 03:00, an hour that one night of the year does not have, and another has twice. */
const CHANGE = [{ fromMinute: 2 * 60, toMinute: 3 * 60 }];

it.each([
  ['inside', NOON, 'UTC', '2026-07-01T12:30:00Z', true],
  ['in the first minute', NOON, 'UTC', '2026-07-01T12:00:00Z', true],
  ['before the first minute', NOON, 'UTC', '2026-07-01T11:59:59.999999Z', false],
  ['in the last minute', NOON, 'UTC', '2026-07-01T12:59:59.999999Z', true],
  ['after the last minute', NOON, 'UTC', '2026-07-01T13:00:00Z', false],
  ['before midnight', NIGHT, 'UTC', '2026-07-01T23:59:59Z', true],
  ['at midnight', NIGHT, 'UTC', '2026-07-02T00:00:00Z', true],
  ['in the morning', NIGHT, 'UTC', '2026-07-02T05:30:00Z', false],
  ['in one of two stretches', [...NOON, ...NIGHT], 'UTC', '2026-07-01T22:00:00Z', true],
  ['in summer', NOON, 'Europe/Berlin', '2026-07-01T10:00:00Z', true],
  ['in winter', NOON, 'Europe/Berlin', '2026-01-01T10:00:00Z', false],
  ['half an hour off', NOON, 'Asia/Kolkata', '2026-07-01T06:30:00Z', true],
  ['before the hour that is left out', CHANGE, 'Europe/Berlin', '2026-03-29T00:59:59Z', false],
  ['after the hour that is left out', CHANGE, 'Europe/Berlin', '2026-03-29T01:00:00Z', false],
  ['in the hour that comes twice, the first time', CHANGE, 'Europe/Berlin', '2026-10-25T00:30:00Z', true],
  ['in the hour that comes twice, the second time', CHANGE, 'Europe/Berlin', '2026-10-25T01:30:00Z', true],
  ['after the hour that came twice', CHANGE, 'Europe/Berlin', '2026-10-25T02:00:00Z', false],
  ['before 1970', NOON, 'UTC', '1969-12-31T12:30:00Z', true],
])('%s', (_, hours, timeZone, time, quiet) => {
  expect(new QuietTimes(new ManualClock(parseTimestamp(time)), hours, timeZone).quiet).toBe(quiet);
});

it('says how long nothing can change, and follows a clock that is set', async () => {
  const clock = new ManualClock(parseTimestamp('2026-07-01T11:59:30Z'));
  const times = new QuietTimes(clock, NOON, 'UTC');
  expect([times.quiet, times.unchangedMs]).toEqual([false, 30_000]);
  await clock.advance(29_999);
  expect([times.quiet, times.unchangedMs]).toEqual([false, 1]);
  await clock.advance(1);
  expect([times.quiet, times.unchangedMs]).toEqual([true, 60_000]);
  clock.setWallClock(parseTimestamp('2026-07-01T14:00:00Z')!);
  expect(times.quiet).toBe(false);
});
