import { expect, test } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { type AgedUnits, WeibullForecast } from './weibullForecast.ts';

function forecastOf(units: AgedUnits): WeibullForecast {
  const forecast = WeibullForecast.of(units);
  if (!forecast.ok) throw new Error(forecast.fault.detail);
  return forecast.value;
}

/** The share of fleets of few lives by which the interval of another unit, alive at an age, holds its life. */
function heldOf(fleets: number, count: number, shape: number, reached: number) {
  const random = seededRandom(9);
  const lifeOf = () => 100 * (-Math.log(1 - random())) ** (1 / shape);
  let held = 0;
  for (let fleet = 0; fleet < fleets; fleet++) {
    const ages = Float64Array.from({ length: count }, lifeOf);
    let life = lifeOf();
    while (life <= reached) life = lifeOf();
    const failed = new Uint8Array(count).fill(1);
    const units =
      reached > 0 ? { ages: Float64Array.of(...ages, reached), failed: Uint8Array.of(...failed, 0) } : { ages, failed };
    const chance = forecastOf(units).survival(reached, life - reached);
    held += +(chance >= 0.05 && chance <= 0.95);
  }
  return held / fleets;
}

test.each([
  [3, 2.5, 0],
  [4, 0.9, 0],
  [8, 6, 0],
  [4, 2.5, 60],
  [6, 3, 100],
])('%i failures of shape %f: the interval of one alive at %i holds what it promises', (count, shape, reached) => {
  const share = heldOf(1_000, count, shape, reached);
  expect(share).toBeGreaterThan(0.87);
  expect(share).toBeLessThan(0.95);
});

test('with many failures it is the law itself', () => {
  const random = seededRandom(3);
  const ages = Float64Array.from({ length: 3_000 }, () => 100 * (-Math.log(1 - random())) ** 0.5);
  const left = forecastOf({ ages, failed: new Uint8Array(3_000).fill(1) }).left(60, 0.9);
  const truth = (chance: number) => 100 * (0.36 - Math.log(chance)) ** 0.5 - 60;
  expect(left.median / truth(0.5)).toBeCloseTo(1, 1);
  expect(left.lower / truth(0.95)).toBeCloseTo(1, 1);
  expect(left.upper / truth(0.05)).toBeCloseTo(1, 1);
});

test('a unit at greater risk has less left, and one of which the risk is hardly known has a wider interval', () => {
  const units = { ages: Float64Array.of(50, 70, 90, 120, 80), failed: Uint8Array.of(1, 1, 1, 1, 0) };
  const forecast = forecastOf(units);
  const [plain, hard, unsure] = [{}, { risk: 3 }, { riskError: 1 }].map((risk) => forecast.left(80, 0.9, risk));
  expect(hard.median).toBeLessThan(0.7 * plain.median);
  expect(unsure.upper - unsure.lower).toBeGreaterThan(1.2 * (plain.upper - plain.lower));
});

test('two failures are refused', () => {
  const units = { ages: Float64Array.of(5, 6, 7), failed: Uint8Array.of(1, 1, 0) };
  expect(WeibullForecast.of(units)).toMatchObject({ ok: false, fault: { code: 'health.too-little' } });
});
