/** The samples of a tag over a window that moves on with time, in memory that has a limit. */

import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { WindowAggregate } from './timeWindow.ts';

/**
 * A window is kept in at most so many segments. Where a segment holds one sample everything is exact; of one that holds more,
 * what lies before the edge of the window is left out in proportion.
 */
export const WINDOW_SEGMENTS = 128;
const FIRST_CAPACITY = 8;
const US_PER_S = 1_000_000;

/** What a window comes to: no number where the status is bad. */
export interface WindowReading {
  value: number;
  status: number;
}

/**
 * A ring of segments, each of which begins with the first sample in its stretch of a fixed grid of time and ends where the
 * next one begins. Samples come in order of time. So the same samples make the same segments, live and from history.
 */
export class WindowSegments {
  readonly #widthUs: number;
  readonly #gridUs: number;
  #ring: readonly Segment[];
  #first = 0;
  #count = 0;
  /** The last sample: its value holds until the next. */
  #lastTime = Number.NEGATIVE_INFINITY;
  #lastValue = Number.NaN;

  constructor(widthUs: number) {
    this.#widthUs = widthUs;
    this.#gridUs = widthUs / WINDOW_SEGMENTS;
    this.#ring = Array.from({ length: FIRST_CAPACITY }, () => new Segment());
  }

  /** Time of the last sample; -Infinity before the first. */
  get lastTime(): number {
    return this.#lastTime;
  }

