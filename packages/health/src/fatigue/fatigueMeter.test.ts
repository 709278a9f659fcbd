import type { Result } from '@tidegate/core/fault/fault.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minerSum, snCurve } from './damage.ts';
import type { FatigueLaw } from './fatigueLaw.ts';
import { FatigueMeter, type FatigueMeterOptions } from './fatigueMeter.ts';
import { countCycles } from './rainflow.ts';
import { USUAL_TEST } from './solderFatigue.ts';

const HOUR = 3_600e6;
const DAY = 24 * HOUR;
const CURVE = { kneeRange: 10, kneeCycles: 1_000, slope: 3, slopeBelow: 3 };
const WIRE: FatigueLaw = { kind: 's-n', curve: CURVE, lifeScatter: 0.5 };
const JOINT: FatigueLaw = {
  kind: 'solder',
  alloy: 'tin-lead',
  test: { ...USUAL_TEST, medianCycles: 2_000 },
  lifeScatter: 0.5,
};
const OPTIONS: FatigueMeterOptions = { law: WIRE, uncertainty: 0, longestGapUs: DAY };

function valueIn<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

function meterOf(values: readonly number[], options: Partial<FatigueMeterOptions> = {}, everyUs = HOUR): FatigueMeter {
  const meter = valueIn(FatigueMeter.open({ ...OPTIONS, ...options }));
  for (const [i, value] of values.entries()) meter.push(i * everyUs, value);
  return meter;
}

/** A joint that is 20 degrees warmer at noon than at midnight, hour by hour. */
const daily = (days: number) =>
  Array.from({ length: 24 * days }, (_, hour) => 30 - 10 * Math.cos((2 * Math.PI * hour) / 24));

const levels = fc.array(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(Number.NaN)), { maxLength: 80 });

describe('damage', () => {
  it('is that of all cycles of the whole signal, whatever it is', () => {
    fc.assert(
      fc.property(levels, (values) => {
        const whole = minerSum(countCycles(values), snCurve(CURVE));
        expect(meterOf(values).account().damage).toBeCloseTo(whole, 12);
      }),
      { numRuns: 500 },
    );
  });
  it('goes on exactly after a restart, wherever that is', () => {
    fc.assert(
      fc.property(
        levels,
        levels,
        fc.constantFrom(0, 1.5),
        fc.constantFrom(HOUR, DAY, 40 * DAY),
        (before, after, uncertainty, every) => {
          const whole = meterOf([...before, ...after], { uncertainty }, every);
          const first = meterOf(before, { uncertainty }, every);
          const kept: unknown = JSON.parse(JSON.stringify(first.state()));
          const second = valueIn(FatigueMeter.open({ ...OPTIONS, uncertainty }, kept));
          for (const [i, value] of after.entries()) second.push((before.length + i) * every, value);
          expect(second.account()).toEqual(whole.account());
          expect(second.state()).toEqual(whole.state());
          expect(second.life()).toEqual(whole.life());
        },
      ),
      { numRuns: 500 },
    );
  });
  it('comes with the number of cycles that matter: wider than a tenth of the knee', () => {
    expect(meterOf(daily(50)).account()).toMatchObject({ leastRange: 1, cycles: expect.closeTo(50, 0) });
    const trembling = Array.from({ length: 200 }, (_, i) => (i % 2 ? 0.9 : 0));
    expect(meterOf(trembling).account().cycles).toBe(0);
  });
  it('of differences within the uncertainty is none', () => {
    const trembling = Array.from({ length: 200 }, (_, i) => (i % 2 ? 2.7 : 0));
    expect(meterOf(trembling, { uncertainty: 1 }).account().damage).toBe(0);
    expect(meterOf(trembling).account().damage).toBeGreaterThan(0);
  });
  it('of one cycle is a life at most', () => {
    expect(meterOf([0, 1e300, 0, 1e300, 0]).account().damage).toBe(2);
  });
});

describe('memory', () => {
  const turns = (width: (i: number) => number) => Array.from({ length: 5_000 }, (_, i) => (i % 2 ? 1 : -1) * width(i));
  it('of what widens for ever is bounded, and nothing is lost', () => {
    const values = turns((i) => 1 + i * 1e-3);
    const meter = meterOf(values, {}, HOUR);
    expect(meter.account().damage / minerSum(countCycles(values), snCurve(CURVE))).toBeCloseTo(1, 9);
    expect(JSON.stringify(meter.state()).length).toBeLessThan(30_000);
  });
  it('of what narrows for ever is bounded, and is counted when it is forgotten', () => {
    const values = turns((i) => 6 - i * 1e-3);
    const meter = meterOf(values, {}, HOUR);
    expect(meter.account().damage / minerSum(countCycles(values), snCurve(CURVE))).toBeCloseTo(1, 1);
    expect(JSON.stringify(meter.state()).length).toBeLessThan(30_000);
  });
});

