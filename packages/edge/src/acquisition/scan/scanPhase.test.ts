import { expect, it } from 'vitest';
import { scanPhaseMs } from './scanPhase.ts';

it('is always the same for the same name, within the interval', () => {
  expect(scanPhaseMs('pump/fast', 1000)).toBe(scanPhaseMs('pump/fast', 1000));
  expect(scanPhaseMs('pump/fast', 500)).toBe(scanPhaseMs('pump/fast', 1000) / 2);
  expect(scanPhaseMs('pump/fast', 1000)).not.toBe(scanPhaseMs('pump/slow', 1000));
});

it.each([
  ['numbered', (index: number) => `device-${index}/every`],
  ['numbered at the end', (index: number) => `every/rtu${index}`],
  ['lettered', (index: number) => `${String.fromCharCode(97 + (index % 26))}${index >> 4}/x`],
])('spreads 200 names that are %s over the interval', (_, nameOf) => {
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let index = 0; index < 200; index++) tenths[Math.floor(scanPhaseMs(nameOf(index), 10))]++;
  // 20 each if it were exact; chance alone leaves hardly any tenth outside of these.
  expect(Math.min(...tenths)).toBeGreaterThanOrEqual(7);
  expect(Math.max(...tenths)).toBeLessThanOrEqual(36);
});
