import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { expect, it } from 'vitest';
import { template } from '../testbed/compressorTwin.ts';
import type { FittedResidual, TwinFit } from '../twinTemplate.ts';
import { calibrationAge, extrapolation, fitQuality } from './fitTrust.ts';

it.each<[FittedResidual | undefined, number, string | undefined]>([
  [{ sigma: 1, heldOutSigma: 1.1, explained: 0.99, count: 500 }, 1, undefined],
  [{ sigma: 1, count: 500 }, 1, undefined],
  [{ sigma: 1, heldOutSigma: 1, explained: 0.6, count: 500 }, 0.6, 'the model explains 60 % of how power varies'],
  [{ sigma: 1, heldOutSigma: 2.4, explained: 1, count: 500 }, 0.5, 'was 2.4 times as far off'],
  [{ sigma: 1, explained: -3, count: 500 }, 0, 'explains 0 %'],
  [undefined, 0.5, 'never fitted'],
])('a fit of %j is worth %f', (residual, share, reason) => {
  const part = fitQuality('power', residual);
  expect(part.share).toBeCloseTo(share, 9);
  if (reason === undefined) expect(part.reason).toBeUndefined();
  else expect(part.reason).toContain(reason);
});

it.each([
  [0, 1, undefined],
  [90, 0.5, 'its parameters were fitted 90 days ago'],
  [180, 0.25, 'its parameters were fitted 180 days ago'],
])('a fit that is %i days old is worth %f', (days, share, reason) => {
  const fit = { fittedAt: 0 } as TwinFit;
  expect(calibrationAge(fit, template({}).trust, (days * 86_400e6) as Timestamp)).toEqual({ share, reason });
});

it('without a fit a twin is worth half', () => {
  expect(calibrationAge(undefined, template({}).trust, 0 as Timestamp).share).toBe(0.5);
});

it.each([
  [8_500, 1, undefined],
  [9_250, 0.5, 'speed is 9250, and the fit has seen 8000 to 9000'],
  [7_500, 0.25, 'speed is 7500, and the fit has seen 8000 to 9000'],
])('a speed of %f is worth %f', (value, share, reason) => {
  expect(extrapolation('speed', value, { low: 8_000, high: 9_000 })).toEqual({ share, reason });
});
