import { describe, expect, it } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { alarmThreshold, rowThreshold } from './alarmThreshold.ts';
import { fitTail } from './tailFit.ts';

function exponentialScores(count: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: count }, () => -Math.log(1 - random()));
}

describe('tails', () => {
  it('of exponential scores are as rare as the exponential says, within and beyond the data', () => {
    const fit = fitTail(exponentialScores(5000, 3));
    if (!fit.ok) throw new Error(fit.fault.detail);
    for (const probability of [0.5, 0.05, 0.01, 1e-4, 1e-5]) {
      const score = fit.value.scoreExceededWith(probability);
      expect(score / -Math.log(probability)).toBeGreaterThan(0.85);
      expect(score / -Math.log(probability)).toBeLessThan(1.25);
      expect(fit.value.exceedance(score)).toBeCloseTo(probability, probability > 0.1 ? 3 : 6);
    }
    expect(fit.value.exceedance(Number.NaN)).toBeNaN();
  });

  it('need twenty scores', () => {
    expect(fitTail(Float64Array.of(1, 2, 3))).toMatchObject({ ok: false, fault: { code: 'health.too-little' } });
  });
});

describe('thresholds', () => {
  it('keep their budget on scores that were not seen, alone and in episodes', () => {
    const smooth = (scores: Float64Array) => {
      let mean = 1;
      return scores.map((score) => (mean += 0.1 * (score - mean)));
    };
    for (const shape of [(scores: Float64Array) => scores, smooth]) {
      const result = alarmThreshold(shape(exponentialScores(10_000, 5)), { alarms: 1, rows: 500 });
      if (!result.ok) throw new Error(result.fault.detail);
      const { threshold, interval, extrapolated } = result.value;
      let alarms = 0;
      const unseen = shape(exponentialScores(100_000, 6));
      let quietSince = Number.NEGATIVE_INFINITY;
      for (const [row, score] of unseen.entries()) {
        if (score <= threshold) continue;
        if (row - quietSince > result.value.episodeRows) alarms++;
        quietSince = row;
      }
      expect(alarms).toBeGreaterThan(100);
      expect(alarms).toBeLessThan(300);
      expect(interval[0]).toBeLessThanOrEqual(threshold);
      expect(interval[1]).toBeGreaterThanOrEqual(threshold);
      expect(extrapolated).toBe(false);
    }
  });

  it('say when the budget is rarer than the data are long', () => {
    expect(alarmThreshold(exponentialScores(1000, 1), { alarms: 1, rows: 100_000 })).toMatchObject({
      value: { extrapolated: true },
    });
  });

  it.each([0, -1, Number.NaN])('refuse a budget of %s', (alarms) => {
    expect(alarmThreshold(exponentialScores(1000, 1), { alarms, rows: 100 })).toMatchObject({ ok: false });
    expect(rowThreshold(exponentialScores(1000, 1), alarms)).toMatchObject({ ok: false });
  });
});
