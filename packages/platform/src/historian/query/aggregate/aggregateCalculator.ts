/**
 * Calculates one aggregate of one tag from its samples in a single pass.
 *
 * The samples come in order of time, in runs or, where a whole run lies in one interval, as its summary. They begin before
 * the first interval and go on behind the last one as `needed` says; more of them does no harm. Memory is that of the
 * results; a sample that is a good number costs no allocation.
 *
 * Between two points the data form a link. Points are all samples for the aggregates with simple bounding values
 * (OPC 10000-13, 3.1.9), and the usable ones, those that are not bad, for those with interpolated ones (3.1.8). An interval
 * is concluded when the first point comes that lies behind it, and the link that crosses its end is cut there.
 */

import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { RunSummary } from '../../archive/runSummary.ts';
import { lowerBound, type SampleRun } from '../../archive/sampleRun.ts';
import type { AggregateOptions } from './aggregateOptions.ts';
import { AGGREGATE_STATUS } from './aggregateStatus.ts';
import type { AggregateName } from './aggregates.ts';
import { IntervalFacts } from './intervalFacts.ts';
import type { IntervalPlan } from './intervalPlan.ts';
import { type NeededSamples, neededSamples } from './neededSamples.ts';
import { RECIPES, type Recipe } from './recipes.ts';
import { ResultColumns } from './resultColumns.ts';
import { SampleLink } from './sampleLink.ts';
import { plainEnd, Quality, qualityOf, SamplePoint } from './samplePoint.ts';

const NO_TIMES = new Float64Array(0);

export class AggregateCalculator {
  readonly #recipe: Recipe;
  readonly #plan: IntervalPlan;
  readonly #options: AggregateOptions;
  readonly #annotationTimes: Float64Array;
  readonly #results: ResultColumns;
  readonly #needsBounds: boolean;
  /** Whether the sum and the number of the samples is all that is asked of them. */
  readonly #isSum: boolean;
  readonly #facts: IntervalFacts;
  /** From the last point to the next one; undefined for aggregates that do not divide time. */
  readonly #link: SampleLink | undefined;
  /** A sample on its way in. */
  readonly #incoming = new SamplePoint();

  readonly #count: number;
  /** The interval that is being filled, and the times that belong to it: `#from <= time < #to`. */
  #interval = -1;
  #from = 0.5;
  #to = 0.5;
  /** Whether the value at the earlier end is known. */
  #hasLowBound = false;
  /** The first and the last sample that have come, of whatever quality. */
  #firstTime = Number.POSITIVE_INFINITY;
  #lastTime = Number.NEGATIVE_INFINITY;

  constructor(recipe: Recipe, plan: IntervalPlan, options: AggregateOptions, annotationTimes: Float64Array = NO_TIMES) {
    this.#recipe = recipe;
    this.#plan = plan;
    this.#count = plan.count;
    this.#options = options;
    this.#annotationTimes = annotationTimes;
    this.#needsBounds = recipe.needs.bounds === true;
    this.#isSum = recipe.needs.sum === true && recipe.points === 'none';
    this.#results = new ResultColumns(plan.count);
    this.#facts = new IntervalFacts(recipe.needs, options, plan.isReversed);
    this.#link = recipe.points === 'none' ? undefined : new SampleLink(recipe, options, this.#facts);
    this.#openNext();
  }

  /** `annotationTimes` ascend; only AnnotationCount looks at them. */
  static of(
    name: AggregateName,
    plan: IntervalPlan,
    options: AggregateOptions,
    annotationTimes: Float64Array = NO_TIMES,
  ) {
    return new AggregateCalculator(RECIPES[name], plan, options, annotationTimes);
  }

