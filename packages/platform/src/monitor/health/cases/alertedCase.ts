/** What an alert makes of a case: a new one, or more of one that is known. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import type { LifeLeft } from '@tidegate/health/profile/assessment.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import type { CaseEvidence } from './explain/explainStanding.ts';
import type { AlertKind, CaseReasons, HealthCase } from './healthCase.ts';

/** What one row says of one trouble. */
export interface CaseAlert {
  readonly watch: HealthWatch;
  /** Number of the model that judged. */
  readonly model: number;
  /** Of the row (µs since 1970 UTC). */
  readonly time: number;
  readonly evidence: CaseEvidence;
}

/** How much an alert says: a drift that is proven more than rows that are strange, and those more than wear that nobody sees. */
const WEIGHTS: Readonly<Record<AlertKind, number>> = { drift: 2, step: 2, strange: 1, wear: 0 };

export function openedCase(
  { watch, model, time, evidence }: CaseAlert,
  known: { readonly similar: CaseReasons['similar']; readonly beganWith: number | undefined },
): Omit<HealthCase, 'number'> {
  return {
    ...evidence,
    ...{ watch: watch.id, asset: watch.asset, assetPath: watch.assetPath, model, site: watch.site },
    ...{
      state: 'open',
      openedAt: time,
      beganWith: known.beganWith,
      lastAlertAt: time,
      quietSince: undefined,
      orders: [],
    },
    ...{ snoozedUntil: undefined, finding: undefined, closedAt: undefined },
    isolations: isolationsOf(watch.site, evidence),
    reasons: { ...evidence.reasons, similar: known.similar },
  };
}

/**
 * An alert that says less than the case knows leaves its reasons as they are: rows that are only strange take no drift away. Then the
 * time that is left is what was left, less the time since.
 */
export function alertedCase(present: HealthCase, { watch, model, time, evidence }: CaseAlert): HealthCase {
  const { reasons } = evidence;
  const told = {
    ...{ fatigue: reasons.fatigue, quality: Math.min(present.reasons.quality, reasons.quality) },
    score: Math.max(present.reasons.score, reasons.score),
  };
  // The asset may have another path or place by now.
  const { assetPath, site } = watch;
  const seen = { ...present, model, assetPath, site, lastAlertAt: time, quietSince: undefined };
  if (saysLess(present.reasons, reasons)) {
    const life = present.life && lifeAfter(present.life, (time - present.lastAlertAt) / US_PER_DAY);
    return { ...seen, life, reasons: { ...present.reasons, ...told } };
  }
  return {
    ...seen,
    ...evidence,
    since: Math.min(evidence.since, present.since),
    isolations: isolationsOf(site, evidence),
    reasons: { ...reasons, similar: present.reasons.similar, ...told },
  };
}

function saysLess(known: CaseReasons, told: CaseEvidence['reasons']): boolean {
  if (WEIGHTS[told.kind] !== WEIGHTS[known.kind]) return WEIGHTS[told.kind] < WEIGHTS[known.kind];
  return told.kind !== 'step' && known.failure !== undefined && told.failure === undefined;
}

function lifeAfter({ medianDays, lowDays, highDays }: LifeLeft, days: number): LifeLeft {
  const [median, low, high] = [medianDays, lowDays, highDays].map((left) => Math.max(0, left - days));
  return { medianDays: median, lowDays: low, highDays: high };
}

function isolationsOf(site: HealthCase['site'], { isolations }: CaseEvidence): readonly string[] {
  return [...new Set([...(site?.isolations ?? []), ...isolations])];
}
