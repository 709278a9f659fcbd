/** The life that a drifting feature has left until its limit, or the reason why none can be told. */

import type { FeatureDrift } from './assessment.ts';
import type { FeatureNormal } from './featureNormal.ts';
import { type GrowthSeries, growthLife } from './growthLife.ts';
import type { LevelHistory } from './levelHistory.ts';
import type { ProfileFeature } from './profileSpec.ts';

type Told = Pick<FeatureDrift, 'life' | 'noLife'>;

const DAY_US = 86_400e6;
/** Fewer points of a drift carry no law of growth. */
const FEWEST_POINTS = 8;
/** How it grows now is seen since it was this share of what it is; what was before may have followed another law. */
const EARLIEST_SHARE = 0.5;

/** `shift` is from normal, in the unit of the feature. */
export function lifeToLimit(
  { limit, unit }: ProfileFeature,
  normal: FeatureNormal,
  history: LevelHistory,
  perDay: number,
  shift: number,
): Told {
  if (limit === undefined) return none('No limit is set.');
  const side = limit.side === 'high' ? 1 : -1;
  const limitExcess = side * (limit.at - normal.level);
  if (!(limitExcess > 0)) return none('Its normal level is beyond the limit.');
  if (side * shift >= limitExcess) return { life: { medianDays: 0, lowDays: 0, highDays: 0 }, noLife: undefined };
  if (side * shift <= 0) return none(`It goes away from its limit of ${limit.at} ${unit}.`);
  if (side * perDay <= 0) return none('It does not grow at present.');
  const series = growthSeries(history, normal, side);
  if (series.days.length < FEWEST_POINTS) return none('Too few levels are known since it began.');
  const life = growthLife(series, limitExcess);
  return life ? { life, noLife: undefined } : none('The trend agrees with nearly any life so far.');
}

function none(noLife: string): Told {
  return { life: undefined, noLife };
}

function growthSeries(history: LevelHistory, normal: FeatureNormal, side: number): GrowthSeries {
  const last = history.count - 1;
  const excessOf = (point: number) => side * (history.level(point) - normal.level);
  let from = last;
  while (from > 0 && (excessOf(from) > EARLIEST_SHARE * excessOf(last) || last - from < FEWEST_POINTS - 1)) from--;
  const points = Array.from({ length: last - from + 1 }, (_, i) => from + i);
  return {
    days: Float64Array.from(points, (point) => (history.time(point) - history.time(last)) / DAY_US),
    excess: Float64Array.from(points, excessOf),
    deviation: Float64Array.from(points, (point) => normal.levelDeviation / Math.sqrt(history.weight(point))),
  };
}
