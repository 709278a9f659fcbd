/** Which failures of a model explain the signs of an alert. */

import type { FailureMode } from '../../definition/healthWatch.ts';
import type { WatchStanding } from '../../scoring/watchStanding.ts';
import type { CaseSign } from '../healthCase.ts';
import { directionOf } from './caseSigns.ts';

/** A failure explains what is going on when more than so much of its signs is there, and of strange rows so large a share. */
const LEAST_FIT = 0.5;

/** What a feature does, sign of the alert or not. */
interface Movement {
  readonly feature: string;
  /** 1 upwards, -1 downwards, 0 where that is not known. */
  readonly towards: number;
  /** How far its drift is proven, 0 to 1. */
  readonly proven: number;
  /** Its part in the alert: 1 where it is proven, of strange rows its share, 0 where it is no sign. */
  readonly told: number;
}

/**
 * The failures that fit, the best first; of two that claim the same sign only the better one. A failure fits when none of its
 * signs goes the other way, one of them is among `signs`, and on average they are more than half proven (`evidence` of the drift,
 * at most 1): rows that are strange at once are named after no wear. Better is which explains more of what goes on, and of two that
 * explain as much the one whose fatigue has worn more. What is half proven goes on by half: it speaks for the failure that claims it
 * and against the one that does not, or that with the fewest signs would be named until all signs of the true one are proven.
 */
export function fittingFailures(standing: WatchStanding, signs: readonly CaseSign[]): readonly FailureMode[] {
  const movements = movementsOf(standing, signs);
  const fits = standing.watch.failures
    .map((mode) => ({ mode, fit: fitOf(mode, movements) }))
    .filter(({ fit }) => fit !== undefined)
    .sort((a, b) => b.fit! - a.fit! || wearOf(b.mode, standing) - wearOf(a.mode, standing));
  const chosen: FailureMode[] = [];
  for (const { mode } of fits) {
    const isClaimed = mode.signs.some(({ feature }) => chosen.some((other) => claims(other, feature)));
    if (!isClaimed) chosen.push(mode);
  }
  return chosen;
}

export function claims(mode: FailureMode, feature: string): boolean {
  return mode.signs.some((sign) => sign.feature === feature);
}

function fitOf(mode: FailureMode, movements: readonly Movement[]): number | undefined {
  const own = mode.signs.flatMap(({ feature, goes }) => {
    const movement = movements.find((candidate) => candidate.feature === feature);
    return movement ? [{ ...movement, along: movement.towards * (goes === 'up' ? 1 : -1) }] : [];
  });
  const signs = own.filter(({ told }) => told > 0);
  if (signs.length === 0 || signs.some(({ along }) => along < 0)) return undefined;
  const shown = sum(own, ({ along, proven }) => (along > 0 ? proven : 0)) / mode.signs.length;
  const isTold = signs.some(({ told }) => told === 1) || sum(signs, told) >= LEAST_FIT * sum(movements, told);
  if (!(shown > LEAST_FIT && isTold)) return undefined;
  const explained = sum(own, (movement) => (movement.along < 0 ? 0 : partOf(movement)));
  return shown * (explained / sum(movements, partOf));
}

/** What changed at once is no part of wear: the features of steps are not among the signs, nor are they half proven. */
function movementsOf({ watch, assessment }: WatchStanding, signs: readonly CaseSign[]): readonly Movement[] {
  return watch.features.map(({ name }, at) => {
    const sign = signs.find(({ feature }) => feature === name);
    const drift = assessment.drifts[at];
    const drifts = drift && drift.step === undefined && drift.evidence > 0 ? Math.sign(drift.level - drift.normal) : 0;
    const towards = sign ? directionOf(sign) : drifts;
    const proven = sign?.proven ? 1 : drifts === towards ? Math.min(1, drift?.evidence || 0) : 0;
    return { feature: name, towards, proven, told: sign ? (sign.proven ? 1 : sign.share) : 0 };
  });
}

function told(movement: Movement): number {
  return movement.told;
}

function partOf({ told, proven }: Movement): number {
  return Math.max(told, proven);
}

function sum<T>(all: readonly T[], amountOf: (one: T) => number): number {
  return all.reduce((total, one) => total + amountOf(one), 0);
}

function wearOf({ fatigue }: FailureMode, standing: WatchStanding): number {
  return standing.fatigue.find(({ name }) => name === fatigue)?.damage ?? 0;
}
