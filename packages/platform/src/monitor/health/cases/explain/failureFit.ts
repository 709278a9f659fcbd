/** Which failures of a model explain the signs of an alert. */

import type { FailureMode } from '../../definition/healthWatch.ts';
import type { WatchStanding } from '../../scoring/watchStanding.ts';
import type { CaseSign } from '../healthCase.ts';
import { directionOf } from './caseSigns.ts';

/** A failure explains what is going on when more than so much of its signs is there, and of strange rows so large a share. */
const LEAST_FIT = 0.5;

/**
 * The failures that fit, the best first; of two that claim the same sign only the better one. A failure fits when none of its
 * signs goes the other way, one of them is among `signs`, and on average they are more than half proven (`evidence` of the drift,
 * at most 1): rows that are strange at once are named after no wear. Better is which explains more of `signs`, and of two that explain as much the one whose fatigue has worn more.
 */
export function fittingFailures(standing: WatchStanding, signs: readonly CaseSign[]): readonly FailureMode[] {
  const fits = standing.watch.failures
    .map((mode) => ({ mode, fit: fitOf(mode, standing, signs) }))
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

function fitOf(mode: FailureMode, standing: WatchStanding, signs: readonly CaseSign[]): number | undefined {
  const own = signs.filter(({ feature }) => claims(mode, feature));
  if (own.length === 0) return undefined;
  let there = 0;
  for (const { feature, goes } of mode.signs) {
    const sign = own.find((candidate) => candidate.feature === feature);
    const towards = goes === 'up' ? 1 : -1;
    if (sign && directionOf(sign) === -towards) return undefined;
    there += sign?.proven ? 1 : unprovenPart(standing, feature, towards);
  }
  const weight = (part: readonly CaseSign[]) => part.reduce((sum, { proven, share }) => sum + (proven ? 1 : share), 0);
  const explained = weight(own) / weight(signs);
  const isFit = there / mode.signs.length > LEAST_FIT && (own.some(({ proven }) => proven) || explained >= LEAST_FIT);
  return isFit ? explained * (there / mode.signs.length) : undefined;
}

/** How far a sign that nobody would act on yet goes the right way. */
function unprovenPart({ watch, assessment }: WatchStanding, feature: string, towards: number): number {
  const drift = assessment.drifts[watch.features.findIndex(({ name }) => name === feature)];
  if (!drift || !(drift.evidence > 0) || Math.sign(drift.level - drift.normal) !== towards) return 0;
  return Math.min(1, drift.evidence);
}

function wearOf({ fatigue }: FailureMode, standing: WatchStanding): number {
  return standing.fatigue.find(({ name }) => name === fatigue)?.damage ?? 0;
}
