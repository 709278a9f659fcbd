/**
 * Summaries of a tag over intervals, as users of the PI System know them: total, average, minimum, maximum, range, standard
 * deviation, count and percent good, by time or by event.
 *
 * Usable is a finite number that is not bad; an uncertain one is bad where `treatUncertainAsBad` says so.
 *
 * - `eventWeighted`: of the usable samples with `start <= time < end`, each counting alike.
 * - `timeWeighted`: of the value as it runs in time, each moment counting alike. Between two usable samples it is the line
 *   between them, or, stepped, the value before. Before a sample that is not usable it is held, and behind such a one there
 *   is no value until the next usable sample; before the first sample there is none. The last value is held to the end of the
 *   last interval: the caller ends it at the present. The least and the greatest value are sought among the samples and the
 *   values at both bounds of the interval.
 *
 * No value is invented for time without one: an average is that of the time that has a value, a total the integral over it,
 * and `percentGood` and the status say how much is missing.
 */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { RunSummary } from '../../archive/runSummary.ts';
import { type SampleRun, upperBound } from '../../archive/sampleRun.ts';
import { Accumulator } from './accumulator.ts';
import { blankSummaries, type IntervalSummaries } from './intervalSummaries.ts';

export type CalculationBasis = 'timeWeighted' | 'eventWeighted';

export interface SummaryOptions {
  readonly calculationBasis: CalculationBasis;
  readonly stepped: boolean;
  /** Unit of time of a time-weighted total, in µs; a second unless given. An hour makes m3 of m3/h. */
  readonly timeUnitUs?: number;
  /** `sample` divides the squares by one less than their number; by time, which has no number, the two are the same. */
  readonly deviation?: 'population' | 'sample';
  /** The standard deviation is not asked for: chunks of time-weighted summaries then need not be decoded. */
  readonly withoutDeviation?: boolean;
  readonly treatUncertainAsBad?: boolean;
}

/** Info type DataValue, and "calculated" (OPC UA Part 4, 7.39). */
const CALCULATED_BITS = 0x0401;
const UNCERTAIN = 0x40000000;
const BAD = 0x80000000;

/** Takes the samples of one tag in order of time, the last one before the first interval and the first behind the last too. */
export class SummaryReducer {
  readonly #boundaries: Float64Array;
  readonly #options: SummaryOptions;
  readonly #isTimeWeighted: boolean;
  readonly #unusableFrom: number;
  readonly #summaries: IntervalSummaries;
  readonly #current = new Accumulator();
  #interval = 0;
  /** The last sample; NaN where it has no usable value. */
  #time = Number.NEGATIVE_INFINITY;
  #value = Number.NaN;
  #isUncertain = false;

  /** `boundaries` in µs, strictly ascending: interval `i` is `boundaries[i] <= time < boundaries[i + 1]`. */
  constructor(boundaries: Float64Array, options: SummaryOptions) {
    this.#boundaries = boundaries;
    this.#options = options;
    this.#isTimeWeighted = options.calculationBasis === 'timeWeighted';
    this.#unusableFrom = options.treatUncertainAsBad ? UNCERTAIN : BAD;
    this.#summaries = blankSummaries(boundaries);
  }

  /** Takes samples that follow those before. */
  push(run: SampleRun): void {
    const { times, values, kinds, statuses } = run;
    for (let row = 0; row < times.length; ) {
      const value = values[row];
      const status = statuses[row];
      // The difference is 0 for finite numbers only.
      const isUsable = kinds[row] === ValueKind.number && status < this.#unusableFrom && value - value === 0;
      this.#take(times[row], isUsable ? value : Number.NaN, status >= UNCERTAIN);
      row = isUsable && status < UNCERTAIN ? this.#takeBlock(run, row) : row + 1;
    }
  }

