/** Features over time with what is normal, where they must not get to, and the line on which they go there. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import type { HealthCase } from '../../../monitor/health/cases/healthCase.ts';
import type { HealthWatch } from '../../../monitor/health/definition/healthWatch.ts';
import type { FeatureTable } from '../../../monitor/health/features/featureTable.ts';
import type { WatchStanding } from '../../../monitor/health/scoring/watchStanding.ts';
import type { HealthEvidence } from '../../contract/healthEvidence.ts';
import { type PointPlan, reduced } from './evidencePoints.ts';
import { columnJson, lifeJson, numberJson } from './healthNumbers.ts';

type SignSeries = HealthEvidence['signs'][number];

const NORMAL_DEVIATIONS = 3;
/** A trend is drawn for at most so many times the length of the range beyond its end. */
const MOST_BEYOND = 1;

export interface SignSources {
  readonly watch: HealthWatch;
  /** Its signs are as of its last alert, whatever came after it. */
  readonly kept: HealthCase | undefined;
  readonly standing: WatchStanding | undefined;
  readonly table: FeatureTable;
  readonly plan: PointPlan;
}

/** Where a feature stood at a time (µs), and how it goes on from there. */
interface Course {
  readonly at: number;
  readonly level: number;
  readonly since: number;
  readonly perDay: number;
}

/** The features of the watch, those first that speak the loudest; `levels` are their columns of smoothed levels. */
export function evidenceSigns(sources: SignSources, levels: readonly SignSeries['level'][]): SignSeries[] {
  const { watch, kept, standing, table, plan } = sources;
  const shares = sharesOf(sources);
  const signs = watch.features.map((feature, at): SignSeries => {
    const { name, unit, description, limit } = feature;
    const column = table.columns[at];
    const drift = standing?.assessment.drifts[at];
    const course = courseOf(sources, at);
    return {
      ...{ feature: name, unit, description, share: shares[at] },
      mean: columnJson(reduced(plan, table.times, column, 'mean')),
      least: columnJson(reduced(plan, table.times, column, 'least')),
      greatest: columnJson(reduced(plan, table.times, column, 'greatest')),
      level: levels[at],
      normal: drift && Number.isFinite(drift.normal) ? bandOf(drift.normal, drift.spread) : null,
      limit: limit ? { ...limit } : null,
      since: course ? numberJson(course.since) : null,
      trend: course ? trendOf(course, limit?.at, plan) : null,
      ...(drift && kept?.state !== 'closed' ? lifeJson(drift) : { life: null, noLife: null }),
    };
  });
  return signs.sort((a, b) => (b.share ?? 0) - (a.share ?? 0));
}

function sharesOf({ watch, kept, standing }: SignSources): (number | null)[] {
  if (kept)
    return watch.features.map(({ name }) => kept.reasons.signs.find((sign) => sign.feature === name)?.share ?? 0);
  const contributions = standing?.assessment.contributions ?? new Float64Array(0);
  const sum = contributions.reduce((total, one) => total + Math.max(0, one), 0);
  return watch.features.map((_, at) => (sum > 0 ? numberJson(contributions[at] / sum) : null));
}

function bandOf(normal: number, spread: number): SignSeries['normal'] {
  const half = Number.isFinite(spread) ? NORMAL_DEVIATIONS * spread : 0;
  return { at: normal, low: normal - half, high: normal + half };
}

function courseOf({ watch, kept, standing }: SignSources, at: number): Course | undefined {
  const sign = kept?.reasons.signs.find(({ feature }) => feature === watch.features[at].name);
  if (kept) return sign && courseFrom(kept.lastAlertAt, sign.now, sign);
  const drift = standing?.assessment.drifts[at];
  return standing && drift && courseFrom(standing.assessment.time, drift.level, drift);
}

function courseFrom(
  at: number,
  level: number,
  { since, perDay }: Pick<Course, 'since' | 'perDay'>,
): Course | undefined {
  return Number.isFinite(since) && Number.isFinite(level) ? { at, level, since, perDay } : undefined;
}

/** A straight line through where it stands; it ends at the limit, or not far beyond what is shown. */
function trendOf(
  { at, level, since, perDay }: Course,
  limit: number | undefined,
  plan: PointPlan,
): SignSeries['trend'] {
  if (!Number.isFinite(perDay) || perDay === 0) return null;
  const length = plan.count * plan.pointUs;
  const furthest = plan.first + length * (1 + MOST_BEYOND);
  const daysToLimit = limit === undefined ? Number.NaN : (limit - level) / perDay;
  const meets = daysToLimit >= 0 ? at + daysToLimit * US_PER_DAY : Number.POSITIVE_INFINITY;
  const end = Math.round(Math.min(Math.max(at, furthest), meets));
  const valueAt = (time: number) => level + ((time - at) / US_PER_DAY) * perDay;
  return { times: [since, end], values: [valueAt(since), valueAt(end)] };
}
