import { formatTimestamp, parseTimestamp } from '@tidegate/core/clock/timestamp.ts';
import { expect, test } from 'vitest';
import { resolveRange } from './timeRange.ts';

/** Half an hour into the 29th in Berlin, where the clocks go forward at 02:00 on that day; still the 28th in UTC. */
const NOW = parseTimestamp('2026-03-28T23:30:00.123456Z')!;

test.each([
  ['*-1h', '*', 'UTC', '2026-03-28T22:30:00.123456Z', '2026-03-28T23:30:00.123456Z'],
  ['y', 't', 'UTC', '2026-03-27T00:00:00.000000Z', '2026-03-28T00:00:00.000000Z'],
  ['y', 't', 'Europe/Berlin', '2026-03-27T23:00:00.000000Z', '2026-03-28T23:00:00.000000Z'],
  // The day on which the clocks go forward has 23 hours.
  ['t', 't+1d', 'Europe/Berlin', '2026-03-28T23:00:00.000000Z', '2026-03-29T22:00:00.000000Z'],
  ['t-1h', '*', 'Asia/Kathmandu', '2026-03-28T17:15:00.000000Z', '2026-03-28T23:30:00.123456Z'],
  ['2026-01-01T00:00:00+01:00', '*', 'UTC', '2025-12-31T23:00:00.000000Z', '2026-03-28T23:30:00.123456Z'],
])('%s to %s in %s', (start, end, timeZone, first, last) => {
  const range = resolveRange({ start, end, timeZone }, NOW);
  expect(range.ok && [formatTimestamp(range.value.start), formatTimestamp(range.value.end)]).toEqual([first, last]);
});

test('a moment that no timestamp holds is refused', () => {
  const range = resolveRange({ start: '*', end: '2200-01-01+100y', timeZone: 'UTC' }, NOW);
  expect(range).toMatchObject({ ok: false, extras: { errors: [{ field: 'end' }] } });
});

test.each([
  ['*', '*'],
  ['*', '*-1h'],
  ['t', 'y'],
])('from %s to %s there is no range', (start, end) => {
  const range = resolveRange({ start, end, timeZone: 'UTC' }, NOW);
  expect(range).toMatchObject({
    ok: false,
    fault: { code: 'request.invalid' },
    extras: { errors: [{ field: 'start' }] },
  });
});
