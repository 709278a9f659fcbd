import type { Result } from '@tidegate/core/fault/fault.ts';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { bearingFrequencies } from './bearingFrequencies.ts';
import { type Stretch, stretchOf } from './stretch.ts';
import { bearingSound } from './testbed/bearingSound.ts';
import { VibrationAnalysis } from './vibrationAnalysis.ts';
import { needsShaft, VIBRATION_MEASURES, type VibrationMeasure, type VibrationQuestion } from './vibrationMeasure.ts';

function valueIn<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

const codeOf = (result: Result<unknown>) => (result.ok ? undefined : result.fault.code);

function sampled(count: number, hz: number, of: (seconds: number) => number): Stretch {
  return valueIn(
    stretchOf(
      Float64Array.from({ length: count }, (_, i) => of(i / hz)),
      hz,
    ),
  );
}

const shaftOf = (count: number, hz: number) => new Float64Array(count).fill(hz);

/** SKF 6205-2RS JEM, in inches. */
const BEARING = { rollers: 9, rollerDiameter: 0.3126, pitchDiameter: 1.537, contactDegrees: 0 };
const FAULTS = ['bpfo', 'bpfi', 'bsf', 'ftf'] as const;

describe('a tone on top of what a sensor shows at rest', () => {
  const tone = sampled(8_192, 8_192, (t) => 9.81 + 3 * Math.sin(2 * Math.PI * 200 * t));
  const analysis = new VibrationAnalysis(tone, shaftOf(8_192, 20));
  it.each<[VibrationQuestion, number]>([
    [{ measure: 'rms' }, 3 / Math.SQRT2],
    [{ measure: 'peak' }, 3],
    [{ measure: 'crest' }, Math.SQRT2],
    [{ measure: 'skewness' }, 0],
    [{ measure: 'kurtosis' }, 1.5],
    [{ measure: 'centroid' }, 200],
    [{ measure: 'band', band: { lowHz: 100, highHz: 300 } }, 3 / Math.SQRT2],
    [{ measure: 'band', band: { lowHz: 1_000, highHz: 3_000 } }, 0],
    [{ measure: 'velocity' }, (1e3 * 3) / Math.SQRT2 / (2 * Math.PI * 200)],
    [{ measure: 'velocity', band: { lowHz: 300, highHz: 3_000 } }, 0],
    [{ measure: 'order', order: 10 }, 3 / Math.SQRT2],
    [{ measure: 'order', order: 4 }, 0],
  ])('%o', (question, value) => expect(valueIn(analysis.answer(question))).toBeCloseTo(value, 2));

  it.each<[string, VibrationQuestion, Stretch, number, string]>([
    ['a band that is none', { measure: 'band' }, tone, 20, 'health.bad-data'],
    ['a band above the signal', { measure: 'band', band: { lowHz: 100, highHz: 9_000 } }, tone, 20, 'health.bad-data'],
    [
      'an envelope above it',
      { measure: 'bpfo', bearing: BEARING, band: { lowHz: 1, highHz: 9_000 } },
      tone,
      20,
      'health.bad-data',
    ],
    ['a velocity below its rate', { measure: 'velocity' }, sampled(64, 100, Math.sin), 20, 'health.bad-data'],
    ['no bearing', { measure: 'bpfi' }, tone, 20, 'health.bad-data'],
    ['one that cannot be', { measure: 'bpfi', bearing: { ...BEARING, rollers: 0 } }, tone, 20, 'health.bad-data'],
    ['no order', { measure: 'order' }, tone, 20, 'health.bad-data'],
    ['an order above the signal', { measure: 'order', order: 300 }, tone, 20, 'health.bad-data'],
    ['a shaft that stands', { measure: 'order', order: 1 }, tone, 0, 'health.too-little'],
    ['a speed that nobody knows', { measure: 'order', order: 1 }, tone, Number.NaN, 'health.too-little'],
    [
      'a cage that goes round once',
      { measure: 'ftf', bearing: BEARING },
      sampled(820, 8_192, Math.sin),
      29,
      'health.too-little',
    ],
    ['what stands still', { measure: 'kurtosis' }, sampled(64, 100, () => 7), 20, 'health.too-little'],
  ])('%s is a fault', (_, question, stretch, hz, code) => {
    expect(codeOf(new VibrationAnalysis(stretch, shaftOf(stretch.samples.length, hz)).answer(question))).toBe(code);
  });
  it.each(VIBRATION_MEASURES.filter((measure) => measure !== 'peak'))(
    'no %s comes of values beyond all reckoning',
    (measure) => {
      const huge = new VibrationAnalysis(
        sampled(2_048, 2_560, (t) => 1e300 * Math.sin(900 * t)),
        shaftOf(2_048, 20),
      );
      expect(codeOf(huge.answer({ measure, bearing: BEARING, order: 1, band: { lowHz: 10, highHz: 1_000 } }))).toMatch(
        /^health\./,
      );
    },
  );
  it.each(VIBRATION_MEASURES.filter(needsShaft))('%s needs a speed', (measure) => {
    const answer = new VibrationAnalysis(tone).answer({ measure, bearing: BEARING, order: 1 });
    expect(codeOf(answer)).toBe('health.too-little');
  });
});

