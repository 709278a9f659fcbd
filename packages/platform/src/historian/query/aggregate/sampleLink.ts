/** What is known between two points: the last one and the next one, or, behind the last sample, nothing more. */

import type { SampleRun } from '../../archive/sampleRun.ts';
import type { AggregateOptions } from './aggregateOptions.ts';
import type { BoundValue } from './boundValue.ts';
import type { IntervalFacts } from './intervalFacts.ts';
import { TIME_RESOLUTION_US } from './intervalPlan.ts';
import type { Recipe } from './recipes.ts';
import { onLine, Quality, SamplePoint } from './samplePoint.ts';

const NEVER = Number.POSITIVE_INFINITY;

export class SampleLink {
  /** The value between two points is on the line between them rather than that of the earlier one. */
  readonly isSloped: boolean;
  /** The line through the last two points goes on behind them. */
  readonly looksBackTwice: boolean;
  readonly #boundIsSloped: boolean;
  readonly #usableOnly: boolean;
  readonly #isNumeric: boolean;
  readonly #extrapolatesSloped: boolean;
  readonly #facts: IntervalFacts;
  readonly #last = new SamplePoint();
  /** The point before the last one, at another time. */
  readonly #secondLast = new SamplePoint();
  /** When the first bad sample came that was passed over since the last point. */
  #passedOverAt = NEVER;

  constructor(recipe: Recipe, options: AggregateOptions, facts: IntervalFacts) {
    this.#boundIsSloped = recipe.shape === 'line' || !options.stepped;
    this.isSloped = this.#boundIsSloped && recipe.shape !== 'held';
    this.#usableOnly = recipe.points === 'usable';
    this.#isNumeric = recipe.needs.numeric === true;
    this.#extrapolatesSloped = this.isSloped && options.useSlopedExtrapolation;
    this.looksBackTwice = this.#extrapolatesSloped && this.#usableOnly;
    this.#facts = facts;
  }

  /** A bad sample that is no point. */
  passOver(time: number): void {
    this.#passedOverAt = Math.min(this.#passedOverAt, time);
  }

