/** What is known of the samples of one interval: every aggregate is concluded from these facts. */

import type { RunSummary } from '../../archive/runSummary.ts';
import type { SampleRun } from '../../archive/sampleRun.ts';
import type { AggregateOptions } from './aggregateOptions.ts';
import { BoundValue } from './boundValue.ts';
import { Extreme } from './extreme.ts';
import { Quality, SamplePoint } from './samplePoint.ts';

/** Which facts an aggregate needs; the others are not gathered. */
export interface FactNeeds {
  readonly sum?: boolean;
  readonly squares?: boolean;
  readonly low?: boolean;
  readonly high?: boolean;
  /** First and last samples. */
  readonly ends?: boolean;
  readonly transitions?: boolean;
  /** The values at the ends of the interval. */
  readonly bounds?: boolean;
  readonly area?: boolean;
  /** Time in the states zero and other than zero. */
  readonly states?: boolean;
  readonly numeric?: boolean;
}

export class IntervalFacts {
  readonly options: AggregateOptions;
  readonly needs: FactNeeds;
  readonly isReversed: boolean;

  /** The ends of the interval, the earlier one first. */
  low = Number.NaN;
  high = Number.NaN;
  /** The interval begins before the first sample that is known, ends behind the last one, or is cut short (5.3.3.2). */
  isPartial = false;
  /** A text stands where numbers are needed. */
  isInvalid = false;

  good = 0;
  uncertain = 0;
  bad = 0;
  /** Sum of the good values. */
  sum = 0.5;
  /** Of the good values: the mean, and the sum of the squares of the distances from it. */
  mean = 0.5;
  squares = 0.5;
  readonly least = new Extreme(1);
  readonly greatest = new Extreme(-1);
  readonly leastUncertain = new Extreme(1);
  readonly greatestUncertain = new Extreme(-1);
  /** The first and the last sample, whatever their quality. */
  readonly first = new SamplePoint();
  readonly last = new SamplePoint();
  firstGood = 0.5;
  lastGood = 0.5;
  /** Samples that are not good came before the first good one, after the last good one. */
  skippedBeforeGood = false;
  skippedAfterGood = false;
  /** The worst severity, 0 to 3, the first status that has it, and how many have it. */
  worstSeverity = 0;
  worstStatus = 0;
  worstCount = 0;
  transitions = 0;
  annotations = 0;
  /** The last sample before the next one that is not bad, of this interval or an earlier one. */
  readonly lastUsable = new SamplePoint();

  /** How long the data were good, uncertain and bad, in microseconds. */
  goodUs = 0.5;
  uncertainUs = 0.5;
  badUs = 0.5;
  /** The integral over the time that is not bad, in value x us. */
  area = 0.5;
  zeroUs = 0.5;
  nonZeroUs = 0.5;
  readonly lowBound = new BoundValue();
  readonly highBound = new BoundValue();

  constructor(needs: FactNeeds, options: AggregateOptions, isReversed: boolean) {
    this.needs = needs;
    this.options = options;
    this.isReversed = isReversed;
  }

  /** The time with which the result is stamped. */
  get start(): number {
    return this.isReversed ? this.high : this.low;
  }

  get startBound(): BoundValue {
    return this.isReversed ? this.highBound : this.lowBound;
  }

  get endBound(): BoundValue {
    return this.isReversed ? this.lowBound : this.highBound;
  }

  get count(): number {
    return this.good + this.uncertain + this.bad;
  }

  get spanUs(): number {
    return this.goodUs + this.uncertainUs + this.badUs;
  }

  /** Forgets all but `lastUsable`, for the interval from `low` to `high`. */
  open(low: number, high: number): void {
    this.low = low;
    this.high = high;
    this.isInvalid = false;
    this.good = 0;
    this.uncertain = 0;
    this.bad = 0;
    this.sum = 0;
    const { needs } = this;
    if (needs.squares) this.mean = this.squares = 0;
    if (needs.low) this.#clearExtremes(this.least, this.leastUncertain);
    if (needs.high) this.#clearExtremes(this.greatest, this.greatestUncertain);
    if (needs.ends) {
      this.skippedBeforeGood = this.skippedAfterGood = false;
      this.worstSeverity = this.worstCount = 0;
    }
    this.transitions = 0;
    this.goodUs = this.uncertainUs = this.badUs = 0;
    if (needs.area) this.area = 0;
    if (needs.states) this.zeroUs = this.nonZeroUs = 0;
  }