/** A bearing that rings 900 times a second faster than it fades, struck whenever the shaft has turned by one over `order`. */
function struck(order: number, turnsAt: (t: number) => number): Stretch {
  const random = seededRandom(3);
  const rings: number[] = [];
  const RATE = 12_000;
  for (let i = 0, next = 0; i < 24_000; i++) {
    if (turnsAt(i / RATE) * order < next) continue;
    next++;
    for (let k = 0; k < 60; k++) {
      const since = k / RATE;
      rings[i + k] = (rings[i + k] ?? 0) + Math.exp(-since * 900) * Math.sin(2 * Math.PI * 3_400 * since);
    }
  }
  return sampled(24_000, RATE, (t) => {
    const noise = 0.2 * (random() + random() + random() - 1.5);
    return 0.5 * (rings[Math.round(t * RATE)] ?? 0) + noise + 0.8 * Math.sin(2 * Math.PI * turnsAt(t));
  });
}

describe.each([
  ['a steady shaft', (t: number) => 29.95 * t, () => 29.95],
  ['a shaft that runs up by half', (t: number) => 24 * t + 3 * t * t, (t: number) => 24 + 6 * t],
])('the fault of a bearing on %s', (_, turnsAt, speedAt) => {
  const orders = valueIn(bearingFrequencies(BEARING, 1));
  it.each(FAULTS.slice(0, 3))('is found by its name: %s', (fault) => {
    const order = fault === 'bsf' ? 2 * orders.bsf : orders[fault];
    const stretch = struck(order, turnsAt);
    const speed = stretch.samples.map((_value, i) => speedAt(i / stretch.rateHz));
    const analysis = new VibrationAnalysis(stretch, speed);
    const of = (measure: VibrationMeasure) => valueIn(analysis.answer({ measure, bearing: BEARING }));
    const prominence = of(`${fault}-prominence`);
    expect(prominence).toBeGreaterThan(20);
    // Twice BPFI lies within the tolerance of three times BPFO, so a little of the one is heard of the other.
    for (const other of FAULTS.filter((one) => one !== fault)) {
      expect(of(`${other}-prominence`)).toBeLessThan(prominence / 3);
      expect(of(other)).toBeLessThan(of(fault) / 1.5);
    }
  });
});

it.each([undefined, { lowHz: 2_500, highHz: 5_500 }])(
  'weak blows are heard in a short burst beside a machine that is ten times as loud, in the band %o',
  (band) => {
    const order = valueIn(bearingFrequencies(BEARING, 1)).bpfo;
    const medians = [0, 0.15].map((blow) => {
      const values = Array.from({ length: 20 }, (_, seed) => {
        const sound = { rateHz: 25_600, count: 2_560, shaftHz: 24.5, order, blow, noise: 0.05, seed };
        const analysis = new VibrationAnalysis({ samples: bearingSound(sound), rateHz: 25_600 }, shaftOf(2_560, 24.5));
        return valueIn(analysis.answer({ measure: 'bpfo-prominence', bearing: BEARING, ...(band && { band }) }));
      });
      return values.sort((a, b) => a - b)[10];
    });
    expect(medians[0]).toBeLessThan(1.5);
    expect(medians[1]).toBeGreaterThan(10);
  },
);
