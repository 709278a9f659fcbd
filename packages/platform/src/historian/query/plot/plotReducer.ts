/**
 * Plot values: of all samples the few from which a picture of a given width is drawn, and looks like the picture of all.
 *
 * The range is cut into as many intervals as the picture has columns of pixels. Of each interval there remain, as they were
 * stored, with their own times and statuses: the first and the last sample, the least and the greatest number, and the first
 * exception, five at most (the plot values of the PI System, of which other historians' best-fit retrieval is a variant).
 *
 * - An exception is a sample that breaks the line: it is bad, has no value, or is no finite number. Where an interval has
 *   none, the first uncertain sample is kept in its place.
 * - Of an interval of strings there remain the first two changes in place of the least and the greatest.
 * - What is equal in time, value and status is kept once. Of the samples outside of the range there remain the last one
 *   before its start and the first one at or after its end, so that the line enters and leaves the picture.
 *
 * Lines between neighbours, sloped or stepped, that end at an exception, then cover in each column of pixels the same span
 * of values as those of all samples, and have their gaps in the same columns.
 */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { RunSummary } from '../../archive/runSummary.ts';
import { lowerBound, type SampleRun } from '../../archive/sampleRun.ts';
import { type PixelIntervals, pixelIntervals } from './pixelIntervals.ts';
import { PlotColumns } from './plotColumns.ts';
import { PlotPoint } from './plotPoint.ts';

/** Severity bits of OPC UA Part 4, 7.39: what is below the first is good, and below the second uncertain. */
const UNCERTAIN = 0x40000000;
const BAD = 0x80000000;

const RANK = { none: 0, uncertain: 1, gap: 2 } as const;

/** Takes the samples of one tag in order of time. */
export class PlotReducer {
  /** It takes summaries of blocks, too, of which it asks little. */
  readonly inBlocks = true;
  readonly #intervals: PixelIntervals;
  readonly #end: number;
  readonly #kept: PlotColumns;
  readonly #before = new PlotPoint();
  readonly #after = new PlotPoint();
  /** What is known of the interval that is being filled. */
  #interval = -1;
  readonly #first = new PlotPoint();
  readonly #last = new PlotPoint();
  readonly #least = new PlotPoint();
  readonly #greatest = new PlotPoint();
  readonly #exception = new PlotPoint();
  /** The summaries that some of these are of, where they have not been asked yet when and what exactly the sample was. */
  #firstOf: RunSummary | undefined;
  #lastOf: RunSummary | undefined;
  #leastOf: RunSummary | undefined;
  #greatestOf: RunSummary | undefined;
  #exceptionRank: number = RANK.none;
  #text: string | undefined;
  readonly #changes = [new PlotPoint(), new PlotPoint()];

  /** `start` and `end` in µs, `start < end`; `width` in pixels, from 1. */
  constructor(start: number, end: number, width: number) {
    this.#intervals = pixelIntervals(start, end, width);
    this.#end = end;
    this.#kept = new PlotColumns(5 * width + 2);
  }

