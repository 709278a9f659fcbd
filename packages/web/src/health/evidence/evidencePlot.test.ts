import type { HealthEvidence } from '@tidegate/platform/northbound/contract/healthEvidence.ts';
import { expect, it } from 'vitest';
import { damagePerDay, isNearLimit, qualityShades, type Sign, signPlot, wayToLimit } from './evidencePlot.ts';

const DAY = 86_400e6;

const SIGN: Sign = {
  ...{ feature: 'joint', unit: 'Ohm', description: '', share: 1 },
  ...{ mean: [0.001, null, 0.02], least: [], greatest: [], level: [0.001, null, 0.02] },
  normal: { at: 0.001, low: 0.0008, high: 0.0012 },
  limit: { at: 0.05, side: 'high' },
  since: DAY,
  trend: { times: [DAY, 9 * DAY], values: [0, 0.06] },
  ...{ life: { medianDays: 2, lowDays: 1, highDays: 3 }, noLife: null },
};
const EVIDENCE: HealthEvidence = {
  ...{ watch: 'a/b', number: 1, start: 0, end: 3 * DAY, pointSeconds: 86_400 },
  ...{ times: [0, DAY, 2 * DAY], quality: [1, null, 0.9], score: [0, null, 9], threshold: 5 },
  ...{ signs: [SIGN], damage: [], notes: [] },
};
const lineOf = (name: string, withLimit: boolean) => {
  const { lines } = signPlot(EVIDENCE, SIGN, { withLimit });
  return lines.find((line) => line.name === name);
};

it('shows all values in one spoken unit, and none where there are none', () => {
  const { unit, rules, restMs } = signPlot(EVIDENCE, SIGN, { withLimit: true });
  expect(unit.text).toBe('m\u03a9');
  expect(rules).toEqual([{ value: 50, name: 'limit' }]);
  expect(restMs).toBe((2 * DAY) / 1_000);
  expect(lineOf('measured', true)?.values).toEqual([1, null, 20, null]);
  expect(lineOf('normal', true)?.band).toEqual({ lows: [0.8, 0.8], highs: [expect.closeTo(1.2), expect.closeTo(1.2)] });
});

it('goes on to the limit most likely, at the earliest and at the latest', () => {
  const { endMs } = signPlot(EVIDENCE, SIGN, { withLimit: true });
  expect(endMs).toBe((6 * DAY) / 1_000);
  const trend = lineOf('trend', true);
  const reached = trend?.values.findLast((value) => value !== null);
  expect(reached).toBeCloseTo(50);
  expect(trend?.times[trend.values.lastIndexOf(reached ?? null)]).toBe(5 * DAY);
  const band = lineOf('range of what is to come', true)?.band;
  expect(band?.highs.at(-1)).toBeCloseTo(50);
  expect(band?.lows[30]).toBeLessThan(40);
});

it('stays with what has been where nobody asks for the limit', () => {
  const { endMs, rules } = signPlot(EVIDENCE, SIGN, { withLimit: false });
  expect([endMs, rules]).toEqual([(3 * DAY) / 1_000, []]);
  expect(lineOf('range of what is to come', false)).toBeUndefined();
  expect(lineOf('trend', false)?.times.at(-1)).toBe(3 * DAY);
  const { lines } = signPlot(EVIDENCE, SIGN, { withLimit: false, spokeUntil: 2 * DAY });
  expect(lines.find(({ name }) => name === 'trend')?.times.at(-1)).toBe(2 * DAY);
});

it('shows of a drift that began earlier what is within the range', () => {
  const late = { ...EVIDENCE, start: 2 * DAY };
  const { lines } = signPlot(late, SIGN, { withLimit: false });
  const trend = lines.find(({ name }) => name === 'trend');
  expect(trend?.times[0]).toBe(2 * DAY);
  // In milliohm: an eighth of the way.
  expect(trend?.values[0]).toBeCloseTo(7.5);
});

it.each([
  ['without a limit', { limit: null }],
  ['without an estimate', { life: null }],
  ['without an end in sight', { life: { medianDays: null, lowDays: null, highDays: null } }],
])('%s there is no way', (_, parts) => {
  expect(wayToLimit({ ...SIGN, ...parts }, { time: 0, value: 1 }, DAY)).toBeUndefined();
});

it('asks for the limit by itself where it is near', () => {
  expect(isNearLimit(SIGN)).toBe(true);
  expect(isNearLimit({ ...SIGN, level: [0.001, 0.002] })).toBe(false);
  expect(isNearLimit({ ...SIGN, limit: { at: -0.001, side: 'low' }, level: [0.0005] })).toBe(true);
  expect(isNearLimit({ ...SIGN, limit: null })).toBe(false);
});

it('marks times without data and with data that are not good, each in one piece', () => {
  const quality = [null, 0, 1, 0.5, 0.6, 1];
  const times = quality.map((_, row) => row * DAY);
  expect(qualityShades({ ...EVIDENCE, times, quality })).toEqual([
    { start: 0, end: 2 * DAY, kind: 'none' },
    { start: 3 * DAY, end: 5 * DAY, kind: 'doubtful' },
  ]);
});

it('tells what each day adds to the damage, and nothing of days that nobody counted', () => {
  const times = [0, DAY / 2, DAY, 2 * DAY, 3 * DAY, 3.5 * DAY];
  expect(damagePerDay(times, [0.1, 0.2, 0.25, null, 0.3, 0.5])).toEqual({
    times: [0, DAY, 2 * DAY, 3 * DAY, 4 * DAY],
    values: [null, expect.closeTo(0.05), null, expect.closeTo(0.25), null],
  });
  expect(damagePerDay([], [])).toEqual({ times: [], values: [] });
});
