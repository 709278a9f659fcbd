/** When a drift began, and how fast it goes of late. */

import type { LevelHistory } from './levelHistory.ts';

export interface LevelTrend {
  /** µs since 1970 UTC; the last level that is not away from normal. */
  readonly since: number;
  /** Of late, in the unit of the feature. */
  readonly perDay: number;
}

const DAY_US = 86_400e6;
/** Points from which a rate is taken: the last third of the drift, at least so many. */
const FEWEST_RATE_POINTS = 5;

/** `undefined` of fewer than three levels. */
export function levelTrend(history: LevelHistory, normal: number): LevelTrend | undefined {
  const { count } = history;
  if (count < 3) return undefined;
  const { point } = bestRamp(history, normal);
  const from = Math.max(0, Math.min(count - FEWEST_RATE_POINTS, count - Math.ceil((count - point) / 3)));
  return { since: history.time(point), perDay: slope(history, from) * DAY_US };
}

/** Normal up to a point, then straight away from it: the point and slope that leave the least squares. */
export function bestRamp(
  history: LevelHistory,
  normal: number,
): { readonly point: number; readonly unexplained: number } {
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
