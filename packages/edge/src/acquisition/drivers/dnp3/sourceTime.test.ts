import { timestampFromMs } from '@tidegate/core/clock/timestamp.ts';
import { expect, it } from 'vitest';
import { sourceTime } from './sourceTime.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');
const NOW = timestampFromMs(NOW_MS);

it.each([
  ['now', NOW_MS, true],
  ['a year ago', Date.parse('2025-03-01T12:00:00Z'), true],
  ['half a minute ahead', NOW_MS + 30_000, true],
  ['an hour ahead, as of a clock that keeps local time', NOW_MS + 3_600_000, false],
  ['two days ahead', NOW_MS + 172_800_000, false],
  ['1970, as of a clock that was never set', 5_000, false],
  ['1980, as of another such clock', Date.parse('1980-01-01T00:00:05Z'), false],
  ['none', Number.NaN, false],
  ['the end of 48 bits', 2 ** 48 - 1, false],
])('%s', (_, timeMs, believed) => {
  expect(sourceTime(timeMs, NOW)).toBe(believed ? timestampFromMs(timeMs) : undefined);
});
