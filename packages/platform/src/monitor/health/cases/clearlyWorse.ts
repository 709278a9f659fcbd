/** Whether an alert says more than what people knew when they put a case to rest. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { nameWords } from './explain/assetWords.ts';
import type { CaseEvidence } from './explain/explainStanding.ts';
import { daysWords } from './explain/lifeWords.ts';
import type { HealthCase } from './healthCase.ts';

/** A proven sign that is so many times as far from normal, or a score so many times as high (a probability to that power). */
export const GROWTH = 2;
/** So much more of the life of a part, of which 1 is a whole one. */
export const MORE_WEAR = 0.2;

/**
 * In words how `now` is clearly worse than `before`; `undefined` where it is not. It is where a sign that was not there is proven,
 * one that was has grown `GROWTH` times, strange rows are `GROWTH` times as strange, the end is expected sooner than was held likely
 * (before the low end of that life), a part has worn by `MORE_WEAR`, or what was only worn shows in readings. `at` is the time of `now`
 * (µs). Wear says less than signs do, and of what they told it makes nothing worse than by its own measure.
 */
export function clearlyWorse(before: HealthCase, now: CaseEvidence, at: number): string | undefined {
  const { reasons } = now;
  const wasWear = before.reasons.kind === 'wear';
  if (reasons.kind === 'wear') return wornMore(before, now) ?? (wasWear ? sooner(before, now, at) : undefined);
  if (wasWear) return 'readings show it now';
  return grown(before, now) ?? sooner(before, now, at);
}

function grown(before: HealthCase, { reasons }: CaseEvidence): string | undefined {
  for (const sign of reasons.signs.filter(({ proven }) => proven)) {
    const known = before.reasons.signs.find(({ feature }) => feature === sign.feature);
    if (!known?.proven) return `${nameWords(sign.feature)} drifts as well`;
    const factor = (sign.now - sign.normal) / (known.now - known.normal);
    if (factor < 0) return `${nameWords(sign.feature)} goes the other way now`;
    if (factor >= GROWTH) return `${nameWords(sign.feature)} is ${factor.toFixed(1)} times as far from normal`;
  }
  if (reasons.kind !== 'strange' || reasons.score < GROWTH * before.reasons.score) return undefined;
  return `its score is ${reasons.score.toFixed(1)} after ${before.reasons.score.toFixed(1)}`;
}

function sooner(before: HealthCase, { life }: CaseEvidence, at: number): string | undefined {
  const passedDays = (at - before.lastAlertAt) / US_PER_DAY;
  if (!life || !before.life || !(life.medianDays + passedDays < before.life.lowDays)) return undefined;
  return `${daysWords(life.medianDays)} are left, when ${daysWords(before.life.lowDays - passedDays)} were the least`;
}

function wornMore(before: HealthCase, { reasons }: CaseEvidence): string | undefined {
  const more = reasons.fatigue.find(({ name, damage }) => {
    const known = before.reasons.fatigue.find((fatigue) => fatigue.name === name);
    return damage - (known?.damage ?? 0) >= MORE_WEAR;
  });
  return more && `${nameWords(more.name)} has worn further`;
}
