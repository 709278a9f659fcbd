/** What an alert makes of a case: a new one, or more of one that is known. */

import type { WatchStanding } from '../scoring/watchStanding.ts';
import type { CaseEvidence } from './explain/explainStanding.ts';
import type { AlertKind, CaseReasons, HealthCase } from './healthCase.ts';

/** How much an alert says: a drift that is proven more than rows that are strange, and those more than wear that nobody sees. */
const WEIGHTS: Readonly<Record<AlertKind, number>> = { drift: 2, step: 2, strange: 1, wear: 0 };

export function openedCase(
  { watch, model, assessment }: WatchStanding,
  evidence: CaseEvidence,
  similar: CaseReasons['similar'],
): Omit<HealthCase, 'number'> {
  const at = assessment.time;
  return {
    ...evidence,
    ...{ watch: watch.id, asset: watch.asset, assetPath: watch.assetPath, model, site: watch.site },
    ...{ state: 'open', openedAt: at, lastAlertAt: at, quietSince: undefined, orders: [] },
    ...{ snoozedUntil: undefined, finding: undefined, closedAt: undefined },
    isolations: isolationsOf(watch.site, evidence),
    reasons: { ...evidence.reasons, similar },
  };
}

/** An alert that says less than the case knows leaves its reasons as they are: rows that are only strange take no drift away. */
export function alertedCase(
  present: HealthCase,
  { watch, model, assessment }: WatchStanding,
  evidence: CaseEvidence,
  similar: CaseReasons['similar'],
): HealthCase {
  const { reasons } = evidence;
  const told = {
    ...{ fatigue: reasons.fatigue, quality: Math.min(present.reasons.quality, reasons.quality) },
    score: Math.max(present.reasons.score, reasons.score),
  };
  // The asset may have another path or place by now.
  const { assetPath, site } = watch;
  const seen = { ...present, model, assetPath, site, lastAlertAt: assessment.time, quietSince: undefined };
  if (saysLess(present.reasons, reasons)) return { ...seen, reasons: { ...present.reasons, ...told } };
  return {
    ...seen,
    ...evidence,
    since: Math.min(evidence.since, present.since),
    isolations: isolationsOf(watch.site, evidence),
    reasons: { ...reasons, similar, ...told },
  };
}

function saysLess(known: CaseReasons, told: CaseEvidence['reasons']): boolean {
  if (WEIGHTS[told.kind] !== WEIGHTS[known.kind]) return WEIGHTS[told.kind] < WEIGHTS[known.kind];
  return told.kind !== 'step' && known.failure !== undefined && told.failure === undefined;
}

function isolationsOf(site: HealthCase['site'], { isolations }: CaseEvidence): readonly string[] {
  return [...new Set([...(site?.isolations ?? []), ...isolations])];
}
