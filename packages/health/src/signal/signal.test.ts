import { readFileSync } from 'node:fs';
import type { Result } from '@tidegate/core/fault/fault.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { type BearingGeometry, bearingFrequencies, faultLines } from './bearingFrequencies.ts';
import { envelopeOf } from './envelope.ts';
import { FourierTransform } from './fourierTransform.ts';
import { impulsiveBand } from './impulsiveBand.ts';
import { windowWeights } from './signalWindow.ts';
import { bandMeanSquare, spectralCentroidHz, welchSpectrum } from './spectrum.ts';
import { type Stretch, stretchOf } from './stretch.ts';
import { velocityRms } from './velocityRms.ts';
import { waveShape } from './waveShape.ts';

interface Reference {
  readonly samples: readonly number[];
  readonly real: readonly number[];
  readonly imaginary: readonly number[];
  readonly shape: Readonly<Record<string, number>>;
  readonly welch: readonly number[];
  readonly periodogram: readonly number[];
  readonly envelope: readonly number[];
}

const { rateHz, lowHz, highHz, cases } = JSON.parse(
  readFileSync(new URL('vectors/reference.json', import.meta.url), 'utf8'),
) as { rateHz: number; lowHz: number; highHz: number; cases: Reference[] };

function valueIn<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

/** `count` samples of a function of the time in seconds. */
function sampled(count: number, hz: number, of: (seconds: number) => number): Stretch {
  return valueIn(
    stretchOf(
      Float64Array.from({ length: count }, (_, i) => of(i / hz)),
      hz,
    ),
  );
}

function expectClose(ours: ArrayLike<number>, theirs: readonly number[], tolerance: number) {
  for (const [i, value] of theirs.entries()) expect(Math.abs(ours[i] - value)).toBeLessThan(tolerance);
}

describe.each(cases)('a stretch of $samples.length samples, as numpy and scipy see it', (reference) => {
  const stretch = valueIn(stretchOf(reference.samples, rateHz));

  it('has their Fourier transform', () => {
    const real = stretch.samples.slice();
    const imaginary = new Float64Array(real.length);
    new FourierTransform(real.length).forward(real, imaginary);
    expectClose(real, reference.real, 1e-9);
    expectClose(imaginary, reference.imaginary, 1e-9);
  });
  it('has their moments', () => {
    for (const [name, value] of Object.entries(waveShape(stretch.samples))) {
      expect(value).toBeCloseTo(reference.shape[name], 10);
    }
  });
  it('has their spectra', () => {
    expectClose(valueIn(welchSpectrum(stretch, { segment: 256 })).density, reference.welch, 1e-12);
    expectClose(valueIn(welchSpectrum(stretch)).density, reference.periodogram, 1e-12);
  });
  it('has their envelope', () => {
    expectClose(valueIn(envelopeOf(stretch, { lowHz, highHz })).samples, reference.envelope, 1e-10);
  });
});

describe('the Fourier transform of any length', () => {
  const random = seededRandom(7);
  const noise = (length: number) => Float64Array.from({ length }, () => random() - 0.5);
  it('is the sum it stands for, and comes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), (length) => {
        const [real, imaginary] = [noise(length), noise(length)];
        const [re, im] = [real.slice(), imaginary.slice()];
        const transform = new FourierTransform(length);
        transform.forward(re, im);
        for (let k = 0; k < length; k++) {
          let [sumReal, sumImaginary] = [0, 0];
          for (let n = 0; n < length; n++) {
            const angle = (-2 * Math.PI * k * n) / length;
            sumReal += real[n] * Math.cos(angle) - imaginary[n] * Math.sin(angle);
            sumImaginary += real[n] * Math.sin(angle) + imaginary[n] * Math.cos(angle);
          }
          expect(re[k]).toBeCloseTo(sumReal, 10);
          expect(im[k]).toBeCloseTo(sumImaginary, 10);
        }
        transform.inverse(re, im);
        expectClose(re, [...real], 1e-12);
        expectClose(im, [...imaginary], 1e-12);
      }),
      { numRuns: 60 },
    );
  });
  it.each([25_600, 9_973])('of %i samples keeps their energy (Parseval)', (length) => {
    const real = noise(length);
    const energy = real.reduce((sum, value) => sum + value * value, 0);
    const imaginary = new Float64Array(length);
    new FourierTransform(length).forward(real, imaginary);
    const power = real.reduce((sum, value, k) => sum + value * value + imaginary[k] ** 2, 0);
    expect(power / length / energy).toBeCloseTo(1, 12);
  });
});

describe('spectra', () => {
  const tone = sampled(4_000, 1_000, (t) => 3 * Math.sin(2 * Math.PI * 123.4 * t));
  it.each(['hann', 'hamming', 'flat-top', 'rectangular'] as const)(
    'through %s hold the mean square of a tone',
    (window) => {
      const spectrum = valueIn(welchSpectrum(tone, { segment: 1_000, window }));
      expect(bandMeanSquare(spectrum, { lowHz: 0, highHz: 500 })).toBeCloseTo(4.5, 1);
      expect(bandMeanSquare(spectrum, { lowHz: 110, highHz: 140 })).toBeGreaterThan(4.3);
    },
  );
  it('know where a tone is', () => expect(spectralCentroidHz(valueIn(welchSpectrum(tone)))).toBeCloseTo(123.4, 1));
  it('a flat top reads an amplitude between the lines', () => {
    const { density, stepHz } = valueIn(welchSpectrum(tone, { segment: 1_000, window: 'flat-top' }));
    const weights = windowWeights('flat-top', 1_000);
    const noiseWidth = weights.reduce((sum, w) => sum + w * w, 0) / weights.reduce((sum, w) => sum + w, 0) ** 2;
    const amplitude = Math.sqrt(2 * Math.max(...density) * noiseWidth * stepHz * 1_000);
    expect(amplitude / 3).toBeCloseTo(1, 2);
  });
});

