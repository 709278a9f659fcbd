import { expect, it } from 'vitest';
import { timeLabels } from './timeAxis.ts';

const at = (hours: number, minutes: number, seconds: number, day = 31) =>
  new Date(2026, 0, day, hours, minutes, seconds).getTime() / 1_000;

it.each([
  ['with seconds', [at(9, 5, 0), at(9, 5, 15)], 15, ['09:05:00\n2026-01-31', '09:05:15']],
  ['with minutes', [at(9, 5, 0), at(9, 10, 0)], 300, ['09:05\n2026-01-31', '09:10']],
  ['with milliseconds', [at(9, 5, 0), at(9, 5, 0) + 0.25], 0.25, ['09:05:00.000\n2026-01-31', '09:05:00.250']],
  ['in days', [at(0, 0, 0, 3), at(0, 0, 0, 31)], 28 * 86_400, ['2026-01-03', '2026-01-31']],
  ['across midnight', [at(23, 0, 0, 30), at(0, 0, 0, 31)], 3_600, ['23:00\n2026-01-30', '00:00\n2026-01-31']],
])('%s', (_, splits, stepS, expected) => {
  expect(timeLabels(splits, stepS, 0)).toEqual(expected);
});

it('puts no label, and so no date, where the axis has not begun', () => {
  expect(timeLabels([at(9, 5, 0), at(9, 10, 0)], 300, at(9, 6, 0))).toEqual(['', '09:10\n2026-01-31']);
});
