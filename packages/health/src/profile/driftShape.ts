/** When a drift began, how fast it goes of late, and whether it is a trend at all or one step. */

import type { LevelHistory } from './levelHistory.ts';

export interface DriftShape {
  /** µs since 1970 UTC; the first level that is away from normal. */
  readonly since: number;
  /** Of late, in the unit of the feature. */
  readonly perDay: number;
  /** The levels before and after, where one step says it better than a ramp. */
  readonly step: { readonly from: number; readonly to: number } | undefined;
}

const DAY_US = 86_400e6;
/** A step must leave so much less unexplained than a ramp, as few levels after a step look like either. */
const CLEARLY_LESS = 0.5;
/** And so much of it must lie between two levels, as growth that runs away looks like a step from afar. */
const AT_ONCE = 0.6;
/** Points from which a rate is taken: the last third of the drift, at least so many. */
const FEWEST_RATE_POINTS = 5;

/** `undefined` of fewer than three levels. */
export function driftShape(history: LevelHistory, normal: number): DriftShape | undefined {
  const { count } = history;
  if (count < 3) return undefined;
  const ramp = bestRamp(history, normal);
  const step = bestStep(history, normal);
  const jump = step.point > 0 ? Math.abs(history.level(step.point) - history.level(step.point - 1)) : 0;
  const isStep = step.unexplained < CLEARLY_LESS * ramp.unexplained && jump > AT_ONCE * Math.abs(step.to - step.from);
  const since = history.time(isStep ? step.point : ramp.point);
  const from = Math.max(0, Math.min(count - FEWEST_RATE_POINTS, count - Math.ceil((count - ramp.point) / 3)));
  return { since, perDay: isStep ? Number.NaN : slope(history, from) * DAY_US, step: isStep ? step : undefined };
}

/** Normal up to a point, then straight away from it: the point and slope that leave the least squares. */
function bestRamp(history: LevelHistory, normal: number): { readonly point: number; readonly unexplained: number } {
  const { count } = history;
  let total = 0;
  for (let i = 0; i < count; i++) total += history.weight(i) * (history.level(i) - normal) ** 2;
  let best = { point: 0, unexplained: Number.POSITIVE_INFINITY };
  for (let point = 0; point < count - 1; point++) {
    let squares = 0;
    let shared = 0;
    for (let i = point + 1; i < count; i++) {
      const run = history.time(i) - history.time(point);
      squares += history.weight(i) * run * run;
      shared += history.weight(i) * run * (history.level(i) - normal);
    }
    const unexplained = total - (shared * shared) / squares;
    if (unexplained < best.unexplained) best = { point, unexplained };
  }
  return best;
}

/** Normal before a point, another level from it on. */
function bestStep(history: LevelHistory, normal: number) {
  const { count } = history;
  let total = 0;
  for (let i = 0; i < count; i++) total += history.weight(i) * (history.level(i) - normal) ** 2;
  let best = { point: 0, unexplained: Number.POSITIVE_INFINITY, from: normal, to: normal };
  let weight = 0;
  let sum = 0;
  for (let point = count - 1; point > 0; point--) {
    weight += history.weight(point);
    sum += history.weight(point) * (history.level(point) - normal);
    const unexplained = total - (sum * sum) / weight;
    if (unexplained < best.unexplained) best = { point, unexplained, from: normal, to: normal + sum / weight };
  }
  return best;
}

function slope(history: LevelHistory, from: number): number {
  let weight = 0;
  let time = 0;
  let level = 0;
  for (let i = from; i < history.count; i++) {
    weight += history.weight(i);
    time += history.weight(i) * (history.time(i) - history.time(from));
    level += history.weight(i) * history.level(i);
  }
  let squares = 0;
  let shared = 0;
  for (let i = from; i < history.count; i++) {
    const away = history.time(i) - history.time(from) - time / weight;
    squares += history.weight(i) * away * away;
    shared += history.weight(i) * away * (history.level(i) - level / weight);
  }
  return squares > 0 ? shared / squares : 0;
}