  #clearExtremes(good: Extreme, uncertain: Extreme): void {
    good.clear();
    uncertain.clear();
  }

  /** A sample of the interval. */
  add(point: SamplePoint): void {
    const { needs, count } = this;
    if (needs.numeric && point.text !== undefined && point.quality !== Quality.bad) this.isInvalid = true;
    if (count === 0) this.first.copy(point);
    this.last.copy(point);
    this.#addWorst(point.status, 1);
    if (point.quality === Quality.good) this.#addGood(point);
    else {
      if (this.good === 0) this.skippedBeforeGood = true;
      this.skippedAfterGood = true;
      if (point.quality === Quality.uncertain) this.#addUncertain(point);
      else this.bad++;
    }
    if (!needs.transitions || point.quality === Quality.bad) return;
    if (!this.lastUsable.exists || !this.lastUsable.isSameValue(point)) this.transitions++;
    this.lastUsable.copy(point);
  }

  /** A sample before the first interval. */
  remember(point: SamplePoint): void {
    if (this.needs.transitions && point.quality !== Quality.bad) this.lastUsable.copy(point);
  }

  /** The same for a row that is a good number. */
  rememberRow(run: SampleRun, row: number): void {
    if (this.needs.transitions) this.lastUsable.fillPlain(run, row);
  }

  #addGood({ value, time }: SamplePoint): void {
    this.#mergeSquares(1, value, 0);
    this.sum += value;
    this.least.add(value, time);
    this.greatest.add(value, time);
    if (this.good === 0) this.firstGood = value;
    this.lastGood = value;
    this.skippedAfterGood = false;
    this.good++;
  }

  #addUncertain({ value, time }: SamplePoint): void {
    this.leastUncertain.add(value, time);
    this.greatestUncertain.add(value, time);
    this.uncertain++;
  }

  #addWorst(status: number, count: number): void {
    const severity = status >>> 30;
    if (this.worstCount === 0 || severity > this.worstSeverity) {
      this.worstSeverity = severity;
      this.worstStatus = status;
      this.worstCount = count;
    } else if (severity === this.worstSeverity) this.worstCount += count;
  }

  /** Samples of the interval, all of them good numbers. */
  addRows(run: SampleRun, from: number, to: number): void {
    const { times, values } = run;
    const { needs } = this;
    if (needs.sum) {
      let { sum } = this;
      for (let row = from; row < to; row++) sum += values[row];
      this.sum = sum;
    }
    if (needs.squares) this.#addSquares(values, from, to);
    if (needs.low) this.least.addRows(values, times, from, to);
    if (needs.high) this.greatest.addRows(values, times, from, to);
    if (needs.transitions) this.#addTransitions(run, from, to);
    if (needs.ends) this.#addEnds(run, from, to);
    this.good += to - from;
  }

  /** As `addRows` of those rows whose time is before `end`, where only their sum is needed; the row that it came to. */
  sumBefore({ times, values }: SampleRun, from: number, to: number, end: number): number {
    let { sum } = this;
    let row = from;
    for (; row < to && times[row] < end; row++) sum += values[row];
    this.sum = sum;
    this.good += row - from;
    return row;
  }

  #addSquares(values: Float64Array, from: number, to: number): void {
    let sum = 0;
    for (let row = from; row < to; row++) sum += values[row];
    const mean = sum / (to - from);
    let squares = 0;
    for (let row = from; row < to; row++) {
      const distance = values[row] - mean;
      squares += distance * distance;
    }
    this.#mergeSquares(to - from, mean, squares);
  }

  /** Joins two sets by their means (Chan, Golub, LeVeque, 1979): the mean of large values is never squared. */
  #mergeSquares(count: number, mean: number, squares: number): void {
    const total = this.good + count;
    const distance = mean - this.mean;
    this.mean += (distance * count) / total;
    this.squares += squares + (distance * distance * this.good * count) / total;
  }

  #addTransitions(run: SampleRun, from: number, to: number): void {
    const { values } = run;
    const { lastUsable } = this;
    let transitions = lastUsable.exists && lastUsable.text === undefined && lastUsable.value === values[from] ? 0 : 1;
    for (let row = from + 1; row < to; row++) if (values[row] !== values[row - 1]) transitions++;
    this.transitions += transitions;
    lastUsable.fillPlain(run, to - 1);
  }

  #addEnds(run: SampleRun, from: number, to: number): void {
    if (this.count === 0) this.first.fillPlain(run, from);
    if (this.good === 0) this.firstGood = run.values[from];
    this.#addWorst(run.statuses[from], to - from);
    this.last.fillPlain(run, to - 1);
    this.lastGood = run.values[to - 1];
    this.skippedAfterGood = false;
  }

  /**
   * Samples of the interval, all of them exactly Good, of which only the summary is known; false where the facts that are
   * needed do not follow from it.
   */
  addSummary(summary: RunSummary): boolean {
    const { needs } = this;
    const { count, sum, sumOfSquares } = summary;
    if (needs.squares) {
      const squares = sumOfSquares - (sum * sum) / count;
      // Where the two terms all but cancel each other, too few digits are left.
      if (count > 1 && squares < sumOfSquares * 1e-4) return false;
      this.#mergeSquares(count, sum / count, Math.max(0, squares));
    }
    if (needs.ends) {
      if (this.count === 0) this.first.fillNumber(summary.firstTime, summary.first);
      if (this.good === 0) this.firstGood = summary.first;
      this.#addWorst(0, count);
      this.last.fillNumber(summary.lastTime, summary.last);
      this.lastGood = summary.last;
      this.skippedAfterGood = false;
    }
    this.sum += sum;
    if (needs.low) this.least.add(summary.min, summary.minTime, summary.minCount);
    if (needs.high) this.greatest.add(summary.max, summary.maxTime, summary.maxCount);
    this.good += count;
    return true;
  }

  /** The time between the samples of rows that `addRows` has got. */
  addRowSpans(run: SampleRun, from: number, to: number, isSloped: boolean): void {
    const { times, values } = run;
    this.goodUs += times[to - 1] - times[from];
    if (this.needs.area)
      this.area += isSloped ? slopedArea(times, values, from, to) : steppedArea(times, values, from, to);
    if (!this.needs.states) return;
    for (let row = from + 1; row < to; row++) {
      if (values[row - 1] === 0) this.zeroUs += times[row] - times[row - 1];
      else this.nonZeroUs += times[row] - times[row - 1];
    }
  }

  addSummarySpans(summary: RunSummary, isSloped: boolean): void {
    this.goodUs += summary.lastTime - summary.firstTime;
    this.area += isSloped ? summary.slopedArea : summary.steppedArea;
  }

  /** A part of the interval over which the value goes from `startValue` to `endValue`, if it is not bad. */
  addSpan(quality: Quality, spanUs: number, startValue: number, endValue: number): void {
    if (quality === Quality.bad) {
      this.badUs += spanUs;
      return;
    }
    if (this.needs.area) this.area += ((startValue + endValue) / 2) * spanUs;
    if (quality === Quality.uncertain) {
      this.uncertainUs += spanUs;
      return;
    }
    this.goodUs += spanUs;
    if (!this.needs.states) return;
    if (startValue === 0) this.zeroUs += spanUs;
    else this.nonZeroUs += spanUs;
  }
}

function slopedArea(times: Float64Array, values: Float64Array, from: number, to: number): number {
  let twice = 0;
  for (let row = from + 1; row < to; row++) twice += (values[row - 1] + values[row]) * (times[row] - times[row - 1]);
  return twice / 2;
}

function steppedArea(times: Float64Array, values: Float64Array, from: number, to: number): number {
  let area = 0;
  for (let row = from + 1; row < to; row++) area += values[row - 1] * (times[row] - times[row - 1]);
  return area;
}
