/**
 * Counters over intervals: how far a totaliser, an energy meter or an hour meter has counted, and at which rate.
 *
 * Between two usable readings the count is shared out evenly over time, so that the increases of consecutive intervals sum up
 * to the increase over all of them. A counter goes on while nobody reads it: across bad samples the readings on both sides
 * are compared all the same, and the status of the intervals says so; with `bridgeBad: false` that time counts as not
 * covered. Of samples of equal time the last counts. Nothing is counted before the first and behind the last reading.
 *
 * The status is `BadNoData` where no part of an interval lies between readings; `UncertainDataSubNormal` where only a part
 * does, where bad samples were bridged, the counter was reset, or a reading is uncertain; else Good. Each with the bits of a
 * calculated value (OPC UA Part 4, 7.39).
 */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { SampleRun } from '../../archive/sampleRun.ts';
import { type CounterKind, countedIncrease, counterStep } from './countedIncrease.ts';

export interface CounterOptions extends CounterKind {
  /** Unit of time of the rate, in µs; a second unless given. */
  readonly timeUnitUs?: number;
  /** Whether readings on both sides of bad samples are compared. By default they are. */
  readonly bridgeBad?: boolean;
  readonly treatUncertainAsBad?: boolean;
}

/** All columns have one element for each interval. */
export interface CounterColumns {
  /** µs; interval `i` is `starts[i] <= time < ends[i]`. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** What was counted in the part of the interval that lies between readings; NaN where no part does. */
  readonly increases: Float64Array;
  /** Increase for each unit of time of that part; NaN where there is none. */
  readonly rates: Float64Array;
  /** How much of the interval lies between readings, in µs. */
  readonly coveredUs: Float64Array;
  /** How often the counter was found rolled over and reset, each in the interval of the reading that shows it. */
  readonly rollovers: Uint32Array;
  readonly resets: Uint32Array;
  readonly statuses: Uint32Array;
}

/** Info type DataValue, and "calculated" (OPC UA Part 4, 7.39). */
const CALCULATED_BITS = 0x0401;
const UNCERTAIN = 0x40000000;
const BAD = 0x80000000;

/** Takes the samples of one tag in order of time, the last one before the first interval and the first behind the last too. */
export class CounterReducer {
  readonly #boundaries: Float64Array;
  readonly #options: CounterOptions;
  readonly #unusableFrom: number;
  readonly #columns: CounterColumns;
  readonly #isSubNormal: Uint8Array;
  /** The last two usable readings of different times; the later one may still be replaced by one of the same time. */
  #beforeTime = Number.NaN;
  #beforeValue = 0;
  #isBeforeUncertain = false;
  #time = Number.NaN;
  #value = 0;
  #isUncertain = false;
  /** Whether bad samples lie between the two, and behind the later. */
  #isAcrossBad = false;
  #isBadBehind = false;
  #interval = 0;

  /** `boundaries` in µs, strictly ascending: interval `i` is `boundaries[i] <= time < boundaries[i + 1]`. */
  constructor(boundaries: Float64Array, options: CounterOptions = {}) {
    const count = Math.max(0, boundaries.length - 1);
    this.#boundaries = boundaries;
    this.#options = options;
    this.#unusableFrom = options.treatUncertainAsBad ? UNCERTAIN : BAD;
    this.#isSubNormal = new Uint8Array(count);
    this.#columns = {
      starts: boundaries.slice(0, count),
      ends: boundaries.slice(1, count + 1),
      ...{ increases: new Float64Array(count), rates: new Float64Array(count), coveredUs: new Float64Array(count) },
      ...{ rollovers: new Uint32Array(count), resets: new Uint32Array(count), statuses: new Uint32Array(count) },
    };
  }

  /** Takes samples that follow those before. */
  push({ times, values, kinds, statuses }: SampleRun): void {
    for (let row = 0; row < times.length; row++) {
      const value = values[row];
      const status = statuses[row];
      if (kinds[row] !== ValueKind.number || status >= this.#unusableFrom || !Number.isFinite(value)) {
        this.#isBadBehind = true;
        continue;
      }
      if (times[row] > this.#time) {
        this.#compare();
        this.#beforeTime = this.#time;
        this.#beforeValue = this.#value;
        this.#isBeforeUncertain = this.#isUncertain;
        this.#isAcrossBad = this.#isBadBehind;
      }
      this.#time = times[row];
      this.#value = value;
      this.#isUncertain = status >= UNCERTAIN;
      this.#isBadBehind = false;
    }
  }

  finish(): CounterColumns {
    this.#compare();
    const { starts, ends, increases, rates, coveredUs, statuses } = this.#columns;
    const timeUnitUs = this.#options.timeUnitUs ?? US_PER_S;
    for (let at = 0; at < starts.length; at++) {
      const isComplete = coveredUs[at] === ends[at] - starts[at] && this.#isSubNormal[at] === 0;
      rates[at] = (increases[at] / coveredUs[at]) * timeUnitUs;
      if (coveredUs[at] > 0) {
        statuses[at] = (isComplete ? STATUS.Good : STATUS.UncertainDataSubNormal) | CALCULATED_BITS;
      } else {
        increases[at] = Number.NaN;
        statuses[at] = STATUS.BadNoData;
      }
    }
    return this.#columns;
  }

  /** Shares out what was counted between the last two readings. */
  #compare(): void {
    const [from, to] = [this.#beforeTime, this.#time];
    if (Number.isNaN(from) || (this.#isAcrossBad && this.#options.bridgeBad === false)) return;
    const step = counterStep(this.#beforeValue, this.#value, to - from, this.#options);
    const perUs = countedIncrease(this.#beforeValue, this.#value, step, this.#options) / (to - from);
    const isDoubtful = this.#isAcrossBad || step === 'reset' || this.#isBeforeUncertain || this.#isUncertain;
    const { ends, increases, coveredUs, rollovers, resets } = this.#columns;
    while (this.#interval < ends.length && ends[this.#interval] <= from) this.#interval++;
    for (let at = this.#interval; at < ends.length && this.#boundaries[at] < to; at++) {
      const part = Math.min(to, ends[at]) - Math.max(from, this.#boundaries[at]);
      increases[at] += perUs * part;
      coveredUs[at] += part;
      if (isDoubtful) this.#isSubNormal[at] = 1;
      if (to > ends[at]) continue;
      if (step === 'rollover') rollovers[at]++;
      if (step === 'reset') resets[at]++;
    }
  }
}

/** Counters of samples that are at hand as a whole; see `CounterReducer`. */
export function counterIncreases(run: SampleRun, boundaries: Float64Array, options?: CounterOptions): CounterColumns {
  const reducer = new CounterReducer(boundaries, options);
  reducer.push(run);
  return reducer.finish();
}
