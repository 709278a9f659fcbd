import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from './condition.ts';
import type { Reading } from './reading.ts';
import { watchCondition } from './watchCondition.ts';

const S = 1_000_000;

/**
 * One step of a script: `[seconds, value]` is a sample, with a status where it is not good; `[seconds, 'tick']` time that goes by;
 * `[seconds, 'ref', value]` a sample of the reference.
 */
type Step =
  | readonly [at: number, value: number | string | null, status?: number]
  | readonly [at: number, 'ref', value: number | string | null];

interface Script {
  readonly on?: number;
  readonly off?: number;
  readonly active?: boolean;
  readonly steps: readonly Step[];
}

/** `2=11` is a sample, `2=11!` a bad and `2=11?` an uncertain one, `2=-` one without a value, `2~7` of the reference, `@5` time. */
function at(script: string): Step[] {
  return script.split(' ').map((step): Step => {
    const [, seconds, sign, said, mark] = /^@?([\d.]+)([=~]?)(.*?)([!?]?)$/.exec(step) ?? [];
    if (sign === '') return [Number(seconds), 'tick'];
    const value = said === '-' ? null : said === 'NaN' || !Number.isNaN(Number(said)) ? Number(said) : said;
    if (sign === '~') return [Number(seconds), 'ref', value];
    return [Number(seconds), value, mark === '!' ? STATUS.BadTimeout : mark === '?' ? STATUS.Uncertain : STATUS.Good];
  });
}

/** What happens, as `+` and `-` with the second of the clock of the source. */
function play(condition: Condition, { on = 0, off = 0, active = false, steps }: Script): string {
  const told: string[] = [];
  let nowUs = 0;
  const start = { active, time: 0 as Timestamp, now: () => nowUs };
  const delays = { onDelayUs: on * S, offDelayUs: off * S };
  const watch = watchCondition(condition, delays, start, (holds, time) => told.push(`${holds ? '+' : '-'}${time / S}`));
  for (const [at, what, more] of steps) {
    nowUs = Math.max(nowUs, at * S);
    if (what === 'tick') watch.tick(nowUs);
    else if (what === 'ref') watch.reference(reading(at, more as number, STATUS.Good));
    else watch.sample(reading(at, what, (more as number | undefined) ?? STATUS.Good));
  }
  return told.join(' ');
}

function reading(at: number, value: number | string | null, status: number): Reading {
  const text = typeof value === 'string' ? value : undefined;
  return { time: at * S, value: typeof value === 'number' ? value : Number.NaN, text, status };
}

const HIGH: Condition = { kind: 'high', limit: 10, deadband: 2 };
const LOW: Condition = { kind: 'low-low', limit: -10, deadband: 2 };

describe('limits', () => {
  it.each<[string, Condition, Script, string]>([
    ['above', HIGH, { steps: at('1=10 2=10.1 3=8.1 4=8 5=11') }, '+2 -4 +5'],
    ['below', LOW, { steps: at('1=-10 2=-10.1 3=-8.1 4=-8') }, '+2 -4'],
    ['bad does neither', HIGH, { steps: at('1=99! 2=11 3=0! 4=- 5=0') }, '+2 -5'],
    ['nor do a text and not-a-number', HIGH, { steps: at('1=11 2=x 3=NaN') }, '+1'],
    ['uncertain counts', HIGH, { steps: at('1=11?') }, '+1'],
    ['infinite', HIGH, { steps: at('1=Infinity 2=-Infinity') }, '+1 -2'],
    ['goes on after a restart', HIGH, { active: true, steps: at('1=9 2=8') }, '-2'],
    ['on-delay', HIGH, { on: 5, steps: at('1=11 3=12 6=11 7=0') }, '+6 -7'],
    ['on-delay that is not lasted out', HIGH, { on: 5, steps: at('1=11 5=9 6=11 10=9') }, ''],
    ['on-delay that ends just then', HIGH, { on: 5, steps: at('1=11 6=9') }, ''],
    ['on-delay by ticks', HIGH, { on: 5, steps: at('1=11 @5 @6 @9') }, '+6'],
    ['a value holds until the next', HIGH, { on: 5, steps: at('1=11 20=0') }, '+6 -20'],
    ['bad begins a delay anew', HIGH, { on: 5, steps: at('1=11 3=11! @9 10=11 14=11 15=11') }, '+15'],
    ['off-delay', HIGH, { off: 5, steps: at('1=11 2=0 6=11 7=0 @12') }, '+1 -12'],
    ['a pulse told afterwards', HIGH, { steps: at('9=0 3=11 4=0') }, '+3 -4'],
    ['a clock set back does not stop a delay', HIGH, { on: 5, steps: at('1000=11 2=11 @1005') }, '+1005'],
  ])('%s', (_case, condition, script, expected) => {
    expect(play(condition, script)).toBe(expected);
  });
});

