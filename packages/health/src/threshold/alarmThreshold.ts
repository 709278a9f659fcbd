/** The threshold that keeps a stated budget of false alarms, and how sure the normal data make it. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { seededRandom } from '../boost/seededRandom.ts';
import { fitTail, type TailFit } from './tailFit.ts';

/** "At most one a week": `alarms` = 1 in `rows` = rows of a week. */
export interface FalseAlarmBudget {
  readonly alarms: number;
  readonly rows: number;
}

export interface AlarmThreshold {
  /** An alarm is a score above this; it lasts until the scores are below again. */
  readonly threshold: number;
  /** Nine bootstrap thresholds of ten are within. */
  readonly interval: readonly [number, number];
  /** Scores closer than this many rows belong to one alarm. */
  readonly episodeRows: number;
  /** The budget is rarer than the normal data are long: the threshold rests on the tail's form, not on counts. */
  readonly extrapolated: boolean;
}

const REPEATS = 200;
const FEWEST_EPISODES = 20;

/**
 * Peaks over threshold of the maxima of stretches as long as scores hang together, so that one excursion counts once
 * however many rows it lasts. The interval comes from drawing whole stretches (Kuensch 1989), `seed` repeats it.
 */
export function alarmThreshold(scores: Float64Array, budget: FalseAlarmBudget, seed = 1): Result<AlarmThreshold> {
  if (!(budget.alarms > 0 && budget.rows > 0)) {
    return failure('health.bad-data', `A budget of ${budget.alarms} alarms in ${budget.rows} rows is none.`);
  }
  const usable = scores.filter(Number.isFinite);
  const episodeRows = Math.max(1, Math.min(rowsInLine(usable), Math.floor(usable.length / FEWEST_EPISODES)));
  const maxima = episodeMaxima(usable, episodeRows);
  const fit = fitTail(maxima);
  if (!fit.ok) return fit;
  const probability = Math.min(0.5, (budget.alarms * episodeRows) / budget.rows);
  return success({
    threshold: fit.value.scoreExceededWith(probability),
    interval: bootstrapInterval(maxima, probability, seed),
    episodeRows,
    extrapolated: probability * maxima.length < 1,
  });
}

/** The threshold that this share of single rows is above: the false alarm rate of the literature. */
export function rowThreshold(scores: Float64Array, share: number): Result<number> {
  if (!(share > 0 && share < 1)) return failure('health.bad-data', `A share of ${share} is not between 0 and 1.`);
  const fit = fitTail(scores);
  return fit.ok ? success(fit.value.scoreExceededWith(share)) : fit;
}

/** The first distance at which scores have less than a tenth in common. */
function rowsInLine(scores: Float64Array): number {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  for (let lag = 1; lag < scores.length / 2; lag++) {
    let shared = 0;
    for (let i = lag; i < scores.length; i++) shared += (scores[i] - mean) * (scores[i - lag] - mean);
    if (shared < variance * 0.1) return lag;
  }
  return Math.max(1, scores.length >> 1);
}

function episodeMaxima(scores: Float64Array, rows: number): Float64Array {
  const maxima = new Float64Array(Math.floor(scores.length / rows)).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < maxima.length * rows; i++) {
    const episode = Math.floor(i / rows);
    maxima[episode] = Math.max(maxima[episode], scores[i]);
  }
  return maxima;
}

function bootstrapInterval(maxima: Float64Array, probability: number, seed: number): [number, number] {
  const random = seededRandom(seed);
  const drawn = new Float64Array(maxima.length);
  const thresholds = new Float64Array(REPEATS);
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (let i = 0; i < drawn.length; i++) drawn[i] = maxima[Math.floor(random() * maxima.length)];
    const fit: Result<TailFit> = fitTail(drawn);
    thresholds[repeat] = fit.ok ? fit.value.scoreExceededWith(probability) : Number.NaN;
  }
  thresholds.sort();
  return [thresholds[REPEATS * 0.05], thresholds[REPEATS * 0.95]];
}
