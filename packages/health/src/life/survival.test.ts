import { expect, test } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { type CoxUnits, learnCox } from './coxHazards.ts';
import { learnWeibull } from './weibull.ts';

/** Ages drawn from a Weibull law and watched no longer than `until`. */
function livesOf(count: number, shape: number, scale: number, until: number, seed: number) {
  const random = seededRandom(seed);
  const lives = Float64Array.from({ length: count }, () => scale * (-Math.log(1 - random())) ** (1 / shape));
  return {
    ages: lives.map((life) => Math.min(life, until)),
    failed: Uint8Array.from(lives, (life) => +(life <= until)),
  };
}

test.each([
  [1.0, 500, 400],
  [2.5, 1000, 900],
  [8, 30, 1e9],
  [0.6, 80, 100],
])('the law of shape %f and scale %f is found again, units still alive at %f among them', (shape, scale, until) => {
  const { ages, failed } = livesOf(5000, shape, scale, until, 7);
  const law = learnWeibull(ages, failed);
  if (!law.ok) throw new Error(law.fault.detail);
  expect(Math.abs(law.value.shape / shape - 1)).toBeLessThan(0.05);
  expect(Math.abs(law.value.scale / scale - 1)).toBeLessThan(0.05);
});

test('the law found has the highest likelihood of all near it', () => {
  const { ages, failed } = livesOf(40, 2, 100, 110, 3);
  const likelihood = (shape: number, scale: number) =>
    ages.reduce((sum, age, i) => {
      const density = failed[i] * (Math.log(shape / scale) + (shape - 1) * Math.log(age / scale));
      return sum + density - (age / scale) ** shape;
    }, 0);
  const law = learnWeibull(ages, failed);
  if (!law.ok) throw new Error(law.fault.detail);
  const best = likelihood(law.value.shape, law.value.scale);
  for (const [a, b] of [
    [1.01, 1],
    [0.99, 1],
    [1, 1.01],
    [1, 0.99],
  ])
    expect(likelihood(law.value.shape * a, law.value.scale * b)).toBeLessThan(best);
});

test.each<[string, number[], number[], string, RegExp]>([
  ['two failures', [5, 6, 7], [1, 1, 0], 'health.too-little', /2 failures/],
  ['all at one age', [5, 5, 5, 5], [1, 1, 1, 1], 'health.too-little', /hardly differ/],
  ['an age of nothing', [5, 0, 7], [1, 1, 1], 'health.bad-data', /unit 1 is 0/],
  ['an age of NaN', [5, Number.NaN, 7], [1, 1, 1], 'health.bad-data', /unit 1/],
  ['outcomes missing', [5, 6, 7], [1, 1], 'health.bad-data', /2 outcomes for 3/],
])('%s carry no law', (_name, ages, failed, code, detail) => {
  const law = learnWeibull(Float64Array.from(ages), Uint8Array.from(failed));
  expect(law.ok ? undefined : law.fault).toMatchObject({ code, detail: expect.stringMatching(detail) });
});

/** Units whose hazard of failing is `exp(0.8 load - 0.5 care)` times that of the others; a third column says nothing. */
function hazardousUnits(count: number): CoxUnits {
  const random = seededRandom(5);
  const covariates = [0, 1, 2].map(() => Float64Array.from({ length: count }, () => random() * 4 + 10));
  const lives = covariates[0].map(
    (load, i) => -Math.log(1 - random()) / (0.01 * Math.exp(0.8 * (load - 12) - 0.5 * (covariates[1][i] - 12))),
  );
  return {
    ages: lives.map((life) => Math.min(life, 150)),
    failed: Uint8Array.from(lives, (life) => +(life <= 150)),
    names: ['load', 'care', 'colour'],
    covariates,
  };
}

test('proportional hazards are found again, and what says nothing is within its error of 0', () => {
  const cox = learnCox(hazardousUnits(3000));
  if (!cox.ok) throw new Error(cox.fault.detail);
  for (const [c, truth] of [0.8, -0.5, 0].entries())
    expect(Math.abs(cox.value.coefficients[c] - truth)).toBeLessThan(3 * cox.value.standardErrors[c]);
  expect(cox.value.standardErrors[0]).toBeLessThan(0.03);
});

test('the partial likelihood of a small case with ties, by hand', () => {
  // Breslow's score for x = 1,0,1,0 failing at 1,1,2,3: at b the slope is 1 - 2 p(4 at risk) + ... = 0 at the answer.
  const ages = Float64Array.of(1, 1, 2, 3, 1.5, 2.5);
  const x = Float64Array.of(1, 0, 1, 0, 1, 0);
  const cox = learnCox({ ages, failed: Uint8Array.of(1, 1, 1, 1, 1, 1), names: ['x'], covariates: [x] });
  if (!cox.ok) throw new Error(cox.fault.detail);
  const risk = Math.exp(cox.value.coefficients[0]);
  const atRisk = [
    [3, 3],
    [3, 3],
    [2, 2],
    [1, 2],
    [0, 2],
    [0, 1],
  ];
  const slope = 3 - atRisk.reduce((sum, [ones, zeros]) => sum + (ones * risk) / (ones * risk + zeros), 0);
  expect(Math.abs(slope)).toBeLessThan(0.02);
});

test.each<[string, Partial<CoxUnits>, string, RegExp]>([
  ['few failures', { failed: new Uint8Array(50) }, 'health.too-little', /0 failures for 3/],
  [
    'a constant covariate',
    { covariates: [0, 1, 2].map(() => new Float64Array(50).fill(3)) },
    'health.too-little',
    /load/,
  ],
  [
    'a missing value',
    { covariates: [0, 1, 2].map(() => new Float64Array(50).fill(Number.NaN)) },
    'health.bad-data',
    /load/,
  ],
  ['a missing unit', { ages: new Float64Array(49).fill(1) }, 'health.bad-data', /49 units/],
])('%s: no hazards are told', (_name, change, code, detail) => {
  const cox = learnCox({ ...hazardousUnits(50), ...change });
  expect(cox.ok ? undefined : cox.fault).toMatchObject({ code, detail: expect.stringMatching(detail) });
});
