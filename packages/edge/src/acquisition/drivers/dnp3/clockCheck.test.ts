import { timestampFromMs } from '@tidegate/core/clock/timestamp.ts';
import { expect, it } from 'vitest';
import { ClockCheck } from './clockCheck.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');
const NOW = timestampFromMs(NOW_MS);
const MINUTE = 60_000;

it.each<[string, number | undefined, number, RegExp | undefined]>([
  ['now', -1, 0, undefined],
  ['long ago, where it may have waited since', undefined, -600, undefined],
  ['before the last poll found nothing', -60, -59, undefined],
  ['a little before that, as a slow input is', -60, -60.5, undefined],
  ['hours before that', -1, -300, /a time that is 5 h too old.*local time/],
  ['a little ahead', -1, 0.5, undefined],
  ['minutes ahead', undefined, 7, /7 min ahead of ours.*synchroniseTime/],
  ['hours ahead', undefined, 120, /2 h ahead of ours/],
  ['1970, of which another message tells', -1, -NOW_MS / MINUTE, undefined],
  ['none', -1, Number.NaN, undefined],
])('an event of %s', (_, emptyMin, eventMin, defect) => {
  const check = new ClockCheck();
  if (emptyMin !== undefined) check.empty(timestampFromMs(NOW_MS + emptyMin * MINUTE));
  check.event(NOW_MS + eventMin * MINUTE, NOW);
  if (defect) expect(check.defect).toMatch(defect);
  else expect(check.defect).toBeUndefined();
});

it('takes back what it said when the clock has been set, and forgets what it knew of an outstation that was away', () => {
  const check = new ClockCheck();
  check.empty(NOW);
  check.event(NOW_MS - 60 * MINUTE, NOW);
  expect(check.defect).toBeDefined();
  check.event(NOW_MS, NOW);
  expect(check.defect).toBeUndefined();
  check.forget();
  check.event(NOW_MS - 60 * MINUTE, NOW);
  expect(check.defect).toBeUndefined();
});