const RISE: Condition = { kind: 'rate-of-rise', limit: 8, deadband: 4, overUs: 8 * S };
const FALL: Condition = { kind: 'rate-of-fall', limit: 8, deadband: 0, overUs: 8 * S };
const ramp = (from: number, to: number, perSecond: number): Step[] =>
  Array.from({ length: to - from + 1 }, (_, index) => [from + index, index * perSecond]);

describe('rates', () => {
  it.each<[string, Condition, Script, string]>([
    ['as fast as it may', RISE, { steps: ramp(0, 40, 1) }, ''],
    ['faster', RISE, { steps: ramp(0, 40, 1.1) }, '+8'],
    ['to fall is not to rise', RISE, { steps: ramp(0, 40, -9) }, ''],
    ['falling', FALL, { steps: ramp(0, 40, -1.1) }, '+8'],
    [
      'a step is over when its time has gone by',
      FALL,
      { steps: [...ramp(0, 9, 0), [10, -9], [11, -9], [17, -9], [18, -9], [19, -9]] },
      '+10 -18',
    ],
    ['far apart: each with the one before', RISE, { steps: at('0=0 100=90 200=300 300=350') }, '+200 -300'],
    ['back within the deadband', RISE, { steps: at('0=0 100=200 200=260 300=300') }, '+100 -300'],
    ['nothing across a bad sample', RISE, { steps: at('0=0 10=0! 20=500 21=500') }, ''],
    ['nothing across a clock set back', RISE, { steps: at('100=0 20=500 21=500') }, ''],
    ['two at one time', RISE, { steps: at('0=0 0=50 8=50 8=50') }, '+8'],
  ])('%s', (_case, condition, script, expected) => {
    expect(play(condition, script)).toBe(expected);
  });
});

const AROUND_5: Condition = { kind: 'deviation', limit: 2, deadband: 1, setPoint: 5 };
const AROUND_TAG: Condition = { kind: 'deviation', limit: 2, deadband: 1, setPoint: undefined };
const TRIPPED: Condition = { kind: 'discrete', equals: 4 };
const FAULTY: Condition = { kind: 'discrete', equals: 'faulty' };
const VALVE: Condition = { kind: 'discrepancy' };
const STALE: Condition = { kind: 'stale', forUs: 10 * S };
const BAD: Condition = { kind: 'bad-quality' };

describe('deviations, states and quality', () => {
  it.each<[string, Condition, Script, string]>([
    ['both sides', AROUND_5, { steps: at('1=7 2=7.1 3=6.1 4=6 5=2.9') }, '+2 -4 +5'],
    ['a set point that moves', AROUND_TAG, { steps: at('1=7 2~7 3~4 4~- 5~7') }, '+3 -5'],
    ['no set point', AROUND_TAG, { steps: at('1=7 2=99') }, ''],
    ['a state', TRIPPED, { steps: at('1=3 2=4 3=4! 4=0') }, '+2 -4'],
    ['a text', FAULTY, { steps: at('1=fine 2=faulty 3=fine') }, '+2 -3'],
    ['a valve that does not follow in time', VALVE, { on: 5, steps: at('0=0 1~1 5=0 @6 8=1') }, '+6 -8'],
    ['a valve that follows', VALVE, { on: 5, steps: at('0=0 1~1 5=1 @20') }, ''],
    ['a command that nobody knows', VALVE, { steps: at('0=0 1~- 2=1') }, ''],
    ['silence', STALE, { steps: at('1=0 @1 @10 @11 @12 20=0 @20 @29 @30') }, '+11 -20 +30'],
    ['silence from the beginning', STALE, { steps: at('@9 @10') }, '+10'],
    ['bad samples are silence', STALE, { steps: at('1=0 @1 6=0! @11 12=-!') }, '+11'],
    ['bad', BAD, { on: 5, steps: at('1=0 2=0! 7=-! 8=0?') }, '+7 -8'],
  ])('%s', (_case, condition, script, expected) => {
    expect(play(condition, script)).toBe(expected);
  });
});