describe('velocity of an acceleration', () => {
  it('of a tone is its amplitude over its angular frequency', () => {
    const tone = sampled(25_600, 25_600, (t) => 10 * Math.sin(2 * Math.PI * 50 * t));
    expect(valueIn(velocityRms(tone))).toBeCloseTo((1e3 * 10) / Math.SQRT2 / (2 * Math.PI * 50), 1);
  });
  it('leaves out what is slower and faster', () => {
    const tone = sampled(25_600, 25_600, (t) => Math.sin(2 * Math.PI * 4 * t) + 50 * Math.sin(2 * Math.PI * 3_000 * t));
    expect(valueIn(velocityRms(tone))).toBeLessThan(0.2);
  });
  it('needs two periods, and the rate', () => {
    expect(velocityRms(sampled(2_560, 25_600, Math.sin))).toMatchObject({ fault: { code: 'health.too-little' } });
    expect(velocityRms(sampled(2_560, 1_000, Math.sin))).toMatchObject({ fault: { code: 'health.bad-data' } });
  });
});

/** SKF 6205-2RS JEM, in inches, and the multiples of the speed of the shaft that are published for it. */
const SKF_6205: BearingGeometry = { rollers: 9, rollerDiameter: 0.3126, pitchDiameter: 1.537, contactDegrees: 0 };

describe('a bearing', () => {
  it('6205-2RS JEM SKF has the frequencies that Case Western publishes', () => {
    const { bpfi, bpfo, ftf, bsf } = valueIn(bearingFrequencies(SKF_6205, 1));
    expect(bpfi).toBeCloseTo(5.4152, 4);
    expect(bpfo).toBeCloseTo(3.5848, 4);
    expect(ftf).toBeCloseTo(0.39828, 4);
    // Case Western gives what is heard of a roller: it strikes twice a turn.
    expect(2 * bsf).toBeCloseTo(4.7135, 3);
  });
  it.each([
    [{ ...SKF_6205, rollers: 2.5 }, 30],
    [{ ...SKF_6205, rollerDiameter: 2 }, 30],
    [{ ...SKF_6205, contactDegrees: 90 }, 30],
    [SKF_6205, Number.NaN],
  ])('that cannot be is refused: %o at %d', (geometry, shaftHz) => {
    expect(bearingFrequencies(geometry, shaftHz)).toMatchObject({ fault: { code: 'health.bad-data' } });
  });
  it('with a fault of the outer ring rings at BPFO, in the band of its resonance', () => {
    const random = seededRandom(3);
    const { bpfo } = valueIn(bearingFrequencies(SKF_6205, 29.95));
    const struck = sampled(24_000, 12_000, (t) => {
      const since = (t * bpfo) % 1;
      const ringing = Math.exp((-since / bpfo) * 900) * Math.sin(2 * Math.PI * 3_400 * (since / bpfo));
      return 0.5 * ringing + 0.2 * (random() + random() + random() - 1.5) + 0.8 * Math.sin(2 * Math.PI * 29.95 * t);
    });
    const band = impulsiveBand(struck);
    expect(band.lowHz).toBeLessThan(3_400);
    expect(band.highHz).toBeGreaterThan(3_400);
    const spectrum = valueIn(welchSpectrum(valueIn(envelopeOf(struck, band))));
    expect(faultLines(spectrum, bpfo).prominence).toBeGreaterThan(20);
  });
});

describe('an amplitude that goes up and down', () => {
  const swung = sampled(8_192, 8_192, (t) => (2 + Math.cos(2 * Math.PI * 17 * t)) * Math.sin(2 * Math.PI * 2_000 * t));
  it('is the envelope', () => {
    const { samples } = valueIn(envelopeOf(swung, { lowHz: 1_800, highHz: 2_200 }));
    for (const i of [0, 100, 4_000]) expect(samples[i]).toBeCloseTo(2 + Math.cos((2 * Math.PI * 17 * i) / 8_192), 9);
  });
  it('has a line, as high as it swings', () => {
    const spectrum = valueIn(welchSpectrum(valueIn(envelopeOf(swung, { lowHz: 1_800, highHz: 2_200 }))));
    expect(faultLines(spectrum, 17, { harmonics: 1, tolerance: 0.02 }).rms).toBeCloseTo(Math.SQRT1_2, 3);
    expect(faultLines(spectrum, 9_000)).toMatchObject({ rms: 0, harmonics: [], prominence: Number.NaN });
  });
});

describe('what is no stretch', () => {
  it.each([
    ['a value that is none', Float64Array.from({ length: 20 }, (_, i) => (i === 7 ? Number.NaN : i)), 10, /Sample 7/],
    ['a rate of nothing', new Float64Array(20), 0, /0 Hz/],
    ['two samples', new Float64Array(2), 10, /2 samples/],
  ])('%s', (_what, samples, hz, detail) => {
    const refused = stretchOf(samples, hz);
    expect(refused.ok ? '' : refused.fault.detail).toMatch(detail);
  });
  it('one that stands still has no shape, and no number makes none', () => {
    expect(waveShape(new Float64Array(20).fill(0.1))).toMatchObject({ peakToPeak: 0, kurtosis: Number.NaN });
    expect(Object.values(waveShape(Float64Array.of(1, Number.NaN, 2))).every(Number.isNaN)).toBe(true);
    expect(Object.values(waveShape(new Float64Array())).every(Number.isNaN)).toBe(true);
  });
});
