import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RunRule, runAccount } from './runAccount.ts';

const HOUR = 3_600e6;
const RULE: RunRule = { onAbove: 10, offAt: 5, longestHoldUs: 100 * HOUR };

/** One value an hour from the hour 0 on. */
function accountOf(
  values: readonly number[],
  rule: Partial<RunRule> = {},
  good?: readonly number[],
  until = values.length,
) {
  const times = Float64Array.from(values, (_, i) => i * HOUR);
  const samples = { times, values: Float64Array.from(values), ...(good && { good: Uint8Array.from(good) }) };
  return runAccount(samples, { ...RULE, ...rule }, until * HOUR);
}

describe('an equipment', () => {
  it.each([
    [
      'runs twice',
      [0, 20, 20, 0, 0, 20, 0],
      {},
      undefined,
      { runningHours: 3, standingHours: 4, starts: 2, stops: 2, cycles: 2 },
    ],
    ['ran before anybody looked', [20, 0, 20], {}, undefined, { runningHours: 2, starts: 1, stops: 1, cycles: 0 }],
    ['trembles about the limit', [20, 9, 11, 8, 20, 4, 9], {}, undefined, { runningHours: 5, starts: 0, stops: 1 }],
    [
      'is not known of for an hour',
      [20, 20, 20],
      {},
      [1, 0, 1],
      { runningHours: 2, unknownHours: 1, starts: 0, stops: 0 },
    ],
    ['stopped while nobody saw it', [0, 20, 20, 0], {}, [1, 1, 0, 1], { runningHours: 1, unknownHours: 1, cycles: 1 }],
    ['has a value that is none', [20, Number.NaN, 0], {}, undefined, { runningHours: 1, unknownHours: 1, stops: 1 }],
    [
      'says nothing for long',
      [20, 20],
      { longestHoldUs: 0.25 * HOUR },
      undefined,
      { runningHours: 0.5, unknownHours: 1.5 },
    ],
    ['is by one limit', [10, 11, 10], { offAt: 10 }, undefined, { runningHours: 1, starts: 1, stops: 1, cycles: 1 }],
    ['has no samples', [], {}, undefined, { runningHours: 0, unknownHours: 0, starts: 0 }],
  ])('%s', (_what, values, rule, good, expected) => {
    expect(accountOf(values, rule, good)).toMatchObject({ ok: true, value: expected });
  });
  it('is accounted for until a time, in the middle of a sample too', () => {
    expect(accountOf([0, 20, 20, 0], {}, undefined, 2.5)).toMatchObject({ value: { runningHours: 1.5, stops: 0 } });
  });
  it('has every hour in one account, whatever comes', () => {
    const value = fc.oneof(fc.constantFrom(0, 7, 20), fc.constant(Number.NaN));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0.1, max: 2, noNaN: true }),
        (values, hold) => {
          const account = accountOf(values, { longestHoldUs: hold * HOUR });
          if (!account.ok) throw new Error(account.fault.detail);
          const { runningHours, standingHours, unknownHours, starts, stops, cycles } = account.value;
          expect(runningHours + standingHours + unknownHours).toBeCloseTo(values.length, 9);
          expect(Math.abs(starts - stops)).toBeLessThanOrEqual(1);
          expect(cycles).toBeLessThanOrEqual(Math.min(starts, stops));
        },
      ),
    );
  });
  it.each([
    ['limits the wrong way round', { offAt: 20 }],
    ['a hold of nothing', { longestHoldUs: 0 }],
  ])('has no account by %s', (_what, rule) => {
    expect(accountOf([1, 2], rule)).toMatchObject({ fault: { code: 'health.bad-data' } });
  });
  it('has no account of times that go back', () => {
    expect(runAccount({ times: Float64Array.of(0, 2, 1), values: new Float64Array(3) }, RULE, 10)).toMatchObject({
      fault: { code: 'health.bad-data' },
    });
  });
});
