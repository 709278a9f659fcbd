/** Samples and an interval of them, and every question about bounds, regions and shares answered by looking at all of them again. */

import type { AggregateOptions } from '../aggregateOptions.ts';
import { AGGREGATE_STATUS, INFO } from '../aggregateStatus.ts';
import type { PlainSample } from './seriesRun.ts';

const { Good, SubNormal, Bad, NoData } = AGGREGATE_STATUS;

export interface SlowInterval {
  readonly low: number;
  readonly high: number;
  readonly isReversed: boolean;
  readonly isCut: boolean;
}

type Class = 'good' | 'uncertain' | 'bad';

export interface Bound {
  readonly time: number;
  readonly value: number;
  readonly class: Class;
  readonly isRaw: boolean;
  readonly status: number;
}

export interface Region {
  readonly class: Class;
  readonly us: number;
  readonly from: number;
  readonly to: number;
}

/** Samples hold numbers or nothing, and have different times. */
export class SlowData {
  /** Without the marker "point created". */
  readonly samples: readonly PlainSample[];
  readonly #interval: SlowInterval;
  readonly #options: AggregateOptions;

  constructor(samples: readonly PlainSample[], interval: SlowInterval, options: AggregateOptions) {
    const first = samples.findIndex(({ status }) => status >>> 16 !== NoData >>> 16);
    this.samples = first < 0 ? [] : samples.slice(first);
    this.#interval = interval;
    this.#options = options;
  }

  classOf({ value, status }: PlainSample): Class {
    if (value === null || !Number.isFinite(value as number)) return 'bad';
    const severity = status >>> 30;
    if (severity === 0) return 'good';
    return severity === 1 && !this.#options.treatUncertainAsBad ? 'uncertain' : 'bad';
  }

  belongs(time: number): boolean {
    const { low, high, isReversed } = this.#interval;
    return isReversed ? time > low && time <= high : time >= low && time < high;
  }

  get inside(): readonly PlainSample[] {
    return this.samples.filter(({ time }) => this.belongs(time));
  }

  insideOf(...classes: readonly Class[]): readonly PlainSample[] {
    return this.inside.filter((sample) => classes.includes(this.classOf(sample)));
  }

  get lastTime(): number {
    return this.samples.at(-1)?.time ?? Number.NaN;
  }

  get partial(): number {
    const { low, high, isCut } = this.#interval;
    return low < this.samples[0].time || high > this.lastTime || isCut ? INFO.partial : 0;
  }

  /** 3.1.9, and 3.1.8 where only the usable samples are looked at. */
  bound(time: number, usableOnly: boolean, isSloped = !this.#options.stepped): Bound {
    const none = { time, value: Number.NaN, class: 'bad', isRaw: false, status: NoData } as const;
    const points = usableOnly ? this.samples.filter((sample) => this.classOf(sample) !== 'bad') : this.samples;
    const raw = points.find((sample) => sample.time === time);
    if (raw) {
      if (this.classOf(raw) === 'bad') return none;
      return { time, value: raw.value as number, class: this.classOf(raw), isRaw: true, status: raw.status };
    }
    const before = points.findLast((sample) => sample.time < time);
    const after = points.find((sample) => sample.time > time);
    if (!before || this.classOf(before) === 'bad') return none;
    const estimate = (value: number, isGood: boolean): Bound => {
      return { time, value, class: isGood ? 'good' : 'uncertain', isRaw: false, status: isGood ? Good : SubNormal };
    };
    const held = before.value as number;
    if (!after) {
      if (!usableOnly) return none;
      const second = points.findLast((sample) => sample.time < before.time);
      const goesOn = isSloped && this.#options.useSlopedExtrapolation && second;
      return estimate(goesOn ? lineAt(second, before, time) : held, false);
    }
    const isBeforeGood = this.classOf(before) === 'good';
    const passedOver = (until: number) => this.samples.some((of) => of.time > before.time && of.time < until);
    if (!isSloped) return estimate(held, isBeforeGood && !(usableOnly && passedOver(time + 1)));
    if (this.classOf(after) === 'bad') return estimate(held, false);
    const isGood = isBeforeGood && this.classOf(after) === 'good' && !(usableOnly && passedOver(after.time));
    return estimate(lineAt(before, after, time), isGood);
  }

  /** The interval from point to point; `held`: each region is as the point or the bound with which it begins. */
  regions(usableOnly: boolean, shape: 'tag' | 'line' | 'held'): readonly Region[] {
    const { low, high } = this.#interval;
    const { stepped, useSlopedExtrapolation } = this.#options;
    const boundIsSloped = shape === 'line' || !stepped;
    const isSloped = shape !== 'held' && boundIsSloped;
    const end = usableOnly ? high : Math.min(high, Math.max(low, this.lastTime) + 1000);
    const cuts = this.samples.map(({ time }) => time).filter((time) => time > low && time < end);
    const edges = [low, ...cuts, end];
    const regions: Region[] = [];
    for (let at = 1; at < edges.length; at++) {
      const [from, to] = [edges[at - 1], edges[at]];
      const start = this.bound(from, usableOnly, boundIsSloped);
      const isTail = !usableOnly && from >= this.lastTime;
      const goesOn =
        usableOnly && start.class !== 'bad' && !this.samples.some((of) => of.time > from && this.classOf(of) !== 'bad');
      if (isTail && isSloped && useSlopedExtrapolation) regions.push({ class: 'bad', us: to - from, from: 0, to: 0 });
      else if (!isSloped || isTail) {
        regions.push({ class: goesOn ? 'uncertain' : start.class, us: to - from, from: start.value, to: start.value });
      } else {
        // The class of a line shows in its middle.
        const middle = this.bound((from + to) / 2, usableOnly, true);
        const line = 2 * middle.value - start.value;
        regions.push({
          class: start.class === 'bad' ? 'bad' : middle.class,
          us: to - from,
          from: start.value,
          to: line,
        });
      }
    }
    return regions;
  }

  byCount(): number {
    const count = this.inside.length;
    return count === 0 ? Good : this.share(this.insideOf('good').length, this.insideOf('bad').length, count);
  }

  byTime(regions: readonly Region[]): number {
    const isBad = ({ class: of }: Region) => of === 'bad' || (of === 'uncertain' && this.#options.treatUncertainAsBad);
    const total = sumOf(regions, ({ us }) => us);
    const bad = sumOf(regions.filter(isBad), ({ us }) => us);
    return total === 0 ? Bad : this.share(total - bad, bad, total);
  }

  share(good: number, bad: number, total: number): number {
    const { percentDataGood, percentDataBad } = this.#options;
    if ((good / total) * 100 >= percentDataGood) return Good;
    return (bad / total) * 100 >= percentDataBad ? Bad : SubNormal;
  }
}

function lineAt(a: PlainSample, b: PlainSample, time: number): number {
  const [from, to] = [a.value as number, b.value as number];
  return ((time - a.time) * (to - from)) / (b.time - a.time) + from;
}

export function sumOf<T>(all: readonly T[], numberOf: (one: T) => number): number {
  return all.reduce((sum, one) => sum + numberOf(one), 0);
}
