/** Features over time with what is normal, where they must not get to, and how they go there. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import type { LifeLeft } from '@tidegate/health/profile/assessment.ts';
import type { HealthCase } from '../../../monitor/health/cases/healthCase.ts';
import type { HealthWatch } from '../../../monitor/health/definition/healthWatch.ts';
import type { FeatureTable } from '../../../monitor/health/features/featureTable.ts';
import type { WatchStanding } from '../../../monitor/health/scoring/watchStanding.ts';
import type { HealthEvidence } from '../../contract/healthEvidence.ts';
import { type PointPlan, reduced } from './evidencePoints.ts';
import { columnJson, lifeJson, numberJson } from './healthNumbers.ts';

type SignSeries = HealthEvidence['signs'][number];

const NORMAL_DEVIATIONS = 3;

export interface SignSources {
  readonly watch: HealthWatch;
  /** Its signs are as of its last alert, whatever came after it. */
  readonly kept: HealthCase | undefined;
  readonly standing: WatchStanding | undefined;
  readonly table: FeatureTable;
  readonly plan: PointPlan;
}

/** Where a feature began to drift and stood at a time (µs), and what was left of it then. */
interface Course {
  readonly since: number;
  readonly normal: number;
  readonly at: number;
  readonly level: number;
  readonly life: LifeLeft | undefined;
}

/** The features of the watch: those of the case in its order, then by their share. `levels` are their columns of smoothed levels. */
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
      trend: course ? trendOf(course, limit?.at) : null,
      ...(drift && kept?.state !== 'closed' ? lifeJson(drift) : { life: null, noLife: null }),
    };
  });
  const named = kept?.reasons.signs.map(({ feature }) => feature) ?? [];
  const placeOf = ({ feature }: SignSeries) => (named.includes(feature) ? named.indexOf(feature) : named.length);
  return signs.sort((a, b) => placeOf(a) - placeOf(b) || (b.share ?? 0) - (a.share ?? 0));
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

/** Of a case it is that of its last alert, unless it drifts on; a step has none. */
function courseOf({ watch, kept, standing }: SignSources, at: number): Course | undefined {
  const drift = standing?.assessment.drifts[at];
  const sign = kept?.reasons.signs.find(({ feature }) => feature === watch.features[at].name);
  if (kept && !sign) return undefined;
  if (standing && drift && kept?.state !== 'closed' && Number.isFinite(drift.perDay)) {
    const since = Math.min(sign?.since || drift.since, drift.since);
    return { ...drift, at: standing.assessment.time, since };
  }
  if (!kept || !sign || !Number.isFinite(sign.perDay)) return undefined;
  return { ...sign, at: kept.lastAlertAt, level: sign.now, life: undefined };
}

/** From normal to where it stands, and on to the limit as its life says: without a life nobody knows how it goes on. */
function trendOf({ since, normal, at, level, life }: Course, limit: number | undefined): SignSeries['trend'] {
  if (![since, normal, level].every(Number.isFinite) || !(at > since)) return null;
  const leftUs = (life?.medianDays ?? Number.NaN) * US_PER_DAY;
  const isMet = limit !== undefined && leftUs > 0 && Number.isFinite(leftUs);
  const meets = isMet ? [{ time: Math.round(at + leftUs), value: limit }] : [];
  const points = [{ time: since, value: normal }, { time: at, value: level }, ...meets];
  return { times: points.map(({ time }) => time), values: points.map(({ value }) => value) };
}