  /** Takes samples that follow those before. Those outside of the range are welcome: they bound the line. */
  push(run: SampleRun): void {
    const { times } = run;
    const [start] = this.#intervals.edges;
    let row = times[0] < start ? lowerBound(times, start) : 0;
    if (row > 0) this.#before.setRow(run, row - 1);
    while (row < times.length && times[row] < this.#end) {
      this.#enter(this.#intervals.at(times[row]));
      row = this.#takeRows(run, row);
    }
    if (row < times.length && !this.#after.isSet) this.#after.setRow(run, row);
  }

  /**
   * Whether samples from `firstTime` to `lastTime`, or before, may be pushed as their summary: they lie in one interval, and
   * each of them has the status Good. Where one has bits beside (`RunSummary.statusBits`) the samples themselves must be pushed,
   * because a summary does not tell which.
   */
  wantsWhole(firstTime: number, lastTime: number, statusBits = 0): boolean {
    const { edges } = this.#intervals;
    if (statusBits !== 0 || firstTime < edges[0] || lastTime >= this.#end) return false;
    return lastTime < edges[this.#intervals.at(firstTime) + 1];
  }

  /**
   * Takes a summary in place of the samples that follow those before, and asks it for little: for the first and the last
   * sample, or when the least and the greatest came, only where these remain. Throws where it is not wanted so.
   */
  pushSummary(summary: RunSummary): void {
    const { firstTime, min, max } = summary;
    const [start] = this.#intervals.edges;
    if (summary.statusBits !== 0 || !(firstTime >= start && firstTime < this.#end)) {
      throw new Error(`A summary of samples from ${firstTime} on does not tell what a plot needs to know.`);
    }
    this.#enter(this.#intervals.at(firstTime));
    if (!this.#first.isSet) {
      this.#first.isSet = true;
      this.#firstOf = summary;
    }
    if (!(this.#least.isSet && this.#least.value <= min)) {
      this.#least.setGoodNumber(firstTime, min);
      this.#leastOf = summary;
    }
    if (!(this.#greatest.isSet && this.#greatest.value >= max)) {
      this.#greatest.setGoodNumber(firstTime, max);
      this.#greatestOf = summary;
    }
    this.#lastOf = summary;
  }

  /** The samples that remain, in order of time. */
  finish(): SampleRun {
    this.#leave();
    if (this.#after.isSet) this.#kept.add(this.#after);
    return this.#kept.toRun();
  }

  #enter(interval: number): void {
    if (interval === this.#interval) return;
    this.#leave();
    this.#interval = interval;
  }

  /** Takes the rows from `row` on that lie in the current interval, and tells where they end. */
  #takeRows(run: SampleRun, row: number): number {
    const { times, values, kinds, statuses, isPlain } = run;
    const edge = this.#intervals.edges[this.#interval + 1];
    let least = this.#least.isSet ? this.#least.value : Number.POSITIVE_INFINITY;
    let greatest = this.#greatest.isSet ? this.#greatest.value : Number.NEGATIVE_INFINITY;
    let [leastRow, greatestRow] = [-1, -1];
    if (!this.#first.isSet) this.#first.setRow(run, row);
    const end = times[times.length - 1] < edge ? times.length : lowerBound(times, edge);
    for (; row < end; row++) {
      const value = values[row];
      const status = isPlain ? 0 : statuses[row];
      // The difference is 0 for finite numbers only.
      const isNumber = isPlain || (kinds[row] === ValueKind.number && value - value === 0);
      if (isNumber && status < BAD) {
        if (value < least) {
          least = value;
          leastRow = row;
        }
        if (value > greatest) {
          greatest = value;
          greatestRow = row;
        }
      }
      if (!isNumber || status >= UNCERTAIN) this.#takeOther(run, row, isNumber);
    }
    if (leastRow >= 0) {
      this.#least.setRow(run, leastRow);
      this.#leastOf = undefined;
    }
    if (greatestRow >= 0) {
      this.#greatest.setRow(run, greatestRow);
      this.#greatestOf = undefined;
    }
    this.#last.setRow(run, row - 1);
    this.#lastOf = undefined;
    return row;
  }

  /** Takes a row that is anything but a good number. */
  #takeOther(run: SampleRun, row: number, isNumber: boolean): void {
    const status = run.statuses[row];
    const isString = run.kinds[row] === ValueKind.string;
    const isGap = status >= BAD || !(isNumber || isString);
    const rank = isGap ? RANK.gap : status >= UNCERTAIN ? RANK.uncertain : RANK.none;
    if (rank > this.#exceptionRank) {
      this.#exceptionRank = rank;
      this.#exception.setRow(run, row);
    }
    if (!isString || isGap) return;
    const text = run.strings[run.values[row]];
    if (this.#text !== undefined && text !== this.#text)
      this.#changes.find((change) => !change.isSet)?.setRow(run, row);
    this.#text = text;
  }

  /** Completes the points that summaries stand for. */
  #askSummaries(): void {
    const [first, last, least, greatest] = [this.#firstOf, this.#lastOf, this.#leastOf, this.#greatestOf];
    if (first) this.#first.setGoodNumber(first.firstTime, first.first);
    if (last) this.#last.setGoodNumber(last.lastTime, last.last);
    if (least) this.#least.setGoodNumber(least.minTime, least.min);
    if (greatest) this.#greatest.setGoodNumber(greatest.maxTime, greatest.max);
    this.#firstOf = this.#lastOf = this.#leastOf = this.#greatestOf = undefined;
  }

  /** Keeps what is to remain of the current interval, and forgets it. */
  #leave(): void {
    if (this.#interval < 0) {
      if (this.#before.isSet) this.#kept.add(this.#before);
      return;
    }
    this.#askSummaries();
    const [earlier, later] = this.#least.isSet ? [this.#least, this.#greatest] : this.#changes;
    const inner = [this.#exception, earlier, later];
    inner.sort((a, b) => a.time - b.time);
    this.#kept.addDistinct(this.#first, inner, this.#last);
    this.#exceptionRank = RANK.none;
    this.#text = undefined;
    for (const point of [this.#first, this.#last, this.#least, this.#greatest, this.#exception, ...this.#changes]) {
      point.isSet = false;
    }
  }
}

/** Plot values of samples that are at hand as a whole; see `PlotReducer`. */
export function plotValues(run: SampleRun, start: number, end: number, width: number): SampleRun {
  const reducer = new PlotReducer(start, end, width);
  reducer.push(run);
  return reducer.finish();
}
