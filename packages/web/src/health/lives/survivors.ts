/** How many lives of a fleet reach which age. */

import type { FleetUnit } from '@tidegate/platform/northbound/contract/healthLives.ts';

const US_PER_DAY = 86_400e6;
const LAW_POINTS = 100;

/** Columns of one length: days of age, and the share of lives that reach it. */
export interface Survivors {
  readonly ages: readonly number[];
  readonly shares: readonly number[];
}

/** Kaplan and Meier (1958): lives that were replaced, or go on, count as far as they went. A life without a beginning has no age. */
export function survivors(units: readonly Pick<FleetUnit, 'start' | 'end' | 'ended'>[], nowUs: number): Survivors {
  const ended = units
    .flatMap(({ start, end, ended: how }) =>
      start === null ? [] : [{ age: ((end ?? nowUs) - start) / US_PER_DAY, isFailure: how === 'failure' }],
    )
    .sort((a, b) => a.age - b.age || Number(b.isFailure) - Number(a.isFailure));
  const ages = [0];
  const shares = [1];
  let share = 1;
  for (const [gone, { age, isFailure }] of ended.entries()) {
    if (isFailure) share *= 1 - 1 / (ended.length - gone);
    ages.push(age);
    shares.push(share);
  }
  return { ages, shares };
}

/** By Weibull's law, up to an age of `mostDays`. */
export function survivorsByLaw(
  law: { readonly shape: number; readonly scaleDays: number },
  mostDays: number,
): Survivors {
  const ages = Array.from({ length: LAW_POINTS + 1 }, (_, at) => (at / LAW_POINTS) * mostDays);
  return { ages, shares: ages.map((age) => Math.exp(-((age / law.scaleDays) ** law.shape))) };
}