  /** `next` becomes the last point. */
  moveTo(next: SamplePoint): void {
    // Of several samples of one time the last counts.
    if (this.looksBackTwice && this.#last.exists && this.#last.time !== next.time) this.#secondLast.copy(this.#last);
    this.#last.copy(next);
    this.#passedOverAt = NEVER;
  }

  /** The last of the rows, all of them good numbers, becomes the last point. */
  moveAlong(run: SampleRun, from: number, to: number): void {
    if (this.looksBackTwice) {
      let row = to - 2;
      while (row >= from && run.times[row] === run.times[to - 1]) row--;
      if (row >= from) this.#secondLast.fillPlain(run, row);
      else if (this.#last.exists && this.#last.time !== run.times[to - 1]) this.#secondLast.copy(this.#last);
    }
    this.#last.fillPlain(run, to - 1);
    this.#passedOverAt = NEVER;
  }

  /** Tells the facts how the data are from the last point, or from the start of the interval if that is later, to `next`. */
  addSpansTo(next: SamplePoint): void {
    if (this.#isPlain(next)) this.#addPlain(next.time, next);
    else this.#addSpans(next.time, next);
  }

  /** The same up to the end of the interval, behind which `next` lies, if there are data at all behind it. */
  addSpansToHigh(next: SamplePoint | undefined): void {
    if (next && this.#isPlain(next)) this.#addPlain(this.#facts.high, next);
    else this.#addSpans(this.#facts.high, next);
  }

  /** Nothing but two good numbers: by far the most frequent case. */
  #isPlain(next: SamplePoint): boolean {
    const last = this.#last;
    if (last.quality !== Quality.good || next.quality !== Quality.good || this.#passedOverAt !== NEVER) return false;
    return last.text === undefined && next.text === undefined && !this.#facts.needs.states;
  }

  #addPlain(to: number, next: SamplePoint): void {
    const [last, facts] = [this.#last, this.#facts];
    const from = Math.max(last.time, facts.low);
    if (from >= to) return;
    facts.goodUs += to - from;
    if (!facts.needs.area) return;
    // The area below a line is that of its middle.
    if (this.isSloped) facts.area += onLine(last, next, (from + to) / 2) * (to - from);
    else facts.area += last.value * (to - from);
  }

  #addSpans(high: number, next: SamplePoint | undefined): void {
    const last = this.#last;
    const { low } = this.#facts;
    const from = last.exists && last.time > low ? last.time : low;
    if (from >= high) return;
    if (!last.exists || last.quality === Quality.bad) {
      this.#facts.addSpan(Quality.bad, this.#dataEnd(high, next) - from, 0, 0);
      return;
    }
    if (this.#isNumeric && last.text !== undefined) this.#facts.isInvalid = true;
    if (next) this.#addBetween(from, high, next);
    else if (this.#usableOnly) this.#addExtrapolated(from, high);
    else this.#addLast(from, this.#dataEnd(high, next));
  }

  /** Behind the last sample, data that are not extrapolated end with the resolution of time. */
  #dataEnd(high: number, next: SamplePoint | undefined): number {
    if (next || this.#usableOnly || !this.#last.exists) return high;
    return Math.min(high, this.#last.time + TIME_RESOLUTION_US);
  }

  #addBetween(from: number, to: number, next: SamplePoint): void {
    const last = this.#last;
    if (this.#isLine(this.isSloped, next)) {
      this.#facts.addSpan(
        this.#qualityAt(true, from, next),
        to - from,
        onLine(last, next, from),
        onLine(last, next, to),
      );
      return;
    }
    // Where the interval begins between two samples, it begins with its bounding value, even if that is then held.
    const startsAtBound = from > last.time;
    const quality = this.isSloped || startsAtBound ? this.#qualityAt(this.#boundIsSloped, from, next) : last.quality;
    const value = startsAtBound ? this.#valueAt(this.#boundIsSloped, from, next) : last.value;
    const doubtfulFrom = Math.min(Math.max(from, this.#passedOverAt), to);
    if (doubtfulFrom > from) this.#facts.addSpan(quality, doubtfulFrom - from, value, value);
    if (to > doubtfulFrom) this.#facts.addSpan(Quality.uncertain, to - doubtfulFrom, value, value);
  }

  #addExtrapolated(from: number, to: number): void {
    this.#facts.addSpan(Quality.uncertain, to - from, this.#extrapolated(from), this.#extrapolated(to));
  }

  /**
   * The last sample holds for the resolution of time; not so where lines are to go on behind it, because simple bounding
   * values cannot (the tables of Historian2: TimeAverage2 and Total2 of the last interval are Bad).
   */
  #addLast(from: number, to: number): void {
    const { value, quality } = this.#last;
    this.#facts.addSpan(this.#extrapolatesSloped ? Quality.bad : quality, to - from, value, value);
  }

  /** The value at the earlier end of the interval, which is not before the last point and not behind `next`. */
  setLowBound(next: SamplePoint | undefined): void {
    this.#setBound(this.#facts.lowBound, this.#facts.low, next);
  }

  setHighBound(next: SamplePoint | undefined): void {
    this.#setBound(this.#facts.highBound, this.#facts.high, next);
  }

  #setBound(bound: BoundValue, time: number, next: SamplePoint | undefined): void {
    const last = this.#last;
    if (next?.time === time) bound.setRaw(next);
    else if (last.exists && last.time === time) bound.setRaw(last);
    else if (!last.exists || last.quality === Quality.bad) bound.setNone(time);
    else if (next) {
      const isSloped = this.#boundIsSloped;
      bound.setEstimate(time, this.#valueAt(isSloped, time, next), last.text, this.#qualityAt(isSloped, time, next));
    } else if (this.#usableOnly) bound.setEstimate(time, this.#extrapolated(time), last.text, Quality.uncertain);
    else bound.setNone(time);
  }

  /** A text cannot be interpolated, nor can anything be drawn towards a bad sample. */
  #isLine(isSloped: boolean, next: SamplePoint): boolean {
    return isSloped && this.#last.text === undefined && next.text === undefined && next.quality !== Quality.bad;
  }

  #valueAt(isSloped: boolean, time: number, next: SamplePoint): number {
    return this.#isLine(isSloped, next) ? onLine(this.#last, next, time) : this.#last.value;
  }

  /** Uncertain where an end of the line is, where a line is wanted and cannot be drawn, or where a bad sample was passed over. */
  #qualityAt(isSloped: boolean, time: number, next: SamplePoint): Quality {
    if (this.#isLine(isSloped, next)) {
      if (this.#passedOverAt !== NEVER) return Quality.uncertain;
      return this.#last.quality === Quality.good ? next.quality : Quality.uncertain;
    }
    if (time >= this.#passedOverAt || (isSloped && next.quality === Quality.bad)) return Quality.uncertain;
    return this.#last.quality;
  }

  #extrapolated(time: number): number {
    const [second, last] = [this.#secondLast, this.#last];
    const isLine = this.looksBackTwice && second.exists && second.text === undefined && last.text === undefined;
    return isLine ? onLine(second, last, time) : last.value;
  }
}