  /** `value` is NaN where there is none; a sample that is earlier than the last is left out, as no order can be kept. */
  add(time: number, value: number, isUncertain: boolean): void {
    if (time < this.#lastTime) return;
    if (this.#count > 0) this.#newest.hold(this.#lastValue, time - this.#lastTime);
    const grid = Math.floor(time / this.#gridUs);
    if (this.#count === 0 || this.#newest.grid !== grid) this.#open(grid, time);
    this.#newest.take(time, value, isUncertain);
    this.#lastTime = time;
    this.#lastValue = value;
    this.#drop(time - this.#widthUs);
  }

  /** The aggregate at `time`, which is not before the last sample. */
  read(aggregate: WindowAggregate, time: number, into: WindowReading): WindowReading {
    const edge = time - this.#widthUs;
    this.#drop(edge);
    const sum = TOTAL.reset();
    for (let at = 0; at < this.#count; at++) {
      const segment = this.#at(at);
      const isNewest = at === this.#count - 1;
      const end = isNewest ? this.#lastTime : this.#at(at + 1).firstTime;
      sum.add(segment, edge, end, isNewest);
    }
    sum.hold(this.#lastValue, time - Math.max(edge, this.#lastTime));
    into.value = sum.conclude(aggregate, time, this.#lastValue);
    into.status = statusOf(sum, aggregate, this.#widthUs, into.value);
    return into;
  }

  /** Takes over what another window of the same width holds; the other is used no more. */
  adopt(other: WindowSegments): void {
    this.#ring = other.#ring;
    this.#first = other.#first;
    this.#count = other.#count;
    this.#lastTime = other.#lastTime;
    this.#lastValue = other.#lastValue;
  }

  get #newest(): Segment {
    return this.#at(this.#count - 1);
  }

  #at(place: number): Segment {
    return this.#ring[(this.#first + place) % this.#ring.length];
  }

  #open(grid: number, time: number): void {
    if (this.#count === this.#ring.length) {
      const ordered = Array.from({ length: this.#count }, (_, place) => this.#at(place));
      this.#ring = [...ordered, ...ordered.map(() => new Segment())];
      this.#first = 0;
    }
    this.#count++;
    this.#newest.reset(grid, time);
  }

  /** Lets go of segments that ended before the edge; the newest stays, because its last value still holds. */
  #drop(edge: number): void {
    while (this.#count > 1 && this.#at(1).firstTime <= edge) {
      this.#first = (this.#first + 1) % this.#ring.length;
      this.#count--;
    }
  }
}

/** Mean and spread of values weighted by how long each held (West, Communications of the ACM 22, 1979). */
class Moments {
  heldUs = 0;
  mean = 0;
  /** Sum of weighted squares of differences from the mean. */
  squares = 0;
  count = 0;
  sum = 0;
  least = Number.POSITIVE_INFINITY;
  greatest = Number.NEGATIVE_INFINITY;
  isUncertain = false;

  protected clear(): void {
    this.heldUs = 0;
    this.mean = 0;
    this.squares = 0;
    this.count = 0;
    this.sum = 0;
    this.least = Number.POSITIVE_INFINITY;
    this.greatest = Number.NEGATIVE_INFINITY;
    this.isUncertain = false;
  }

  /** A value held for so long; NaN is none. */
  hold(value: number, forUs: number): void {
    if (forUs <= 0 || Number.isNaN(value)) return;
    this.merge(forUs, value, 0);
    this.bound(value, value);
  }

  merge(heldUs: number, mean: number, squares: number): void {
    const total = this.heldUs + heldUs;
    if (total === 0) return;
    const difference = mean - this.mean;
    this.squares += squares + (difference * difference * this.heldUs * heldUs) / total;
    this.mean += (difference * heldUs) / total;
    this.heldUs = total;
  }

  bound(least: number, greatest: number): void {
    if (least < this.least) this.least = least;
    if (greatest > this.greatest) this.greatest = greatest;
  }
}

class Segment extends Moments {
  grid = 0;
  firstTime = 0;
  lastTime = 0;
  firstValue = Number.NaN;
  lastValue = Number.NaN;

  reset(grid: number, time: number): void {
    this.clear();
    this.grid = grid;
    this.firstTime = time;
    this.firstValue = Number.NaN;
  }

  take(time: number, value: number, isUncertain: boolean): void {
    this.lastTime = time;
    this.lastValue = value;
    if (Number.isNaN(value)) return;
    if (Number.isNaN(this.firstValue)) this.firstValue = value;
    this.count++;
    this.sum += value;
    this.bound(value, value);
    this.isUncertain ||= isUncertain;
  }
}

class Total extends Moments {
  /** The earliest value in the window, and from when on it is known. */
  first = Number.NaN;
  firstTime = Number.NaN;

  reset(): this {
    this.clear();
    this.first = Number.NaN;
    this.firstTime = Number.NaN;
    return this;
  }

  /** Adds what of the segment, whose span ends at `end`, lies behind `edge`. */
  add(segment: Segment, edge: number, end: number, isNewest: boolean): void {
    const { firstTime, lastTime } = segment;
    const isWhole = firstTime > edge;
    const span = end - firstTime;
    const part = isWhole ? 1 : span > 0 ? Math.max(0, (end - edge) / span) : 0;
    this.merge(segment.heldUs * part, segment.mean, segment.squares * part);
    if (part > 0 || (isNewest && isWhole)) {
      this.bound(segment.least, segment.greatest);
      this.isUncertain ||= segment.isUncertain;
    }
    const samples = isWhole ? 1 : lastTime > firstTime ? Math.max(0, (lastTime - edge) / (lastTime - firstTime)) : 0;
    this.count += Math.round(segment.count * samples);
    this.sum += segment.sum * samples;
    if (!Number.isNaN(this.first) || Number.isNaN(segment.firstValue)) return;
    this.firstTime = Math.max(edge, firstTime);
    const { firstValue, lastValue } = segment;
    const isBetween = !isWhole && lastTime > firstTime && !Number.isNaN(lastValue);
    this.first = isBetween
      ? firstValue + (lastValue - firstValue) * Math.min(1, (edge - firstTime) / (lastTime - firstTime))
      : firstValue;
  }

  conclude(aggregate: WindowAggregate, time: number, last: number): number {
    switch (aggregate) {
      case 'count':
        return this.count;
      case 'sum':
        return this.count > 0 ? this.sum : 0;
      case 'min':
        return this.least;
      case 'max':
        return this.greatest;
      case 'avg':
        return this.heldUs > 0 ? this.mean : last;
      case 'stddev':
        return this.heldUs > 0 ? Math.sqrt(Math.max(0, this.squares / this.heldUs)) : 0 * last;
      case 'delta':
        return last - this.first;
      default:
        return (last - this.first) / ((time - this.firstTime) / US_PER_S);
    }
  }
}

/** Of reading; a reading ends before the next one begins. */
const TOTAL = new Total();

/** Uncertain where the value held for less than the whole window, or was itself uncertain. */
function statusOf({ heldUs, isUncertain }: Total, aggregate: WindowAggregate, widthUs: number, value: number): number {
  if (!Number.isFinite(value)) return STATUS.BadNoData;
  const isPartial = heldUs < widthUs * (1 - 1e-9) && aggregate !== 'count' && aggregate !== 'sum';
  return isPartial || isUncertain ? STATUS.UncertainDataSubNormal : STATUS.Good;
}
