/** Follows the level of one feature: smooths it, weighs how far it is from normal, and tells a step from a trend. */

import { sortedMedian } from '../detect/scaling.ts';
import type { FeatureDrift, FeatureStep } from './assessment.ts';
import { type FeatureNormal, outsideOfLearned, withoutOthers } from './featureNormal.ts';
import { SMOOTHED_LEVELS } from './learnFeatureNormal.ts';
import type { LevelClock } from './levelClock.ts';
import { HISTORY_POINTS, LevelHistory } from './levelHistory.ts';
import { levelStep } from './levelStep.ts';
import { levelTrend } from './levelTrend.ts';
import { lifeToLimit } from './lifeToLimit.ts';
import type { ProfileFeature } from './profileSpec.ts';
import { unitConversion } from './unitConversion.ts';

/** So many slots in line must agree on another level to be a step at once. */
const STEP_SLOTS = 3;
/** A slot is off its level where it is so many times as far as the furthest in the learning time. */
const STEP_REACH = 3;
/** A level that goes on from a step by this share of it is a trend. */
const BEYOND_STEP = 0.25;
/** The furthest slots of late are forgotten by this share each period. */
const FORGOTTEN = 0.2;
/** Fewer levels than this after a gap are not smoothed yet. */
const FEWEST_SMOOTHED = 3;

/** Places of `#memory`: what is open, and what stands. */
const SLOTS = 0;
const PERIOD = 1;
const LEVELS = 2;
const OFF = 3;
const LEVEL = 4;
const OUTSIDE = 5;
const STEP_AT = 6;
const STEP_FROM = 7;
const STEP_TO = 8;
const OFF_AT = 9;
const OUTSIDE_SUM = 10;
const RECENT_REACH = 11;
const EXPLAINED_LAST = 12;
const EXPLAINED_SUM = 13;
const EXPLAINED = 14;
const PLACES = 15;

export class FeatureDriftMonitor {
  readonly #feature: ProfileFeature;
  readonly #column: number;
  readonly #normal: FeatureNormal;
  readonly #clock: LevelClock;
  readonly #slots: Float64Array;
  readonly #levels = new Float64Array(SMOOTHED_LEVELS);
  /** Of the same levels, what the others explain. */
  readonly #explained = new Float64Array(SMOOTHED_LEVELS);
  readonly #off = new Float64Array(STEP_SLOTS);
  readonly #memory = new Float64Array(PLACES);
  readonly #history = new LevelHistory();
  readonly #scratch: Float64Array;
  drift: FeatureDrift;

  constructor(feature: ProfileFeature, column: number, normal: FeatureNormal, clock: LevelClock) {
    this.#feature = feature;
    this.#column = column;
    this.#normal = normal;
    this.#clock = clock;
    this.#slots = new Float64Array(clock.slotsPerPeriod);
    this.#scratch = new Float64Array(Math.max(clock.slotsPerPeriod, SMOOTHED_LEVELS));
    this.#memory[PERIOD] = -1;
    this.#memory[LEVEL] = Number.NaN;
    this.#memory[STEP_AT] = Number.NaN;
    this.drift = this.#weigh();
  }