  /** What must be pushed besides the samples of the range itself. */
  get needed(): NeededSamples {
    return neededSamples(this.#recipe, this.#plan, this.#options);
  }

  /** True where no further sample can change a result. */
  get isComplete(): boolean {
    return this.#interval >= this.#count;
  }

  /** Takes samples, not before those of the run or the summary before. */
  push(run: SampleRun): void {
    const count = run.times.length;
    for (let row = 0; row < count && !this.isComplete; row++) {
      const end = run.isPlain ? count : plainEnd(run, row);
      if (end > row) this.#pushPlain(run, row, end);
      row = end;
      if (row < count) this.#pushSample(run, row);
    }
  }

  /**
   * Whether samples from `firstTime` to `lastTime` need not be decoded if they are all good numbers and their statuses are
   * together these bits: `pushSummary` will do, unless it says no in the end.
   */
  wantsWhole(firstTime: number, lastTime: number, statusBits = 0): boolean {
    if (statusBits !== 0 || !this.#recipe.takesSummaries || this.#link?.looksBackTwice) return false;
    const interval = this.#plan.intervalAt(firstTime);
    // Of several samples at the very start the last is the value there, and a summary does not tell it from the first.
    if (this.#needsBounds && this.#plan.edges[interval] === firstTime) return false;
    return interval === this.#plan.intervalAt(lastTime);
  }

  /** Takes a summary in place of its samples; false, and nothing is taken, where the samples themselves are needed. */
  pushSummary(summary: RunSummary): boolean {
    if (!this.wantsWhole(summary.firstTime, summary.lastTime, summary.statusBits)) return false;
    const next = this.#incoming;
    next.fillNumber(summary.firstTime, summary.first);
    this.#noteTime(next.time);
    while (!this.isComplete && next.time >= this.#to) this.#close(next);
    const isInside = !this.isComplete && next.time >= this.#from;
    if (isInside && !this.#facts.addSummary(summary)) return false;
    if (isInside && this.#link) {
      this.#reach(this.#link, next);
      this.#facts.addSummarySpans(summary, this.#link.isSloped);
    }
    this.#noteTime(summary.lastTime);
    next.fillNumber(summary.lastTime, summary.last);
    this.#link?.moveTo(next);
    return true;
  }

  /** The results, of intervals without data as well, in the order of the query. */
  finish(): ResultColumns {
    const { goesOn } = this.#recipe;
    while (!this.isComplete) {
      if (this.#from > this.#lastTime && !goesOn) this.#concludeWithoutData();
      else this.#close(undefined);
    }
    return this.#results;
  }

  /** A sample that need not be a good number. */
  #pushSample(run: SampleRun, row: number): void {
    const time = run.times[row];
    // "Point created" is how archives mark that nothing is known yet: no data begin with it (Annex A).
    const isMarker = run.statuses[row] >>> 16 === STATUS.BadNoData >>> 16;
    if (isMarker && this.#firstTime === Number.POSITIVE_INFINITY) return;
    this.#noteTime(time);
    const next = this.#incoming;
    next.fill(run, row, qualityOf(run, row, this.#options.treatUncertainAsBad));
    if (next.quality === Quality.bad && this.#recipe.points === 'usable') {
      this.#link?.passOver(time);
      return;
    }
    while (!this.isComplete && time >= this.#to) this.#close(next);
    if (this.isComplete) return;
    if (time >= this.#from) {
      this.#facts.add(next);
      if (this.#link) this.#reach(this.#link, next);
    } else this.#facts.remember(next);
    this.#link?.moveTo(next);
  }

  /** Rows that are good numbers, in stretches that belong to one interval. */
  #pushPlain(run: SampleRun, start: number, end: number): void {
    const { times } = run;
    this.#noteTime(times[start]);
    for (let row = start; row < end; ) {
      if (this.#link) this.#incoming.fillPlain(run, row);
      while (!this.isComplete && times[row] >= this.#to) this.#close(this.#incoming);
      if (this.isComplete) return;
      const isInside = times[row] >= this.#from;
      if (isInside && this.#isSum) {
        row = this.#facts.sumBefore(run, row, end, this.#to);
        continue;
      }
      const bound = isInside ? this.#to : this.#from;
      let stop = row + 1;
      if (times[end - 1] < bound) stop = end;
      else while (times[stop] < bound) stop++;
      if (isInside) this.#takeRows(run, row, stop);
      else this.#facts.rememberRow(run, stop - 1);
      this.#link?.moveAlong(run, row, stop);
      row = stop;
    }
    this.#noteTime(times[end - 1]);
  }

  /** Rows of the interval, of which the first is the incoming sample. */
  #takeRows(run: SampleRun, row: number, stop: number): void {
    const link = this.#link;
    this.#facts.addRows(run, row, stop);
    if (!link) return;
    this.#reach(link, this.#incoming);
    this.#facts.addRowSpans(run, row, stop, link.isSloped);
    if (this.#needsBounds && run.times[row] === this.#facts.low) this.#supersede(link, run, row, stop);
  }

  /** Of several samples at the start of the interval, the last is the value there. */
  #supersede(link: SampleLink, run: SampleRun, row: number, stop: number): void {
    let last = row;
    while (last + 1 < stop && run.times[last + 1] === run.times[row]) last++;
    this.#incoming.fillPlain(run, last);
    link.setLowBound(this.#incoming);
  }

  #noteTime(time: number): void {
    if (this.#firstTime === Number.POSITIVE_INFINITY) this.#firstTime = time;
    this.#lastTime = time;
  }

  /** Accounts for the time up to a point inside the interval. */
  #reach(link: SampleLink, next: SamplePoint): void {
    if (this.#needsBounds && (!this.#hasLowBound || next.time === this.#facts.low)) {
      link.setLowBound(next);
      this.#hasLowBound = true;
    }
    link.addSpansTo(next);
  }

  /** Concludes the interval, behind which `next` lies; without it there are no more data. */
  #close(next: SamplePoint | undefined): void {
    if (this.#to <= this.#firstTime) {
      this.#concludeWithoutData();
      return;
    }
    if (this.#link) {
      this.#link.addSpansToHigh(next);
      if (this.#needsBounds) {
        if (!this.#hasLowBound) this.#link.setLowBound(next);
        this.#link.setHighBound(next);
      }
    }
    this.#conclude(next === undefined && this.#facts.high > this.#lastTime);
  }

  #concludeWithoutData(): void {
    this.#results.putNone(this.#plan.rowOf(this.#interval), this.#facts.start, AGGREGATE_STATUS.NoData);
    this.#openNext();
  }

  #conclude(endsBehindData: boolean): void {
    const facts = this.#facts;
    const row = this.#plan.rowOf(this.#interval);
    if (facts.isInvalid) this.#results.putNone(row, facts.start, AGGREGATE_STATUS.InvalidInputs);
    else {
      facts.isPartial = endsBehindData || facts.low < this.#firstTime || this.#interval === this.#plan.cut;
      if (this.#annotationTimes.length > 0) {
        facts.annotations = lowerBound(this.#annotationTimes, this.#to) - lowerBound(this.#annotationTimes, this.#from);
      }
      this.#recipe.conclude(facts, this.#results, row);
    }
    this.#openNext();
  }

  #openNext(): void {
    this.#interval++;
    if (this.isComplete) return;
    const low = this.#plan.edges[this.#interval];
    const high = this.#plan.edges[this.#interval + 1];
    // Times are whole microseconds: what is later than one of them is at least one microsecond later.
    this.#from = this.#plan.isReversed ? low + 1 : low;
    this.#to = this.#plan.isReversed ? high + 1 : high;
    this.#hasLowBound = false;
    this.#facts.open(low, high);
  }
}
