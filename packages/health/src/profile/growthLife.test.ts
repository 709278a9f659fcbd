import { describe, expect, it } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { type GrowthSeries, growthLife } from './growthLife.ts';

const NOISE = 0.01;
const LIMIT = 5;

/** Of the excess by days after it began, seen from half of what it is at `today` on. */
function seenUntil(today: number, excess: (day: number) => number, seed: number): GrowthSeries {
  const random = seededRandom(seed);
  const days: number[] = [];
  for (let day = 1; day <= today; day++) if (excess(day) >= excess(today) / 2) days.push(day);
  const noisy = (day: number) => excess(day) + NOISE * (random() + random() + random() + random() - 2) * 1.7;
  return {
    days: Float64Array.from(days, (day) => day - today),
    excess: Float64Array.from(days, noisy),
    deviation: new Float64Array(days.length).fill(NOISE),
  };
}

describe('a life', () => {
  /** Each reaches the limit on day 200. */
  const laws: readonly [name: string, excess: (day: number) => number][] = [
    ['straight', (day) => (LIMIT * day) / 200],
    ['with the square of time', (day) => LIMIT * (day / 200) ** 2],
    ['exponential', (day) => LIMIT * Math.exp((day - 200) / 40)],
    ['running away', (day) => (LIMIT * 10) / (210 - day)],
  ];

  it.each(laws)('is within its interval in nine of ten, growth being %s', (_, excess) => {
    let told = 0;
    let covered = 0;
    for (let seed = 1; seed <= 10; seed++) {
      for (const today of [120, 150, 180]) {
        const life = growthLife(seenUntil(today, excess, seed), LIMIT);
        if (life === undefined) continue;
        told++;
        expect(life.lowDays).toBeLessThanOrEqual(life.medianDays);
        expect(life.medianDays).toBeLessThanOrEqual(life.highDays);
        if (life.lowDays <= 200 - today && life.highDays >= 200 - today) covered++;
      }
    }
    expect(told).toBeGreaterThanOrEqual(20);
    expect(covered / told).toBeGreaterThanOrEqual(0.85);
  });

  it('is not told where what was seen is nearly level and the limit far off', () => {
    expect(
      growthLife(
        seenUntil(40, () => 0.02, 1),
        1_000,
      ),
    ).toBeUndefined();
  });
});
