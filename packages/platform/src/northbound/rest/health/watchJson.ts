/** Watches as the interface gives them. */

import { US_PER_DAY, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { LifeLeft } from '@tidegate/health/profile/assessment.ts';
import type {
  FeatureDefinition,
  SitePlace,
  HealthWatch as Watch,
} from '../../../monitor/health/definition/healthWatch.ts';
import type { ExcludedPeriod } from '../../../monitor/health/models/learningRows.ts';
import type { Learning } from '../../../monitor/health/models/modelTrainer.ts';
import type { ModelCard, ModelVersion } from '../../../monitor/health/models/modelVersion.ts';
import type { ModelHealth } from '../../../monitor/health/scoring/recentRows.ts';
import type { ShadowComparison } from '../../../monitor/health/scoring/shadowComparison.ts';
import type { FatigueStanding, WatchStanding } from '../../../monitor/health/scoring/watchStanding.ts';
import type { ScoringStanding } from '../../../monitor/health/scoring/watchState.ts';
import type { HealthFatigue, HealthSite } from '../../contract/healthParts.ts';
import type { HealthFeature, HealthWatch, HealthWatchDetail, LearnedReport } from '../../contract/healthWatch.ts';
import { columnJson, lifeJson, numberJson } from './healthNumbers.ts';

/** What of a watch is known beside its definition. */
export interface WatchSurroundings {
  /** `undefined` where it has just been defined. */
  readonly scoring: ScoringStanding | undefined;
  readonly active: ModelVersion | undefined;
  readonly openCase: number | undefined;
}

const NO_MODEL = 'There is no model yet.';
const NOT_SEEN = 'It was not looked at yet.';

export function watchSummary(watch: Watch, { scoring, active, openCase }: WatchSurroundings): HealthWatch {
  const standing = scoring?.latest;
  const assessment = standing?.assessment;
  const features = watch.features.map((feature, at) => featureJson(feature, at, standing));
  const fatigue = watch.fatigue.map(({ name, part, cause }) => {
    return { name, part, cause, ...fatigueJson(standing?.fatigue.find((one) => one.name === name)) };
  });
  return {
    ...{ id: watch.id, name: watch.name, asset: { id: watch.asset, path: watch.assetPath } },
    ...{ description: watch.description, state: scoring?.state ?? 'blind' },
    ...{ why: scoring ? (scoring.why ?? null) : NOT_SEEN, progress: scoring?.progress ?? null },
    ...{ model: scoring?.model ?? null, shadows: [...(scoring?.shadows ?? [])] },
    brokenShadows: (scoring?.brokenShadows ?? []).map((broken) => ({ ...broken })),
    at: assessment?.time ?? null,
    score: numberJson(assessment?.score ?? Number.NaN),
    threshold: active?.card.report.threshold ?? null,
    unscored: assessment?.unscored ?? null,
    quality: assessment?.quality ?? null,
    mode: assessment && assessment.mode >= 0 ? assessment.mode : null,
    ...{ strange: assessment?.strange ?? false, drifting: assessment?.drifting ?? false },
    ...wholeLife(standing),
    ...{ features, fatigue, openCase: openCase ?? null },
  };
}

function featureJson(feature: FeatureDefinition, at: number, standing: WatchStanding | undefined): HealthFeature {
  const { name, unit, limit } = feature;
  const drift = standing?.assessment.drifts[at];
  const life = drift ? lifeJson(drift) : { life: null, noLife: NO_MODEL };
  return {
    ...{ name, unit, value: numberJson(standing?.row[at] ?? Number.NaN) },
    ...{ level: numberJson(drift?.level ?? Number.NaN), normal: numberJson(drift?.normal ?? Number.NaN) },
    ...{ spread: numberJson(drift?.spread ?? Number.NaN), evidence: numberJson(drift?.evidence ?? Number.NaN) },
    ...{ since: numberJson(drift?.since ?? Number.NaN), perDay: numberJson(drift?.perDay ?? Number.NaN) },
    step: drift?.step ? { ...drift.step, conversion: drift.step.conversion ?? null } : null,
    limit: limit ? { ...limit } : null,
    contribution: numberJson(standing?.assessment.contributions[at] ?? Number.NaN),
    ...life,
  };
}

function fatigueJson(standing: FatigueStanding | undefined): Omit<HealthFatigue, 'name' | 'part' | 'cause'> {
  if (!standing) return { damage: null, perDay: null, life: null, noLife: 'Nothing has been counted yet.' };
  return { damage: numberJson(standing.damage), perDay: numberJson(standing.perDay), ...lifeJson(standing) };
}

/** Whatever may end first ends it. */
function wholeLife(standing: WatchStanding | undefined): Pick<HealthWatch, 'life' | 'noLife'> {
  const parts = standing ? [...standing.assessment.drifts, ...standing.fatigue] : [];
  let shortest: LifeLeft | undefined;
  for (const { life } of parts)
    if (life && life.lowDays < (shortest?.lowDays ?? Number.POSITIVE_INFINITY)) shortest = life;
  const reasons = parts.flatMap(({ noLife }) => (noLife === undefined ? [] : [noLife]));
  return lifeJson({ life: shortest, noLife: reasons[0] ?? 'Nothing goes towards a limit.' });
}

/** What of a watch is shown where it stands alone. */
export interface WatchBackground {
  readonly comparisons: readonly ShadowComparison[];
  readonly modelHealth: ModelHealth | undefined;
  readonly learning: Learning | undefined;
  readonly excluded: readonly ExcludedPeriod[];
  readonly fleet: HealthWatchDetail['fleet'];
}

export function watchDetail(
  watch: Watch,
  surroundings: WatchSurroundings,
  { comparisons, modelHealth, learning, excluded, fleet }: WatchBackground,
): HealthWatchDetail {
  const { active, scoring } = surroundings;
  const { condition, intervalUs, learnUs, budget, features, failures, site } = watch;
  const leftOut = new Set(active?.card.report.leftOut);
  return {
    ...watchSummary(watch, surroundings),
    ...{ intervalSeconds: intervalUs / US_PER_S, condition: condition?.text ?? null, learnDays: learnUs / US_PER_DAY },
    budget: { alarms: budget.alarms, perDays: budget.perUs / US_PER_DAY },
    definitions: features.map(({ name, text, measure, unit, negligible, limit, description }) => ({
      ...{ name, of: text, measure, unit, negligible },
      ...{ limit: limit ? { ...limit } : null, description, leftOut: leftOut.has(name) },
    })),
    failures: failures.map(({ name, says, signs, fatigue, severity, consequence, action }) => ({
      ...{ name, says, signs: signs.map((sign) => ({ ...sign })), fatigue: fatigue ?? null },
      ...{ severity, consequence, action },
    })),
    site: siteJson(site),
    report: active ? reportJson(active.card) : null,
    comparisons: comparisons.map(comparisonJson),
    modelDrift: driftJson(modelHealth),
    lateSamples: scoring?.late.samples ?? 0,
    learning: learningJson(learning),
    fleet,
    excluded: excluded.map((period) => ({ ...period })),
  };
}

function comparisonJson(comparison: ShadowComparison): HealthWatchDetail['comparisons'][number] {
  const { since, until, agreement } = comparison;
  return { ...comparison, since: since ?? null, until: until ?? null, agreement: agreement ?? null };
}

function driftJson(health: ModelHealth | undefined): HealthWatchDetail['modelDrift'] {
  if (!health) return null;
  const features = health.features.map((feature) => {
    return { ...feature, shift: numberJson(feature.shift), shiftLimit: numberJson(feature.shiftLimit) };
  });
  return { ...health, says: [...health.says], features };
}

function learningJson(learning: Learning | undefined): HealthWatchDetail['learning'] {
  if (!learning) return null;
  const { begun, by, start, end, foundUs, neededUs, isUnderWay, refused } = learning;
  return {
    ...{ begun, by, start: numberJson(start), end: numberJson(end), underWay: isUnderWay },
    ...{ foundDays: foundUs / US_PER_DAY, neededDays: neededUs / US_PER_DAY, refused: refused?.detail ?? null },
  };
}

export function siteJson(site: SitePlace | undefined): HealthSite | null {
  return site ? { ...site, isolations: [...site.isolations] } : null;
}

export function reportJson({ report }: ModelCard): LearnedReport {
  const { rows, start, end, modes, threshold, thresholdInterval, leftOut, leastDrifts, notes } = report;
  const [low, high] = thresholdInterval;
  return {
    ...{ rows, start, end, modes, threshold, thresholdInterval: [low, high] },
    ...{ leftOut: [...leftOut], leastDrifts: columnJson(leastDrifts), notes: [...notes] },
  };
}
