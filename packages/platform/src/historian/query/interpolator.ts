/**
 * Values at given times from the raw samples of a tag: OPC UA Part 13 (OPC 10000-13, v1.05), 5.4.3.3 Interpolative, with
 * the interpolation of 3.1.6 to 3.1.9 and the example data of Annex A.
 *
 * - At the very time of a usable sample: that sample, as it was stored.
 * - Between two usable samples: a line between them, or, where the tag is stepped, the value before. Good, unless a sample
 *   that is not good takes part or was passed over: then UncertainDataSubNormal.
 * - Behind the last usable sample: its value, or the line through the last two where `slopedExtrapolation` asks for it;
 *   always UncertainDataSubNormal.
 * - Before the first one: BadNoData, without a value.
 *
 * Usable is a sample that has a value and is not bad; an uncertain one is bad where `treatUncertainAsBad` says so (4.2.1.2).
 */

import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { STATUS, severityOf } from '@tidegate/core/sample/statusCode.ts';
import { blankRun, kindOf, type SampleRun } from '../archive/sampleRun.ts';

/** What the status of a computed value carries beside its code: info type DataValue, and "interpolated" (Part 4, 7.39). */
const INTERPOLATED_BITS = 0x0402;
const GOOD = STATUS.Good | INTERPOLATED_BITS;
const SUB_NORMAL = STATUS.UncertainDataSubNormal | INTERPOLATED_BITS;

export interface InterpolationOptions {
  readonly stepped: boolean;
  /** An uncertain sample is passed over as a bad one is. Not by default: an uncertain value is the best there is. */
  readonly treatUncertainAsBad?: boolean;
  /** The line through the last two usable samples goes on behind them. Not by default: plants do not go on so. */
  readonly slopedExtrapolation?: boolean;
}

interface Point {
  readonly time: number;
  readonly value: number | string;
  readonly status: number;
}

/** Takes raw samples in order of time and fills in one result after another. */
export class Interpolator {
  /** The times are `start`, `start + interval`, ... before `end`. */
  readonly columns: SampleRun;
  readonly #strings: string[] = [];
  readonly #options: InterpolationOptions;
  #filled = 0;
  /** The last usable sample and the one before it. */
  #before: Point | undefined;
  #secondBefore: Point | undefined;
  /** When the first sample came that was passed over since `#before`. */
  #passedOverAt = Number.POSITIVE_INFINITY;

  constructor(start: number, end: number, interval: number, options: InterpolationOptions) {
    const count = Math.max(0, Math.ceil((end - start) / interval));
    this.columns = blankRun(count, this.#strings);
    for (let at = 0; at < count; at++) this.columns.times[at] = start + at * interval;
    this.#options = options;
  }

  /** True where no further sample can change a result. */
  get isComplete(): boolean {
    return this.#filled === this.columns.times.length;
  }

  push(time: number, value: SampleValue, status: number): void {
    if (!this.isUsable(value, status)) {
      if (this.#options.stepped) this.#fillBefore(time, undefined);
      this.#passedOverAt = Math.min(this.#passedOverAt, time);
      return;
    }
    const point: Point = { time, value, status };
    this.#fillBefore(time, point);
    // Of several samples of one time the last counts.
    if (this.#before?.time !== time) this.#secondBefore = this.#before;
    this.#before = point;
    this.#passedOverAt = Number.POSITIVE_INFINITY;
  }

  /** Fills in what lies behind the last sample. */
  finish(): SampleRun {
    const { times } = this.columns;
    while (this.#filled < times.length) {
      const time = times[this.#filled];
      if (this.#before === undefined) this.#put(null, STATUS.BadNoData);
      else if (time === this.#before.time) this.#put(this.#before.value, this.#before.status);
      else this.#put(this.#extrapolated(this.#before, time), SUB_NORMAL);
    }
    return this.columns;
  }

  /** Fills in the times before `end`, which lie between the last usable sample and `after`. */
  #fillBefore(end: number, after: Point | undefined): void {
    const { times } = this.columns;
    for (; this.#filled < times.length && times[this.#filled] < end; ) {
      const time = times[this.#filled];
      const before = this.#before;
      if (!before) this.#put(null, STATUS.BadNoData);
      else if (time === before.time) this.#put(before.value, before.status);
      else if (!this.#options.stepped && isNumber(before) && after && isNumber(after)) {
        const isGood = this.#passedOverAt === Number.POSITIVE_INFINITY && isGoodPoint(before) && isGoodPoint(after);
        this.#put(onLine(before, after, time), isGood ? GOOD : SUB_NORMAL);
      } else this.#put(before.value, this.#passedOverAt > time && isGoodPoint(before) ? GOOD : SUB_NORMAL);
    }
  }

  #extrapolated(last: Point, time: number): SampleValue {
    const second = this.#secondBefore;
    const isSloped = this.#options.slopedExtrapolation && !this.#options.stepped;
    return isSloped && second && isNumber(second) && isNumber(last) ? onLine(second, last, time) : last.value;
  }

  /** Whether a sample counts; the others only cast doubt on what is computed across them. */
  isUsable(value: SampleValue, status: number): value is number | string {
    if (value === null) return false;
    const severity = severityOf(status);
    return severity === 'good' || (severity === 'uncertain' && !this.#options.treatUncertainAsBad);
  }

  #put(value: SampleValue, status: number): void {
    const { values, kinds } = this.columns;
    kinds[this.#filled] = kindOf(value);
    values[this.#filled] = typeof value === 'string' ? this.#strings.push(value) - 1 : (value ?? 0);
    this.columns.statuses[this.#filled++] = status;
  }
}

type NumberPoint = Point & { readonly value: number };

/** A text cannot be interpolated: it is held until the next sample, whatever the definition of its tag says. */
function isNumber(point: Point): point is NumberPoint {
  return typeof point.value === 'number';
}

function onLine(a: NumberPoint, b: NumberPoint, time: number): number {
  return a.value + ((b.value - a.value) / (b.time - a.time)) * (time - a.time);
}

function isGoodPoint(point: Point): boolean {
  return severityOf(point.status) === 'good';
}
