import { describe, expect, it } from 'vitest';
import { linearFit } from './linearFit.ts';
import { nonlinearFit } from './nonlinearFit.ts';
import { fisherTail, studentQuantile, studentTail } from './probability.ts';
import longley from './vectors/longley.json' with { type: 'json' };
import misra1a from './vectors/misra1a.json' with { type: 'json' };
import thurber from './vectors/thurber.json' with { type: 'json' };

/** Digits in which a figure agrees with the certified one (NIST calls it the log relative error). */
const digits = (got: number, certified: number) =>
  got === certified ? 16 : -Math.log10(Math.abs(got - certified) / Math.abs(certified));
const deviations = (covariance: Float64Array, count: number) =>
  Array.from({ length: count }, (_, at) => Math.sqrt(covariance[at * (count + 1)]));

const SETS = [
  { name: 'Misra1a', set: misra1a, model: ([b1, b2]: Float64Array, x: number) => b1 * (1 - Math.exp(-b2 * x)) },
  {
    name: 'Thurber',
    set: thurber,
    model: ([b1, b2, b3, b4, b5, b6, b7]: Float64Array, x: number) =>
      (b1 + x * (b2 + x * (b3 + x * b4))) / (1 + x * (b5 + x * (b6 + x * b7))),
  },
];

describe.each(SETS)('$name of NIST', ({ set, model }) => {
  it.each(set.starts)('from the start %#', (...start) => {
    const observed = Float64Array.from(set.y);
    const fit = nonlinearFit({
      parameters: start.flat().map((value) => ({ start: value })),
      observed,
      predict: (parameters) => Float64Array.from(set.x, (x) => model(parameters, x)),
    });
    expect(fit.converged).toBe(true);
    expect(fit.atBound).toEqual([]);
    for (const [at, certified] of set.certified.entries()) {
      expect(digits(fit.parameters[at], certified)).toBeGreaterThan(7);
      expect(digits(deviations(fit.covariance, set.certified.length)[at], set.deviations[at])).toBeGreaterThan(5);
    }
    expect(digits(fit.sigma, set.sigma)).toBeGreaterThan(9);
  });
});

describe('linear least squares', () => {
  const ones = (count: number) => new Float64Array(count).fill(1);

  it('agree with Longley of NIST, whose columns are told to be collinear', () => {
    const columns = [ones(16), ...longley.x.map((column) => Float64Array.from(column))];
    const fit = linearFit(columns, Float64Array.from(longley.y));
    for (const [at, certified] of longley.certified.entries()) {
      expect(digits(fit.coefficients[at], certified)).toBeGreaterThan(8);
      expect(digits(deviations(fit.covariance, 7)[at], longley.deviations[at])).toBeGreaterThan(8);
    }
    expect(digits(fit.sigma, longley.sigma)).toBeGreaterThan(11);
    expect(fit.ridge).toBe(0);
    // Belsley, Kuh and Welsch find 43275 for these columns.
    expect(Math.round(fit.collinearity.condition)).toBe(43_275);
    expect(fit.collinearity.together).toContain(6);
  });

  it('take a ridge where one column is another, and share between the two', () => {
    const x = Float64Array.from({ length: 20 }, (_, row) => row - 9.5);
    const fit = linearFit(
      [ones(20), x, x.slice()],
      x.map((value) => 3 + 2 * value),
    );
    expect(fit.ridge).toBeGreaterThan(0);
    expect(fit.collinearity).toMatchObject({ condition: Number.POSITIVE_INFINITY, together: [1, 2] });
    expect([...fit.coefficients].map((value) => Number(value.toFixed(6)))).toEqual([3, 1, 1]);
  });
});

it('a parameter whose best value lies beyond a bound stays at it, and is told', () => {
  const x = Float64Array.from({ length: 30 }, (_, row) => row / 10);
  const fit = nonlinearFit({
    parameters: [{ start: 1, low: 0, high: 1.5 }, { start: 0.1 }],
    observed: x.map((value) => 2 * value + 1),
    predict: ([slope, offset]) => x.map((value) => slope * value + offset),
  });
  expect(fit.parameters[0]).toBe(1.5);
  expect(fit.atBound).toEqual([0]);
  expect(fit.covariance[0]).toBe(0);
  // The mean of 2x + 1 - 1.5x, for x of mean 1.45.
  expect(fit.parameters[1]).toBeCloseTo(1.725, 9);
});

it('parameters at which the model says nothing are not taken', () => {
  const x = Float64Array.from({ length: 30 }, (_, row) => 1 + row / 10);
  const fit = nonlinearFit({
    parameters: [{ start: 30 }],
    observed: x.map((value) => Math.sqrt(value - 0.9)),
    predict: ([offset]) => x.map((value) => Math.sqrt(value - 2 + offset)),
  });
  expect(fit.parameters[0]).toBeCloseTo(1.1, 8);
});

// Abramowitz and Stegun, tables 26.10 and 26.9.
it.each([
  [0.95, 1, 12.706],
  [0.95, 10, 2.228],
  [0.99, 30, 2.75],
  [0.95, 1e6, 1.96],
])('the quantile of t at %f with %i degrees of freedom is %f', (confidence, freedom, quantile) => {
  expect(studentQuantile(confidence, freedom)).toBeCloseTo(quantile, 3);
  expect(studentTail(studentQuantile(confidence, freedom), freedom)).toBeCloseTo(1 - confidence, 10);
});

it.each([
  [4.9646, 1, 10, 0.05],
  [3.4928, 2, 20, 0.05],
  [2.5336, 5, 30, 0.05],
])('the ratio %f of variances is exceeded with %i and %i degrees of freedom in %f', (ratio, above, below, tail) => {
  expect(fisherTail(ratio, above, below)).toBeCloseTo(tail, 4);
});