describe('time', () => {
  it('a day of the same is the damage per day, and the life follows', () => {
    const meter = meterOf(daily(120), { law: JOINT });
    const { damage, damagePerDay, seenDays } = meter.account();
    expect(seenDays).toBeCloseTo(120, 1);
    expect(damagePerDay / (damage / 120)).toBeCloseTo(1, 1);
    const { medianDays, lowDays, highDays } = valueIn(meter.life());
    expect(medianDays).toBeCloseTo((1 - damage) / damagePerDay, 6);
    expect(lowDays).toBeLessThan(medianDays);
    expect(highDays).toBeGreaterThan(medianDays);
  });
  it('is the same before 1970', () => {
    const [then, now] = [-30 * DAY, 30 * DAY].map((start) => {
      const meter = valueIn(FatigueMeter.open({ ...OPTIONS, law: JOINT, recentDays: 7 }));
      for (const [hour, value] of daily(20).entries()) meter.push(start + hour * HOUR, value);
      return meter.account();
    });
    expect(then).toEqual(now);
  });
  it('only the recent days make the rate', () => {
    const calm = daily(60).map((value) => 30 + (value - 30) / 10);
    const rate = meterOf([...daily(60), ...calm], { law: JOINT, recentDays: 30 }).account().damagePerDay;
    const alone = meterOf(daily(60), { law: JOINT, recentDays: 30 }).account().damagePerDay;
    expect(rate / alone).toBeLessThan(0.05);
  });
  it('a gap closes nothing, and is told', () => {
    const meter = valueIn(FatigueMeter.open(OPTIONS));
    const whole = valueIn(FatigueMeter.open(OPTIONS));
    for (const [i, value] of [0, 10, 5, 8, 0, 10].entries()) {
      meter.push(i < 3 ? i * HOUR : 10 * DAY + i * HOUR, value);
      whole.push(i * HOUR, value);
    }
    expect(meter.account()).toMatchObject({ gaps: 1, damage: whole.account().damage });
    expect(meter.account().unseenDays).toBeCloseTo(10, 1);
    expect(meter.life()).toMatchObject({ fault: { code: 'health.too-little' } });
  });
  it('samples that come late or are none are passed over', () => {
    const meter = meterOf([0, 10, 0]);
    const before = meter.account();
    meter.push(HOUR, 1_000);
    meter.push(9 * HOUR, Number.NaN);
    meter.push(9 * HOUR, Number.POSITIVE_INFINITY);
    expect(meter.account()).toEqual({ ...before, passedOver: 3 });
  });
});

it('a joint is never colder than cold', () => {
  const [sound, torn] = [daily(20), daily(20)];
  torn[100] = -9_999;
  const { damage } = meterOf(torn, { law: JOINT }).account();
  expect(damage / meterOf(sound, { law: JOINT }).account().damage).toBeCloseTo(1, 2);
});

describe('refused', () => {
  const wire = (curve: Partial<typeof CURVE> & { ultimate?: number }) => ({ ...WIRE, curve: { ...CURVE, ...curve } });
  const joint = (test: Partial<typeof JOINT.test>) => ({ ...JOINT, test: { ...JOINT.test, ...test } });
  it.each<[string, Partial<FatigueMeterOptions>, RegExp]>([
    ['a slope', { law: wire({ slope: -3 }) }, /slope of -3/],
    ['a knee', { law: wire({ kneeCycles: 0 }) }, /kneeCycles of 0/],
    ['a slope below the knee', { law: wire({ slopeBelow: Number.NaN }) }, /slopeBelow of NaN/],
    ['a strength', { law: wire({ ultimate: -1 }) }, /ultimate of -1/],
    ['a median of nothing', { law: joint({ medianCycles: 0 }) }, /medianCycles of 0/],
    ['a test below absolute zero', { law: joint({ hotCel: -300 }) }, /hotCel of -300/],
    ['a metal', { law: { ...JOINT, alloy: 'toString' as 'tin-lead' } }, /alloy of 'toString'/],
    ['a scatter', { law: { ...WIRE, lifeScatter: -0.1 } }, /lifeScatter of -0.1/],
    ['an uncertainty', { uncertainty: -1 }, /uncertainty of -1/],
    ['a gap', { longestGapUs: 0 }, /0 µs/],
    ['three days', { recentDays: 3 }, /3 days/],
    ['a thousand years', { recentDays: 365_000 }, /365000 days/],
  ])('%s', (_what, options, detail) => {
    const refused = FatigueMeter.open({ ...OPTIONS, ...options });
    expect(refused.ok ? undefined : refused.fault).toMatchObject({
      code: 'health.bad-data',
      detail: expect.stringMatching(detail),
    });
  });
  it.each([null, 5, {}, { options: '' }, { ...(meterOf([1]).state() as object), dayDamage: [1] }])(
    'a state: %o',
    (state) => {
      expect(FatigueMeter.open(OPTIONS, state)).toMatchObject({ fault: { code: 'health.bad-data' } });
    },
  );
  it('the state of another law', () => {
    expect(FatigueMeter.open({ ...OPTIONS, law: JOINT }, meterOf([1, 2]).state())).toMatchObject({
      fault: { detail: expect.stringMatching(/another law/) },
    });
  });
});
