/** The features that speak for an alert, each with where it was, where it is, and how much of the alarm it makes. */

import type { FeatureDrift } from '@tidegate/health/profile/assessment.ts';
import type { WatchStanding } from '../../scoring/watchStanding.ts';
import type { CaseSign } from '../healthCase.ts';

/** What has a smaller part in strange rows says nothing. */
const LEAST_SHARE = 0.1;

/** Those whose drift is proven first, the most proven of them foremost; then what makes the rows strange, by its share. */
export function caseSigns(
  { watch, assessment, row }: WatchStanding,
  beginnings: ReadonlyMap<string, number> = new Map(),
): readonly CaseSign[] {
  const { contributions, drifts } = assessment;
  const whole = contributions.reduce((sum, part) => sum + Math.max(part || 0, 0), 0);
  const signs: { sign: CaseSign; evidence: number }[] = [];
  for (const [at, feature] of watch.features.entries()) {
    const drift = drifts[at];
    const share = whole > 0 && contributions[at] > 0 ? contributions[at] / whole : 0;
    const proven = assessment.drifting && drift !== undefined && drift.evidence >= 1 && Number.isFinite(drift.level);
    if (!proven && !(assessment.strange && share >= LEAST_SHARE)) continue;
    const sign: CaseSign = {
      ...{ feature: feature.name, unit: feature.unit, share, proven, limit: feature.limit?.at },
      now: proven ? drift.level : row[at],
      normal: drift?.normal ?? Number.NaN,
      since: proven ? earlier(drift.since, beginnings.get(feature.name)) : Number.NaN,
      perDay: proven ? drift.perDay : Number.NaN,
    };
    signs.push({ sign, evidence: proven ? drift.evidence : 0 });
  }
  return signs.sort((a, b) => b.evidence - a.evidence || b.sign.share - a.sign.share).map(({ sign }) => sign);
}

export function driftOf({ feature }: CaseSign, { watch, assessment }: WatchStanding): FeatureDrift | undefined {
  return assessment.drifts[watch.features.findIndex(({ name }) => name === feature)];
}

/** The earlier of two times of which either may not be known. */
function earlier(since: number, known = Number.NaN): number {
  return known < since || Number.isNaN(since) ? known : since;
}

/** 1 where it is above what is normal, -1 below, 0 where that is not known. */
export function directionOf({ now, normal }: Pick<CaseSign, 'now' | 'normal'>): number {
  return Math.sign(now - normal) || 0;
}