  /** The means of all features in a slot; slots ascend. Whether `drift` changed. */
  push(slot: number, means: Float64Array): boolean {
    const memory = this.#memory;
    const period = Math.floor(slot / this.#clock.slotsPerPeriod);
    let changed = false;
    if (memory[PERIOD] >= 0 && period !== memory[PERIOD]) {
      changed = this.#closePeriod();
      if (period - memory[PERIOD] > this.#clock.longestGap) this.#forgetRecent();
    }
    memory[PERIOD] = period;
    const value = withoutOthers(this.#normal.dependence, means, means[this.#column]);
    this.#slots[memory[SLOTS]++] = value;
    memory[EXPLAINED_LAST] = means[this.#column] - value;
    memory[EXPLAINED_SUM] += memory[EXPLAINED_LAST];
    memory[OUTSIDE_SUM] += outsideOfLearned(this.#normal.dependence, means);
    return this.#lookForStep(slot, value) || changed;
  }

  /** All that it remembers; writing to it, and then `restored`, restores. */
  memory(): readonly Float64Array[] {
    return [this.#slots, this.#levels, this.#explained, this.#off, this.#memory, this.#history.memory];
  }

  /** Whether what was written is a state: counts that are none would be gone through without end. */
  restored(): boolean {
    const { [SLOTS]: slots, [LEVELS]: levels, [OFF]: off } = this.#memory;
    const isCount = (count: number, most: number) => Number.isInteger(count) && count >= 0 && count <= most;
    const isState =
      isCount(slots, this.#slots.length) && isCount(levels, SMOOTHED_LEVELS) && isCount(off, STEP_SLOTS - 1);
    if (!isState || !isCount(this.#history.count, HISTORY_POINTS)) return false;
    this.drift = this.#weigh();
    return true;
  }

  #closePeriod(): boolean {
    const memory = this.#memory;
    const count = memory[SLOTS];
    const outside = memory[OUTSIDE_SUM] / count;
    memory[SLOTS] = 0;
    memory[OUTSIDE_SUM] = 0;
    const explained = memory[EXPLAINED_SUM] / count;
    memory[EXPLAINED_SUM] = 0;
    if (count < this.#clock.leastSlots) return false;
    const level = middle(this.#scratch, this.#slots, count);
    const time = (memory[PERIOD] + 0.5) * this.#clock.periodUs;
    this.#history.push(time, level);
    const furthest = Math.max(this.#scratch[count - 1] - level, level - this.#scratch[0]);
    memory[RECENT_REACH] = Math.max(furthest, (1 - FORGOTTEN) * memory[RECENT_REACH]);
    this.#levels.copyWithin(1, 0, SMOOTHED_LEVELS - 1);
    this.#levels[0] = level;
    this.#explained.copyWithin(1, 0, SMOOTHED_LEVELS - 1);
    this.#explained[0] = explained;
    memory[OUTSIDE] = outside;
    memory[LEVELS] = Math.min(memory[LEVELS] + 1, SMOOTHED_LEVELS);
    if (memory[LEVELS] >= FEWEST_SMOOTHED || this.#isStepped()) {
      memory[LEVEL] = trimmedMean(this.#scratch, this.#levels, memory[LEVELS]);
      memory[EXPLAINED] = trimmedMean(this.#scratch, this.#explained, memory[LEVELS]);
    }
    this.drift = this.#weigh();
    if (this.#settlesStep()) this.drift = this.#weigh();
    return true;
  }

  /** Whether what counted as a trend is a step, or the other way about, by the levels. */
  #settlesStep(): boolean {
    const memory = this.#memory;
    if (this.#isStepped()) {
      const ends = this.drift.evidence < 1 || this.#goesBeyondStep();
      if (ends) memory[STEP_AT] = Number.NaN;
      return ends;
    }
    if (this.drift.evidence < 1) return false;
    const step = levelStep(this.#history, this.#normal.level);
    if (step === undefined) return false;
    memory[STEP_AT] = this.#history.time(step.point) - this.#clock.periodUs / 2;
    memory[STEP_FROM] = this.#normal.level;
    memory[STEP_TO] = step.to;
    this.#history.forgetBefore(step.point);
    if (this.#history.count >= SMOOTHED_LEVELS) memory[STEP_TO] = memory[LEVEL];
    return true;
  }

  /** What a step came to is known when all levels that are smoothed are behind it; a drift from there on is a trend. */
  #goesBeyondStep(): boolean {
    const memory = this.#memory;
    if (this.#history.count <= SMOOTHED_LEVELS) {
      if (this.#history.count === SMOOTHED_LEVELS) memory[STEP_TO] = memory[LEVEL];
      return false;
    }
    const { reach, spread } = this.#normal;
    const size = memory[STEP_TO] - memory[STEP_FROM];
    const further = Math.sign(size) * (memory[LEVEL] - memory[STEP_TO]);
    return further > Math.max(reach * spread, this.#leastShift(), BEYOND_STEP * Math.abs(size));
  }

  #leastShift(): number {
    return Math.max(this.#normal.nearest, this.#feature.negligible);
  }

  /** The levels from before a gap stand, but are not smoothed with those that come. */
  #forgetRecent(): void {
    this.#memory[LEVELS] = 0;
    this.#memory[OFF] = 0;
  }

  #isStepped(): boolean {
    return !Number.isNaN(this.#memory[STEP_AT]);
  }

  /** Against what was of late, so that neither a season is one nor a trend that goes fast. */
  #lookForStep(slot: number, value: number): boolean {
    const memory = this.#memory;
    const { slotReach, level } = this.#normal;
    const from = Number.isNaN(memory[LEVEL]) ? level : memory[LEVEL];
    const slots = STEP_REACH * Math.max(slotReach, memory[RECENT_REACH]);
    const reach = Math.max(slots, Math.abs(from - level), this.#feature.negligible);
    if (Math.abs(value - from) <= reach) {
      memory[OFF] = 0;
      return false;
    }
    if (memory[OFF] === 0) memory[OFF_AT] = (slot * this.#clock.periodUs) / this.#clock.slotsPerPeriod;
    this.#off[memory[OFF]++] = value;
    if (memory[OFF] < STEP_SLOTS) return false;
    memory[OFF] = 0;
    const to = middle(this.#scratch, this.#off, STEP_SLOTS);
    const apart = Math.max(...this.#off) - Math.min(...this.#off);
    if (apart > Math.abs(to - from) / 2) return false;
    this.#step(from, to);
    return true;
  }

  #step(from: number, to: number): void {
    const memory = this.#memory;
    memory[STEP_AT] = memory[OFF_AT];
    memory[STEP_FROM] = from;
    memory[STEP_TO] = to;
    memory[LEVEL] = to;
    memory[EXPLAINED] = memory[EXPLAINED_LAST];
    memory[LEVELS] = 0;
    memory[SLOTS] = 0;
    memory[OUTSIDE_SUM] = 0;
    memory[EXPLAINED_SUM] = 0;
    this.#history.clear();
    this.drift = this.#weigh();
  }

  #weigh(): FeatureDrift {
    const { level: normal, spread, reach, levelDeviation, independentLevels } = this.#normal;
    const level = this.#memory[LEVEL];
    const doubt = levelDeviation * Math.sqrt(this.#memory[OUTSIDE] / independentLevels);
    const widened = Math.hypot(spread, doubt);
    const shift = level - normal;
    const proven = Math.abs(shift) / (reach * widened);
    const least = this.#leastShift();
    const seen = this.#seenShift(shift);
    const evidence = Math.min(proven, seen, least > 0 ? Math.abs(shift) / least : proven);
    const quiet = { level, normal, spread: widened, since: Number.NaN, perDay: Number.NaN, step: undefined };
    if (!(evidence >= 1)) {
      return { ...quiet, evidence: evidence || 0, life: undefined, noLife: 'There is no drift.' };
    }
    return this.#drifting({ ...quiet, evidence }, shift);
  }

  /**
   * How far what is read goes the same way, in negligible shifts: a level that moves only in so far as others that explain it have moved
   * is theirs, and the sound bearing beside one that wears does not get better.
   */
  #seenShift(shift: number): number {
    const seen = Math.sign(shift) * (shift + this.#memory[EXPLAINED]);
    const { negligible } = this.#feature;
    if (negligible > 0) return Math.max(0, seen / negligible);
    return seen > 0 ? Number.POSITIVE_INFINITY : 0;
  }

  #drifting(drift: Omit<FeatureDrift, 'life' | 'noLife'>, shift: number): FeatureDrift {
    if (this.#isStepped()) {
      const step = this.#describeStep();
      return { ...drift, since: step.at, step, life: undefined, noLife: 'It is a step and no trend.' };
    }
    const trend = levelTrend(this.#history, drift.normal);
    if (trend === undefined) return { ...drift, life: undefined, noLife: 'Too few levels are known since it began.' };
    const { life, noLife } = lifeToLimit(this.#feature, this.#normal, this.#history, trend.perDay, shift);
    return { ...drift, ...trend, life, noLife };
  }

  #describeStep(): FeatureStep {
    const { [STEP_AT]: at, [STEP_FROM]: from, [STEP_TO]: to } = this.#memory;
    return { at, from, to, conversion: unitConversion(this.#feature.unit, from, to, this.#normal.slotReach)?.says };
  }
}

function middle(scratch: Float64Array, values: Float64Array, count: number): number {
  const sorted = scratch.subarray(0, count);
  sorted.set(values.subarray(0, count));
  return sortedMedian(sorted.sort());
}

/** Of five without the highest and the lowest; of fewer the median. */
function trimmedMean(scratch: Float64Array, values: Float64Array, count: number): number {
  if (count < SMOOTHED_LEVELS) return middle(scratch, values, count);
  const sorted = scratch.subarray(0, count);
  sorted.set(values.subarray(0, count));
  sorted.sort();
  let sum = 0;
  for (let i = 1; i < count - 1; i++) sum += sorted[i];
  return sum / (count - 2);
}
