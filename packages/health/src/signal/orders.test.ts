import type { Result } from '@tidegate/core/fault/fault.ts';
import { describe, expect, it } from 'vitest';
import { overAngle, turnsBySpeed } from './orders.ts';
import { bandMeanSquare, welchSpectrum } from './spectrum.ts';

function valueIn<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

const RATE_HZ = 5_000;
const COUNT = 20_000;
/** A shaft that runs up from 10 to 30 Hz within 4 s: turns = 10 t + 2.5 t². */
const turnsAt = (t: number) => 10 * t + 2.5 * t * t;
const samples = Float64Array.from({ length: COUNT }, (_, i) => Math.sin(2 * Math.PI * 3.5 * turnsAt(i / RATE_HZ)));

describe('a run-up', () => {
  const speed = Float64Array.from({ length: COUNT }, (_, i) => 10 + (5 * i) / RATE_HZ);
  const turns = valueIn(turnsBySpeed(speed, { rateHz: RATE_HZ }));
  it('is known turn by turn', () => {
    for (const i of [0, 2_000, 7_777, 19_000]) expect(turns[i]).toBeCloseTo(turnsAt(i / RATE_HZ), 9);
  });
  it('has its orders sharp, which over time are smeared', () => {
    const around = { lowHz: 3.4, highHz: 3.6 };
    const overTurns = valueIn(overAngle({ samples }, turns));
    expect(bandMeanSquare(valueIn(welchSpectrum(overTurns)), around)).toBeGreaterThan(0.49);
    const widest = valueIn(welchSpectrum({ samples, rateHz: RATE_HZ }));
    expect(bandMeanSquare(widest, { lowHz: 3.4 * 20, highHz: 3.6 * 20 })).toBeLessThan(0.1);
    // The slowest turn, at 10 Hz, takes 500 samples and a little less as it speeds up.
    expect(overTurns.rateHz).toBeGreaterThan(480);
    expect(overTurns.rateHz).toBeLessThanOrEqual(500);
  });
});

describe('refused', () => {
  it.each([
    ['a speed that is none', turnsBySpeed(Float64Array.of(1, Number.NaN), { rateHz: 10 }), 'health.bad-data'],
    ['less than two turns', overAngle({ samples: new Float64Array(20) }, new Float64Array(20)), 'health.too-little'],
    [
      'a shaft that all but stops',
      overAngle(
        { samples: new Float64Array(40_000) },
        Float64Array.from({ length: 40_000 }, (_, i) => Math.max(i / 20_000, (i - 20_000) / 10)),
      ),
      'health.bad-data',
    ],
    ['other lengths', overAngle({ samples: new Float64Array(20) }, new Float64Array(19)), 'health.bad-data'],
  ])('%s', (_what, refused, code) => expect(refused).toMatchObject({ fault: { code } }));
});
