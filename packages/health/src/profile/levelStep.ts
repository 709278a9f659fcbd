/** Whether a drift is no trend but one step from normal to another level. */

import type { LevelHistory } from './levelHistory.ts';
import { bestRamp } from './levelTrend.ts';

export interface LevelStep {
  /** The first on the new level. */
  readonly point: number;
  readonly to: number;
}

/** A step must leave so much less unexplained than a ramp, as few levels after a step look like either. */
const CLEARLY_LESS = 0.5;
/** And so much of it must lie between two levels, as growth that runs away looks like a step from afar. */
const AT_ONCE = 0.6;

/** `undefined` where a ramp says it as well, and of fewer than three levels. */
export function levelStep(history: LevelHistory, normal: number): LevelStep | undefined {
  if (history.count < 3) return undefined;
  const step = bestStep(history, normal);
  if (step.point === 0 || step.unexplained >= CLEARLY_LESS * bestRamp(history, normal).unexplained) return undefined;
  const jump = Math.abs(history.level(step.point) - history.level(step.point - 1));
  return jump > AT_ONCE * Math.abs(step.to - normal) ? step : undefined;
}

/** Normal before a point, another level from it on. */
function bestStep(history: LevelHistory, normal: number) {
  const { count } = history;
  let total = 0;
  for (let i = 0; i < count; i++) total += history.weight(i) * (history.level(i) - normal) ** 2;
  let best = { point: 0, unexplained: Number.POSITIVE_INFINITY, to: normal };
  let weight = 0;
  let sum = 0;
  for (let point = count - 1; point > 0; point--) {
    weight += history.weight(point);
    sum += history.weight(point) * (history.level(point) - normal);
    const unexplained = total - (sum * sum) / weight;
    if (unexplained < best.unexplained) best = { point, unexplained, to: normal + sum / weight };
  }
  return best;
}