  /** Whether samples from `firstTime` to `lastTime` may be pushed as their summary, because they lie in one interval. */
  wantsWhole(firstTime: number, lastTime: number): boolean {
    if (this.#isTimeWeighted && !this.#options.withoutDeviation) return false;
    const { ends } = this.#summaries;
    const interval = upperBound(ends, firstTime);
    return interval < ends.length && this.#boundaries[interval] <= firstTime && lastTime < ends[interval];
  }

  /** Takes a summary in place of the samples that follow those before. Throws where it is not wanted so. */
  pushSummary(summary: RunSummary): void {
    const { firstTime, lastTime, count, sum, sumOfSquares } = summary;
    if (!this.wantsWhole(firstTime, lastTime)) {
      throw new Error(`A summary from ${firstTime} to ${lastTime} does not tell what the intervals need to know.`);
    }
    this.#runTo(firstTime, summary.first, false);
    const current = this.#current;
    current.count += count;
    current.sampleCount += count;
    current.reach(summary.minTime, summary.min);
    current.reach(summary.maxTime, summary.max);
    current.usableUs += lastTime - firstTime;
    const area = this.#options.stepped ? summary.steppedArea : summary.slopedArea;
    if (this.#isTimeWeighted) current.addSums(lastTime - firstTime, area, Number.NaN);
    else current.addSums(count, sum, sumOfSquares);
    this.#time = lastTime;
    this.#value = summary.last;
    this.#isUncertain = false;
  }

  finish(): IntervalSummaries {
    this.#isUncertain = true;
    if (this.#interval < this.#summaries.ends.length) this.#runTo(this.#boundaries.at(-1)!, Number.NaN, true);
    return this.#summaries;
  }

  #take(time: number, value: number, isUncertain: boolean): void {
    this.#runTo(time, value, isUncertain);
    if (time >= this.#boundaries[0] && this.#interval < this.#summaries.ends.length) {
      const current = this.#current;
      current.sampleCount++;
      if (Number.isNaN(value)) {
        if (!this.#isTimeWeighted) current.isSubNormal = true;
      } else {
        current.count++;
        current.reach(time, value);
        if (!this.#isTimeWeighted) {
          current.addEvent(value);
          if (isUncertain) current.isSubNormal = true;
        }
      }
    }
    this.#time = time;
    this.#value = value;
    this.#isUncertain = isUncertain;
  }

  /**
   * Behind the good sample in `row`, which has been taken, takes as many good samples as follow in the same interval, and
   * tells where they end. All is summed up in local variables: this is where the time of a long query goes.
   */
  #takeBlock({ times, values, kinds, statuses }: SampleRun, row: number): number {
    const first = row + 1;
    if (times[row] < this.#boundaries[0] || this.#interval >= this.#summaries.ends.length) return first;
    const end = this.#summaries.ends[this.#interval];
    const current = this.#current;
    current.shiftTo(values[row]);
    const { shift } = current;
    const byTime = this.#isTimeWeighted ? 1 : 0;
    const isSloped = !this.#options.stepped;
    let [before, beforeTime, sum, squares] = [values[row] - shift, times[row], 0, 0];
    let [minimum, maximum, minimumRow, maximumRow] = [current.minimum, current.maximum, row, row];
    for (row = first; row < times.length && times[row] < end; row++) {
      const value = values[row];
      if (kinds[row] !== ValueKind.number || statuses[row] >= UNCERTAIN || value - value !== 0) break;
      if (value < minimum) [minimum, minimumRow] = [value, row];
      if (value > maximum) [maximum, maximumRow] = [value, row];
      const difference = value - shift;
      const a = byTime ? before : difference;
      const b = byTime && !isSloped ? before : difference;
      const weight = byTime ? times[row] - beforeTime : 1;
      sum += ((a + b) / 2) * weight;
      squares += ((a * a + a * b + b * b) / 3) * weight;
      before = difference;
      beforeTime = times[row];
    }
    if (row === first) return row;
    current.addShiftedSums(byTime ? beforeTime - times[first - 1] : row - first, sum, squares);
    current.reach(times[minimumRow], minimum);
    current.reach(times[maximumRow], maximum);
    current.count += row - first;
    current.sampleCount += row - first;
    current.usableUs += beforeTime - times[first - 1];
    this.#time = beforeTime;
    this.#value = values[row - 1];
    return row;
  }

  /** Runs from the last sample to `time`, where the value is `value` or, with NaN, becomes unusable or is not known. */
  #runTo(time: number, value: number, isUncertain: boolean): void {
    const { ends } = this.#summaries;
    const isSloped = !this.#options.stepped;
    const from = Math.max(this.#time, this.#boundaries[0]);
    const held = this.#value;
    const to = isSloped && !Number.isNaN(value) ? value : held;
    const slope = to === held ? 0 : (to - held) / (time - this.#time);
    const isSubNormal = this.#isUncertain || (isSloped && isUncertain) || (isSloped && Number.isNaN(value));
    for (let at = from; this.#interval < ends.length; at = ends[this.#interval++]) {
      const until = Math.min(time, ends[this.#interval]);
      if (until > at) {
        const start = held + slope * (at - this.#time);
        this.#addStretch(at, start, until, until === time ? to : held + slope * (until - this.#time), isSubNormal);
      }
      if (time < ends[this.#interval]) return;
      this.#leave();
    }
  }

  /** A stretch within the current interval. */
  #addStretch(start: number, from: number, end: number, to: number, isSubNormal: boolean): void {
    const current = this.#current;
    if (Number.isNaN(from)) {
      if (this.#isTimeWeighted) current.isSubNormal = true;
      return;
    }
    current.usableUs += end - start;
    if (!this.#isTimeWeighted) return;
    if (isSubNormal) current.isSubNormal = true;
    current.addLine(from, to, end - start);
    current.reach(start, from);
    current.reach(end, to);
  }

  /** Writes down what the current interval has come to. */
  #leave(): void {
    const at = this.#interval;
    const into = this.#summaries;
    const current = this.#current;
    const all = this.#isTimeWeighted ? into.ends[at] - into.starts[at] : current.sampleCount;
    into.counts[at] = current.count;
    into.usableUs[at] = current.usableUs;
    into.percentGood[at] = all === 0 ? 0 : (current.weight / all) * 100;
    if (current.weight === 0) into.statuses[at] = STATUS.BadNoData;
    else {
      into.averages[at] = current.average;
      const perUnit = this.#isTimeWeighted ? (this.#options.timeUnitUs ?? US_PER_S) : 1;
      into.totals[at] = (current.average * current.weight) / perUnit;
      into.minimums[at] = current.minimum;
      into.maximums[at] = current.maximum;
      into.minimumTimes[at] = current.minimumTime;
      into.maximumTimes[at] = current.maximumTime;
      into.ranges[at] = current.maximum - current.minimum;
      const isSample = !this.#isTimeWeighted && this.#options.deviation === 'sample';
      into.standardDeviations[at] = Math.sqrt(current.squaredDeviation / (current.weight - (isSample ? 1 : 0)));
      into.statuses[at] = (current.isSubNormal ? STATUS.UncertainDataSubNormal : STATUS.Good) | CALCULATED_BITS;
    }
    current.clear();
  }
}

/** Summaries of samples that are at hand as a whole; see `SummaryReducer`. */
export function summarise(run: SampleRun, boundaries: Float64Array, options: SummaryOptions): IntervalSummaries {
  const reducer = new SummaryReducer(boundaries, options);
  reducer.push(run);
  return reducer.finish();
}
