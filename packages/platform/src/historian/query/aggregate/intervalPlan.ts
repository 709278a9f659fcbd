/** Cuts a range of time into the intervals for which results are wanted (OPC 10000-13, 5.4.2.2). */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** The end of data is known to this resolution, as in the tables of Annex A: a last sample holds for so long (3.1.3, 5.4.2.4). */
export const TIME_RESOLUTION_US = 1_000;

/**
 * Intervals that adjoin, in ascending order whatever the direction of the query. Forwards an interval includes its earlier
 * end, backwards its later one; either is its start, with which its result is stamped.
 */
export class IntervalPlan {
  /** One more than there are intervals: interval `i` reaches from `edges[i]` to `edges[i + 1]`, in whole microseconds. */
  readonly edges: Float64Array;
  readonly isReversed: boolean;
  /** The interval that is shorter than the others because they do not divide the range evenly; -1 where there is none. */
  readonly cut: number;

  private constructor(edges: Float64Array, isReversed: boolean, cut: number) {
    this.edges = edges;
    this.isReversed = isReversed;
    this.cut = cut;
  }

  get count(): number {
    return this.edges.length - 1;
  }

  /** The earliest and the latest time that belong to an interval. */
  get earliest(): number {
    return this.edges[0];
  }

  get latest(): number {
    return this.edges[this.count];
  }

  /** Place of interval `i` among the results, which come in the order of the query. */
  rowOf(interval: number): number {
    return this.isReversed ? this.count - 1 - interval : interval;
  }

  /** The interval to which a time belongs; below 0 or at least `count` for a time outside. */
  intervalAt(time: number): number {
    const { edges } = this;
    let [low, high] = [0, edges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.isReversed ? edges[middle] < time : edges[middle] <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /**
   * From `start` to `end` every `intervalUs`, backwards where `end` is the earlier; an interval of 0, or one longer than
   * the range, means the whole range. Fault `request.invalid` where start and end are the same (BadInvalidArgument), a
   * number is not whole, or there would be more than `maxCount` intervals.
   */
  static ofRange(start: number, end: number, intervalUs: number, maxCount: number): Result<IntervalPlan> {
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || !Number.isSafeInteger(intervalUs)) {
      return failure('request.invalid', 'start, end and interval must be whole microseconds.');
    }
    if (start === end) return failure('request.invalid', 'start and end are the same: there is no interval between.');
    if (intervalUs < 0) return failure('request.invalid', 'The interval must not be less than 0.');
    const range = Math.abs(end - start);
    const step = intervalUs === 0 ? range : Math.min(intervalUs, range);
    const count = Math.ceil(range / step);
    if (count > maxCount) {
      return failure('request.invalid', `${count} intervals are asked for, at most ${maxCount} are given at once.`);
    }
    const isReversed = end < start;
    const edges = new Float64Array(count + 1);
    for (let at = 0; at < count; at++) edges[isReversed ? count - at : at] = start + (isReversed ? -at : at) * step;
    edges[isReversed ? 0 : count] = end;
    const isCut = count * step !== range;
    return success(new IntervalPlan(edges, isReversed, isCut ? (isReversed ? 0 : count - 1) : -1));
  }

  /** Intervals that a calendar has made; `cut` is the one that is shorter than it should be, -1 where there is none. */
  static ofBoundaries(edges: Float64Array, isReversed: boolean, cut: number): IntervalPlan {
    return new IntervalPlan(edges, isReversed, cut);
  }

  /** Intervals that start at the given times, which ascend: for values at these very times. */
  static ofTimes(times: Float64Array): IntervalPlan {
    const edges = new Float64Array(times.length + 1);
    edges.set(times);
    if (times.length > 0) edges[times.length] = times[times.length - 1] + 1;
    return new IntervalPlan(edges, false, -1);
  }
}
