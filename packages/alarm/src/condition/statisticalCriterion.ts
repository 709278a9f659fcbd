/**
 * A value that leaves what has been usual, in multiples of the standard deviation.
 *
 * - `z-score`: the value itself is too far from the mean.
 * - `ewma`: the exponentially weighted moving average of the values is, with the weight 0.2, measured by its own standard
 *   deviation (NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.4). Sees small lasting shifts.
 * - `cusum`: the sum of what the values are beyond half a standard deviation is, upwards or downwards (ibid., 6.3.2.3).
 *   Sees them as well, without a memory of what is long past. It is held at twice the limit, so that it comes down again.
 *
 * Usual is what was read over the time of the baseline; before so much has been read nothing is judged. What is found unusual is
 * not learned, nor is anything while the condition holds.
 */

import type { StatisticalCondition } from './condition.ts';
import { type Criterion, Judgement, judgementOf } from './criterion.ts';
import { isUsable, type Reading } from './reading.ts';

/** Fewer say nothing of a standard deviation. */
const MIN_SAMPLES = 30;
/** Usual choices for shifts of about one standard deviation, in the handbook's places named above. */
const EWMA_WEIGHT = 0.2;
const CUSUM_SLACK = 0.5;
const EWMA_SIGMA = Math.sqrt(EWMA_WEIGHT / (2 - EWMA_WEIGHT));

export class StatisticalCriterion implements Criterion {
  readonly #condition: StatisticalCondition;
  #mean = 0;
  #variance = 0;
  #samples = 0;
  #learnedUs = 0;
  #lastTime = Number.NaN;
  #average = 0;
  #above = 0;
  #below = 0;

  constructor(condition: StatisticalCondition) {
    this.#condition = condition;
  }

  judge(reading: Reading, active: boolean): Judgement {
    if (!isUsable(reading) || reading.text !== undefined || !Number.isFinite(reading.value)) return Judgement.unknown;
    const { limit, deadband, baselineUs, minSigma } = this.#condition;
    const { time, value } = reading;
    const isLearned = this.#learnedUs >= baselineUs && this.#samples >= MIN_SAMPLES;
    const sigma = Math.max(minSigma, Math.sqrt(this.#variance));
    // Where nothing has ever changed and no least deviation is given, there is nothing to measure with.
    const distance = isLearned && sigma > 0 ? this.#distance((value - this.#mean) / sigma) : Number.NaN;
    const met = distance > limit - (active ? deadband : 0);
    if (!met && !active) this.#learn(time, value);
    this.#lastTime = time;
    return Number.isNaN(distance) ? Judgement.unknown : judgementOf(met);
  }

  #distance(z: number): number {
    const { kind, limit } = this.#condition;
    if (kind === 'z-score') return Math.abs(z);
    if (kind === 'ewma') {
      this.#average += EWMA_WEIGHT * (z - this.#average);
      return Math.abs(this.#average) / EWMA_SIGMA;
    }
    this.#above = Math.min(2 * limit, Math.max(0, this.#above + z - CUSUM_SLACK));
    this.#below = Math.min(2 * limit, Math.max(0, this.#below - z - CUSUM_SLACK));
    return Math.max(this.#above, this.#below);
  }

  /** Weighted by time, and at first all alike (T. Finch, Incremental calculation of weighted mean and variance, 2009, 9). */
  #learn(time: number, value: number): void {
    const elapsedUs = Math.max(0, time - this.#lastTime || 0);
    this.#samples++;
    this.#learnedUs += Math.min(elapsedUs, this.#condition.baselineUs);
    const weight = Math.max(1 / this.#samples, 1 - Math.exp(-elapsedUs / this.#condition.baselineUs));
    const difference = value - this.#mean;
    this.#mean += weight * difference;
    this.#variance = (1 - weight) * (this.#variance + weight * difference * difference);
  }
}