/** A sine is no noise, but it has a mean and a deviation that one can compute: 0 and `sqrt(1/2)`. */
const usual = (seconds: number): Step[] => Array.from({ length: seconds }, (_, at) => [at, Math.sin(at)]);
const statistical = (kind: 'z-score' | 'ewma' | 'cusum', limit: number): Condition => ({
  ...{ kind, limit, deadband: limit / 4 },
  ...{ baselineUs: 300 * S, minSigma: 0 },
});
const shifted = (by: number, from: number, to: number): Step[] =>
  Array.from({ length: to - from }, (_, index) => [from + index, Math.sin(from + index) + by]);

describe('statistics', () => {
  it.each<[string, Condition, readonly Step[], RegExp]>([
    ['nothing unusual', statistical('z-score', 3), usual(2_000), /^$/],
    ['an outlier', statistical('z-score', 3), [...usual(1_000), [1_000, 3], [1_001, 0]], /^\+1000 -1001$/],
    ['not before the baseline is learned', statistical('z-score', 3), [...usual(299), [299, 99]], /^$/],
    ['a small shift is no outlier', statistical('z-score', 3), [...usual(1_000), ...shifted(0.7, 1_000, 1_100)], /^$/],
    [
      'but the average sees it',
      statistical('ewma', 2.5),
      [...usual(1_000), ...shifted(0.7, 1_000, 1_100)],
      /^\+10\d\d/,
    ],
    ['and so does the sum', statistical('cusum', 5), [...usual(1_000), ...shifted(0.7, 1_000, 1_100)], /^\+10\d\d/],
    [
      'and it comes down again',
      statistical('cusum', 5),
      [...usual(1_000), ...shifted(3, 1_000, 1_500), ...shifted(0, 1_500, 1_600)],
      /^\+100\d -15\d\d$/,
    ],
    ['nothing unusual for the average', statistical('ewma', 3), usual(2_000), /^$/],
    ['nothing unusual for the sum', statistical('cusum', 5), usual(2_000), /^$/],
    [
      'what never changes has no measure',
      statistical('z-score', 3),
      [...usual(1_000).map(([at]): Step => [at, 5]), [1_000, 6]],
      /^$/,
    ],
    [
      'unless it is given',
      { ...statistical('z-score', 3), minSigma: 0.1 } as Condition,
      [...usual(1_000).map(([at]): Step => [at, 5]), [1_000, 6]],
      /^\+1000$/,
    ],
  ])('%s', (_case, condition, steps, expected) => {
    expect(play(condition, { steps })).toMatch(expected);
  });

  it('does not learn what it finds unusual', () => {
    const steps = [...usual(1_000), ...shifted(5, 1_000, 20_000)];
    expect(play(statistical('z-score', 4), { steps })).toBe('+1000');
  });
});

const anyCondition = fc.constantFrom<Condition>(
  HIGH,
  LOW,
  RISE,
  FALL,
  AROUND_5,
  AROUND_TAG,
  TRIPPED,
  VALVE,
  STALE,
  BAD,
);
const anyValue = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constantFrom(null, 'faulty', Number.NaN));
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.nat(500), anyValue, fc.constantFrom(STATUS.Good, STATUS.Uncertain, STATUS.Bad)),
  fc.tuple(fc.nat(500), fc.constant('ref' as const), anyValue),
  fc.tuple(fc.nat(500), fc.constant('tick')),
);

it('begins and ends in turn, whatever comes in whatever order', () => {
  fc.assert(
    fc.property(
      anyCondition,
      fc.array(anyStep, { maxLength: 60 }),
      fc.nat(9),
      fc.nat(9),
      (condition, steps, on, off) => {
        const signs = play(condition, { on, off, steps }).replaceAll(/[^+-]/g, '');
        expect(signs).toMatch(/^(\+-)*\+?$/);
      },
    ),
  );
});

it('is found at the same time, however often time is told', () => {
  const values = fc.array(fc.integer({ min: 5, max: 15 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, fc.nat(6), fc.nat(6), fc.integer({ min: 1, max: 3 }), (sampled, on, off, every) => {
      const samples = sampled.map((value, index): Step => [index * every, value]);
      const last = samples.length * every + 20;
      const ticked = samples.flatMap((step, index) => [
        step,
        ...Array.from({ length: every - 1 }, (_, nth): Step => [index * every + nth + 1, 'tick']),
      ]);
      const end: Step = [last, 'tick'];
      const seldom = play(HIGH, { on, off, steps: [...samples, end] });
      expect(play(HIGH, { on, off, steps: [...ticked, end] })).toBe(seldom);
    }),
  );
});
