/** Where a wearing quantity will be, and when it reaches a limit, from its own past alone: with how sure that is. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { weightedQuantile } from '../boost/weightedQuantile.ts';
import { type PastErrors, pastErrors } from './trendForecastErrors.ts';
import { soundHistory, type TrendHistory, type TrendLine, trendLine } from './trendForecastLine.ts';

/** The truth lies between `lower` and `upper` with the chance that was asked for. */
export interface ForecastRange {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

const FEWEST_VALUES = 20;
/** Errors of forecasts that reached between a tenth and a little more of their past than the one asked for tell of it. */
const LEAST_REACH = 0.1;
const MOST_REACH = 1.2;
const FEWEST_ERRORS = 12;
/** Deviation over median distance, and two-sided 90 % quantile, of normal errors. */
const NORMAL_SPREAD = 1.4826;
const LEAST_QUANTILE = 1.645;
/** A limit that is not reached within so many times the past is not reached as far as can be told. */
const FURTHEST_REACH = 10;
const REACH_STEPS = 120;
const ROUNDING = 1e-12;

/**
 * Wear does not heal, so the better end of a range is no better than today. Follows the trend, not single values: a battery that has rested or a filter that was knocked recovers for a while and is soon
 * where it was going. How wide a range is comes from forecasts that were possible in the past of the same series, held against
 * what then came; newer ones count more (non-exchangeable conformal prediction; Barber, Candes, Ramdas and Tibshirani 2023).
 */
export class TrendForecast {
  /** What the trend is at now, and by how much it goes on per unit of time. */
  readonly line: TrendLine;
  readonly #errors: PastErrors;
  readonly #noise: number;
  readonly #span: number;
  readonly #coverage: number;
  /** The margin of now. */
  readonly #margin: number;

  constructor(history: TrendHistory, coverage: number) {
    this.line = trendLine(history, history.times.length);
    this.#errors = pastErrors(history);
    this.#noise = noiseOf(history.values);
    this.#span = history.times[history.times.length - 1] - history.times[0];
    this.#coverage = coverage;
    this.#margin = this.#marginOf(0);
  }

  /** The value that is measured so much time after the last one; never better than now, but for noise. */
  at(ahead: number): ForecastRange {
    const { level, perTime } = this.line;
    const median = level + perTime * ahead;
    // What is ahead is known no better than what is.
    const margin = Math.max(this.#margin, this.#marginOf(ahead));
    return {
      median,
      lower: perTime > 0 ? Math.max(median - margin, level - this.#margin) : median - margin,
      upper: perTime < 0 ? Math.min(median + margin, level + this.#margin) : median + margin,
    };
  }

  /**
   * How much time passes until a limit is reached: 0 where the trend is beyond it already as it goes, infinite where nothing says
   * that it ever is. The ends of the range are found to some percent.
   */
  crossing(limit: number): ForecastRange {
    const { level, perTime } = this.line;
    const side = Math.sign(perTime);
    let lower = Number.POSITIVE_INFINITY;
    let upper = Number.POSITIVE_INFINITY;
    if (side === 0) return { median: Number.POSITIVE_INFINITY, lower, upper };
    const median = Math.max(0, (limit - level) / perTime);
    for (let step = REACH_STEPS; step >= 0; step--) {
      // Steps grow, from a part of the time between two values on.
      const ahead = this.#span * FURTHEST_REACH * (step / REACH_STEPS) ** 3;
      const range = this.at(ahead);
      if (side * ((side < 0 ? range.lower : range.upper) - limit) >= 0) lower = ahead;
      if (side * ((side < 0 ? range.upper : range.lower) - limit) >= 0) upper = ahead;
    }
    return { median, lower: Math.min(lower, median), upper: Math.max(upper, median) };
  }

  /** What is off by chance stays as it is; what is off in the rate grows with the time. */
  #marginOf(ahead: number): number {
    const { error, reach } = this.#errors;
    const rows = this.#errorsLike(ahead / this.#span);
    const weights = Float64Array.from(rows, (row) => this.#errors.weight[row]);
    const rates = Float64Array.from(
      rows,
      (row) => Math.sqrt(Math.max(0, error[row] ** 2 - this.#noise ** 2)) / reach[row],
    );
    const rate = NORMAL_SPREAD * weightedQuantile(rates, weights, 0.5);
    const scaled = Float64Array.from(rows, (row) => Math.abs(error[row]) / Math.hypot(this.#noise, rate * reach[row]));
    const quantile = Math.max(LEAST_QUANTILE, weightedQuantile(scaled, weights, this.#coverage));
    return quantile * Math.hypot(this.#noise, rate * ahead);
  }

  /** Of forecasts that reached as far in proportion to what they knew, or the nearest to that. */
  #errorsLike(share: number): Int32Array {
    const { share: shares } = this.#errors;
    const wanted = Math.max(LEAST_REACH, share);
    const rows = Int32Array.from(shares, (_, row) => row);
    const like = rows.filter((row) => shares[row] <= wanted * MOST_REACH && shares[row] >= wanted * LEAST_REACH);
    if (like.length >= FEWEST_ERRORS) return like;
    const apart = shares.map((other) => Math.abs(Math.log(other / wanted)));
    return rows.sort((a, b) => apart[a] - apart[b]).subarray(0, FEWEST_ERRORS);
  }
}

/**
 * `times` in any unit, ascending; values that are none are left out. `health.too-little` below twenty values, `health.bad-data` where
 * times do not ascend or the coverage is no chance.
 */
export function learnTrendForecast(times: Float64Array, values: Float64Array, coverage = 0.9): Result<TrendForecast> {
  if (!(coverage > 0 && coverage < 1)) return failure('health.bad-data', `A coverage of ${coverage} is no chance.`);
  if (times.length !== values.length) {
    return failure('health.bad-data', `${values.length} values for ${times.length} times.`);
  }
  for (let i = 0; i < times.length; i++) {
    if (!Number.isFinite(times[i]) || times[i] <= times[i - 1]) {
      return failure('health.bad-data', `Time ${i} is not after the one before.`);
    }
  }
  const history = soundHistory(times, values);
  if (history.times.length < FEWEST_VALUES) {
    return failure('health.too-little', `${history.times.length} values; a trend needs ${FEWEST_VALUES}.`);
  }
  return success(new TrendForecast(history, coverage));
}

/** How far single values lie from the median of five; never less than what numbers are rounded by. */
function noiseOf(values: Float64Array): number {
  const away = new Float64Array(values.length - 4);
  for (let i = 2; i < values.length - 2; i++) away[i - 2] = Math.abs(values[i] - values.slice(i - 2, i + 3).sort()[2]);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return NORMAL_SPREAD * away.sort()[away.length >> 1] + ROUNDING * largest + Number.MIN_VALUE;
}
