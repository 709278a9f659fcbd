/** What the fit of a twin contributes to the trust in it: how well it met history, how old it is, and whether it extrapolates. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import type { FittedRange, FittedResidual, TrustSettings, TwinFit } from '../twinTemplate.ts';

/** A share of full trust, from 0 to 1, and why it is below 1 where it is. */
export interface TrustPart {
  readonly share: number;
  readonly reason: string | undefined;
}

const FULL: TrustPart = { share: 1, reason: undefined };
/** Without a fit a twin is what somebody wrote down, and half as good. */
const UNFITTED = 0.5;
/** A residual that is so much wider on unseen history than the fit said is not held against a model. */
const USUAL_HELD_OUT = 1.2;
/** How far beyond the range that a fit has seen, in widths of it, trust is halved. */
const HALVED_BEYOND = 0.25;

/** How well an expectation met history: the share that it explains, less where unseen history was met worse. */
export function fitQuality(attribute: string, residual: FittedResidual | undefined): TrustPart {
  if (!residual) return { share: UNFITTED, reason: `the model of ${attribute} was never fitted to history` };
  const { sigma, heldOutSigma = sigma, explained = 1 } = residual;
  const carriesOver = Math.min(1, (USUAL_HELD_OUT * sigma) / heldOutSigma);
  const share = Math.max(0, explained) * carriesOver;
  if (carriesOver < 1) {
    return {
      share,
      reason: `on history that its fit had not seen, the model of ${attribute} was ${times(heldOutSigma / sigma)} as far off`,
    };
  }
  // What is left unexplained of a well-fitted attribute is noise, and no reason for anything.
  return share >= 0.9 ? FULL : { share, reason: `the model explains ${percent(share)} of how ${attribute} varies` };
}

/** Half as much for every `calibrationAgeUs` that the fit is old. */
export function calibrationAge(fit: TwinFit | undefined, trust: TrustSettings, now: Timestamp): TrustPart {
  if (!fit) return { share: UNFITTED, reason: 'its parameters were never fitted to history' };
  const ageUs = Math.max(0, now - fit.fittedAt);
  const share = 0.5 ** (ageUs / trust.calibrationAgeUs);
  return share >= 0.9
    ? FULL
    : { share, reason: `its parameters were fitted ${Math.round(ageUs / US_PER_DAY)} days ago` };
}

/** Less the further an input lies beyond what the fit has seen. */
export function extrapolation(input: string, value: number, range: FittedRange | undefined): TrustPart {
  if (!range || (value >= range.low && value <= range.high)) return FULL;
  const beyond = value < range.low ? range.low - value : value - range.high;
  const width = range.high - range.low || Math.abs(range.high) || 1;
  const share = 0.5 ** (beyond / (HALVED_BEYOND * width));
  return {
    share,
    reason: `${input} is ${round(value)}, and the fit has seen ${round(range.low)} to ${round(range.high)}`,
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function times(factor: number): string {
  return `${round(factor)} times`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
