import type {
  FleetCourses,
  FleetEstimate,
  FleetModel,
  FleetUnit,
} from '@tidegate/platform/northbound/contract/healthLives.ts';
import { describe, expect, it } from 'vitest';
import { coursePlot } from './coursePlot.ts';
import { backtestText, countsText, fleetState, noLivesText, reasonText, spanText, unitText } from './livesWords.ts';
import { survivors, survivorsByLaw } from './survivors.ts';

const DAY = 86_400e6;
const NOW = 1_000 * DAY;
const of = (name: string) => ({ id: name.toUpperCase(), path: `acme/north/${name}` });

describe('words', () => {
  it.each([
    [{ failed: 14, replaced: 2, running: 7 }, '23 lives: 14 failed, 2 replaced before, 7 go on'],
    [{ failed: 0, replaced: 0, running: 1 }, '1 life: 0 failed, 1 goes on'],
  ])('%j reads %s', (counts, text) => expect(countsText({ counts })).toBe(text));

  it.each([
    [{ start: 600 * DAY, end: 922 * DAY, ended: 'failure' }, '1971-08-24 to 1972-07-11 (322 d), failed'],
    [{ start: 900 * DAY, end: null, ended: null }, 'since 1972-06-19 (100 d), goes on'],
    [{ start: null, end: 900 * DAY, ended: 'replaced' }, 'until 1972-06-19, replaced before it failed'],
    [{ start: null, end: null, ended: null }, 'nobody knows since when, goes on'],
  ] as const)('a life %j: %s', (unit, text) => expect(spanText(unit, NOW)).toBe(text));

  it('tell how far off it is, and what that is better than', () => {
    const backtest = { lives: 11, points: 220, errorDays: 14.2, errorDaysOfAges: 41, coverage: 0.91 };
    const method = 'signals';
    expect(backtestText({ backtest, method })).toMatch(
      /^On 11 lives held out it was off by 14 d .*, by ages alone 41 d; .* 91.%\.$/,
    );
    expect(backtestText({ backtest: { ...backtest, errorDaysOfAges: null }, method })).not.toContain('ages');
    expect(backtestText({ backtest, method: 'ages' })).not.toContain('ages');
    expect(backtestText({ backtest: null, method })).toContain('too few');
  });

  it.each([
    [{ learning: true }, 'unknown', 'is being learned'],
    [{ model: {} as FleetModel }, 'well', 'told'],
    [{ model: {} as FleetModel, outdated: true }, 'well', 'told; to be learned anew'],
    [{ refused: 'too few' }, 'unknown', 'not told'],
    [{}, 'unknown', 'not learned yet'],
  ])('%# of how a fleet stands', (parts, state, text) => {
    expect(fleetState({ model: null, refused: null, learning: false, outdated: false, ...parts })).toEqual({
      state,
      text,
    });
  });

  it('name a life by its asset, and by its number where it had several', () => {
    expect([1, 2].map((number) => unitText({ asset: of('p7'), number }))).toEqual(['north/p7', 'north/p7, life 2']);
    expect([-31, 4].map((days) => reasonText({ feature: 'load', days }))).toEqual(['31 d shorter', '4 d longer']);
    expect([noLivesText(null), noLivesText(undefined)].join()).toMatch(/no model of the plant.*health\/\*\.yaml/);
  });
});

const course = (
  name: string,
  number: number,
  end: number,
  indexDays: (number | null)[],
): FleetCourses['courses'][number] => {
  const times = indexDays.map((_, row) => end - (indexDays.length - 1 - row) * DAY);
  return { asset: of(name), number, ended: number === 1 ? 'failure' : null, times, indexDays };
};
const ESTIMATE = {
  ...{ lives: 'seal-life', asset: of('p1'), number: 2, at: NOW, horizonDays: 180 },
  life: { medianDays: 10, lowDays: 5, highDays: 20 },
  similar: [{ asset: of('p2'), number: 1, leftDays: 12, distanceDays: 1 }],
} as unknown as FleetEstimate;
const OWN = course('p1', 2, NOW, [30, 20, 11]);
const OTHER = course('p2', 1, 500 * DAY, [40, 30, 20, 10, 0]);

describe('courses', () => {
  it('lie so that the earlier life ends as much later as it had left then', () => {
    const plot = coursePlot(ESTIMATE, [OWN, OTHER]);
    expect(plot?.restMs).toBe(NOW / 1_000);
    const [other, own, ahead, range] = plot?.lines ?? [];
    expect(other).toMatchObject({ name: 'north/p2', values: [40, 30, 20, 10, 0] });
    expect(other.times.at(-1)).toBe(NOW + 12 * DAY);
    expect(own).toMatchObject({ name: 'north/p1, life 2', times: OWN.times, look: 'actual' });
    expect(ahead.times[0]).toBe(NOW);
    expect(ahead.values[0]).toBe(11);
    expect(ahead.values.findLast((value) => value !== null)).toBeCloseTo(0);
    expect(range.band?.lows.at(-1)).toBeCloseTo(0);
  });

  it('begin where the own life does, and no longer before now than what is to come', () => {
    const long = course(
      'p1',
      2,
      NOW,
      Array.from({ length: 300 }, () => 50),
    );
    const plot = coursePlot(ESTIMATE, [long, OTHER]);
    expect(plot?.startMs).toBe((NOW - 20 * DAY) / 1_000);
    expect(plot?.lines.every(({ times }) => times.every((time) => time >= NOW - 20 * DAY))).toBe(true);
    expect(coursePlot(ESTIMATE, [OWN])?.startMs).toBe(OWN.times[0] / 1_000);
  });

  it('are none without one of its own', () => {
    expect(coursePlot(ESTIMATE, [OTHER])).toBeUndefined();
    expect(coursePlot(ESTIMATE, [{ ...OWN, times: [], indexDays: [] }])).toBeUndefined();
  });
});

describe('survivors', () => {
  const unit = (age: number, ended: FleetUnit['ended'], start: number | null = NOW - age * DAY) =>
    ({ start, end: ended === null ? null : NOW, ended }) as FleetUnit;

  it('count lives that did not fail as far as they went (Kaplan and Meier 1958)', () => {
    const units = [unit(100, 'failure'), unit(200, 'replaced'), unit(300, 'failure'), unit(400, null)];
    const { ages, shares } = survivors([...units, unit(50, 'failure', null)], NOW);
    expect(ages).toEqual([0, 100, 200, 300, 400]);
    expect(shares).toEqual([1, 0.75, 0.75, 0.375, 0.375]);
  });

  it('count a failure before what was replaced at the same age', () => {
    expect(survivors([unit(100, 'replaced'), unit(100, 'failure')], NOW).shares).toEqual([1, 0.5, 0.5]);
  });

  it('by their law are 37 % at its scale', () => {
    const { ages, shares } = survivorsByLaw({ shape: 3, scaleDays: 50 }, 100);
    expect(shares[ages.indexOf(50)]).toBeCloseTo(Math.exp(-1));
    expect(shares[0]).toBe(1);
  });
});
