import { describe, expect, it } from 'vitest';
import { minerSum, snCurve } from './damage.ts';
import type { LoadCycle } from './rainflow.ts';
import { remainingLife } from './remainingLife.ts';
import { cyclesInField, type SolderTest, TIN_LEAD, TIN_SILVER_COPPER, USUAL_TEST } from './solderFatigue.ts';

const DAY = 86_400e6;
const cycle = (range: number, mean = 0, count: 1 | 0.5 = 1, halfDays = 1 / 96): LoadCycle => {
  const [from, to] = [
    { value: mean - range / 2, at: 0 },
    { value: mean + range / 2, at: halfDays * DAY },
  ];
  return { range, mean, count, from, to };
};

describe('an S-N curve with the knee at 100 and 2 million', () => {
  const curve = { kneeRange: 100, kneeCycles: 2e6, slope: 3 };
  it.each([
    ['at the knee', cycle(100), {}, 2e6],
    ['twice the range is an eighth of the life', cycle(200), {}, 2.5e5],
    ['below it, after Haibach', cycle(50), {}, 2e6 * 2 ** 5],
    ['below it, a true limit', cycle(50), { slopeBelow: Number.POSITIVE_INFINITY }, Number.POSITIVE_INFINITY],
    ['with a mean, after Goodman', cycle(100, 200), { ultimate: 400 }, 2.5e5],
    ['pulled apart at once', cycle(100, 500), { ultimate: 400 }, 1],
  ])('%s', (_what, of, more, cycles) => expect(snCurve({ ...curve, ...more })(of)).toBeCloseTo(cycles, 6));
  it('damage adds up, half cycles by half', () => {
    const sum = minerSum([cycle(100), cycle(100, 0, 0.5), cycle(200)], snCurve(curve));
    expect(sum).toBeCloseTo(1.5 / 2e6 + 1 / 2.5e5, 15);
  });
});

describe('solder', () => {
  const test: SolderTest = { ...USUAL_TEST, medianCycles: 3_000 };
  it.each([TIN_LEAD, TIN_SILVER_COPPER])('in its own test lives as long as in its test: %o', (alloy) => {
    expect(cyclesInField(alloy, test, cycle(100, 50, 1, 1 / 96))).toBeCloseTo(3_000, 6);
  });
  it('has the factor of the paper: 0 to 100 °C at 48 a day against 35 K up to 60 °C daily, tin-lead', () => {
    const field = cyclesInField(TIN_LEAD, test, cycle(35, 42.5, 1, 0.5));
    const expected = (100 / 35) ** 1.9 * (1 / 48) ** (1 / 3) * Math.exp(1_414 * (1 / 333.15 - 1 / 373.15));
    expect(field / 3_000).toBeCloseTo(expected, 9);
  });
  it('lives shorter with every kelvin of swing, and hotter', () => {
    const lives = [20, 40, 60].map((swing) => cyclesInField(TIN_SILVER_COPPER, test, cycle(swing, 20, 1, 0.5)));
    expect(lives[0]).toBeGreaterThan(lives[1]);
    expect(lives[1]).toBeGreaterThan(lives[2]);
    const [cool, hot] = [0, 60].map((mean) => cyclesInField(TIN_SILVER_COPPER, test, cycle(40, mean, 1, 0.5)));
    expect(cool).toBeGreaterThan(hot);
  });
});

describe('what is left', () => {
  const state = { damage: 0.4, recentDamage: 0.02, recentDays: 10, lifeScatter: 0.5 };
  it('goes on at the rate of late, with how sure that is', () => {
    const life = remainingLife(state);
    if (!life.ok) throw new Error(life.fault.detail);
    expect(life.value.medianDays).toBeCloseTo(300, 9);
    expect(life.value.lowDays).toBeCloseTo((Math.exp(-1.6448536269514722 * 0.5) - 0.4) / 0.002, 6);
    expect(life.value.lowDays).toBeLessThan(life.value.medianDays);
    expect(life.value.highDays).toBeGreaterThan(life.value.medianDays);
  });
  it('is over, and not less than nothing', () => {
    expect(remainingLife({ ...state, damage: 1.2 })).toMatchObject({ value: { medianDays: 0, lowDays: 0 } });
  });
  it('is for ever where nothing wears', () => {
    expect(remainingLife({ ...state, recentDamage: 0 })).toMatchObject({
      value: { medianDays: Number.POSITIVE_INFINITY },
    });
  });
  it('is not said of three days', () => {
    expect(remainingLife({ ...state, recentDays: 3 })).toMatchObject({ fault: { code: 'health.too-little' } });
  });
});
