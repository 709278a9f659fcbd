import type { AlarmAnalysis } from '@tidegate/platform/northbound/contract/alarm.ts';
import { expect, it } from 'vitest';
import { actorName, analysisFigures, formatMean, formatPercent, priorityShares } from './analysisFigures.ts';
import { rateBars } from './rateBars.ts';

const RATE = {
  ...{ periods: [], counts: [], perDay: 144, perTenMinutes: 1, peak: 10, shareOverTen: 0 },
  verdict: 'acceptable',
  priorities: { critical: 0, high: 0.05, medium: 0.15, low: 0.8, journal: 0 },
} as const;
const analysis = (rate: Partial<AlarmAnalysis['rate']> = {}, more: Partial<AlarmAnalysis> = {}): AlarmAnalysis => ({
  ...{ start: 0, end: 1, activations: 3, shareInFlood: 0.01, shareOfTopTen: 0.05 },
  ...{ floods: [], alarms: [], duplicates: [] },
  rate: { ...RATE, periods: [], counts: [], ...rate },
  ...more,
});
const troubles = (of: AlarmAnalysis) =>
  analysisFigures(of)
    .filter(({ state }) => state === 'attention')
    .map(({ name }) => name);

it.each([
  ['what is just acceptable', analysis(), []],
  ['too many over all', analysis({ perDay: 301, verdict: 'over-demanding' }), ['Alarms per 10 min', 'Alarms per day']],
  ['a bad ten minutes', analysis({ peak: 11 }), ['Most in 10 min']],
  ['often too many', analysis({ shareOverTen: 0.02 }), ['Time over 10']],
  ['floods', analysis({}, { shareInFlood: 0.011 }), ['Time in floods']],
  ['few alarms that trouble most', analysis({}, { shareOfTopTen: 0.06 }), ['Ten worst alarms']],
])('judges %s', (_, of, expected) => {
  expect(troubles(of)).toEqual(expected);
});

it('sets shares of priorities beside their targets, entries of the journal aside', () => {
  expect(priorityShares(analysis()).map(({ priority, share, target }) => [priority, share, target])).toEqual([
    ['critical', 0, 0.01],
    ['high', 0.05, 0.05],
    ['medium', 0.15, 0.15],
    ['low', 0.8, 0.8],
  ]);
});

it.each([
  [formatPercent(0), '0\u202f%'],
  [formatPercent(0.004), '0.4\u202f%'],
  [formatPercent(0.52), '52\u202f%'],
  [formatMean(0.42), '0.4'],
  [formatMean(3), '3'],
  [formatMean(1_234.5), '1\u202f235'],
  [actorName('north-1:a/b:c').name, 'a/b:c'],
])('%s = %s', (text, expected) => {
  expect(text).toBe(expected);
});

const PERIODS = [0, 1, 2, 3, 4].map((at) => at * 600_000_000);
it.each([
  ['each ten minutes its own', 10, [2, 4, 0, 20, 6], 1, [2, 4, 0, 20, 6]],
  ['the worst of two', 3, [2, 4, 0, 20, 6], 1, [4, 20, 6]],
  ['shared among operators', 1, [2, 4, 0, 20, 6], 4, [5]],
])('bars: %s', (_, mostBars, counts, operators, expected) => {
  const bars = rateBars(PERIODS, counts, operators, mostBars);
  expect(bars.map(({ most }) => most)).toEqual(expected);
  expect(bars.at(-1)?.endUs).toBe(5 * 600_000_000);
});
