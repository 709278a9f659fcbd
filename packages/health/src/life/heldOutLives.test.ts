import { expect, test } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import type { Fleet } from './fleet.ts';
import { heldOutLives } from './heldOutLives.ts';
import type { LifeOptionsGiven } from './lifeOptions.ts';

const QUICK: LifeOptionsGiven = { cap: 20, windows: [10], boost: { trees: 30, leafWeight: 5 }, net: { rounds: 5 } };

/** Units that wear faster and faster until they fail, after 50 to 80 cycles. */
function wearingFleet(count: number): Fleet {
  const random = seededRandom(4);
  const rows: [unit: number, wear: number, age: number][] = [];
  for (let unit = 0; unit < count; unit++) {
    const life = Math.floor(50 + 30 * random());
    for (let age = 1; age <= life; age++)
      rows.push([7 * unit, Math.exp((4 * (age - life)) / life) + 0.02 * random(), age]);
  }
  return {
    units: Int32Array.from(rows, ([unit]) => unit),
    ...{ settings: [], signals: [Float64Array.from(rows, ([, wear]) => wear)], signalNames: ['wear'] },
    ages: Float64Array.from(rows, ([, , age]) => age),
  };
}

test.each([
  [11, 5],
  [16, 16],
])('of %i units %i are left out, each once, and told of at moments of their last cycles', (count, heldOut) => {
  const moments = heldOutLives(wearingFleet(count), QUICK);
  if (!moments.ok) throw new Error(moments.fault.detail);
  expect(new Set(moments.value.map(({ unit }) => unit)).size).toBe(heldOut);
  expect(moments.value).toHaveLength(10 * heldOut);
  const errors = moments.value.map(({ told, truth }) => Math.abs(told.cycles - truth));
  // Knowing nothing, 20 cycles for all of them is off by 5.
  expect(errors.reduce((a, b) => a + b, 0) / errors.length).toBeLessThan(2.5);
  const ages = Map.groupBy(moments.value, ({ unit }) => unit);
  for (const ofUnit of ages.values()) {
    expect(ofUnit.map(({ rows }) => rows)).toEqual(ofUnit.map(({ rows }) => rows).toSorted((a, b) => a - b));
    const open = ofUnit.filter(({ truth }) => truth < 20);
    expect(open).toHaveLength(5);
    expect(new Set(open.map(({ rows, truth }) => rows + truth)).size).toBe(1);
  }
});

test('of ten none can be left out', () => {
  const detail = '10 units that failed: none can be left out of the 10 that are needed.';
  expect(heldOutLives(wearingFleet(10), QUICK)).toEqual({ ok: false, fault: { code: 'health.too-little', detail } });
});
