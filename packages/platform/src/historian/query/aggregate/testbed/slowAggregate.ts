/**
 * The aggregates once more, straight from the text of OPC 10000-13: every question is answered by looking at all samples
 * again. Slow, and with nothing in common with the calculator but the table of statuses; samples have different times.
 */

import type { AggregateOptions } from '../aggregateOptions.ts';
import { AGGREGATE_STATUS, INFO } from '../aggregateStatus.ts';
import type { AggregateName } from '../aggregates.ts';
import type { PlainSample } from './seriesRun.ts';
import { type Region, SlowData, type SlowInterval, sumOf } from './slowData.ts';

const { Good, SubNormal, Bad, NoData } = AGGREGATE_STATUS;

export interface SlowResult {
  readonly time: number;
  readonly value: number | string | null;
  readonly status: number;
}

/** Samples hold numbers or nothing. */
export class SlowAggregate {
  readonly #data: SlowData;
  readonly #interval: SlowInterval;
  readonly #options: AggregateOptions;
  readonly #annotations: readonly number[];

  constructor(
    samples: readonly PlainSample[],
    interval: SlowInterval,
    options: AggregateOptions,
    annotations: readonly number[],
  ) {
    this.#data = new SlowData(samples, interval, options);
    this.#interval = interval;
    this.#options = options;
    this.#annotations = annotations;
  }

  result(name: AggregateName): SlowResult {
    const { low, high, isReversed } = this.#interval;
    const start = isReversed ? high : low;
    const nothing = { time: start, value: null, status: NoData };
    const [first, last] = [this.#data.samples[0], this.#data.samples.at(-1)];
    if (!first || !last) return nothing;
    const isBefore = isReversed ? high < first.time : high <= first.time;
    const isBehind = isReversed ? low >= last.time : low > last.time;
    if (isBefore || (isBehind && name !== 'Interpolative')) return nothing;
    return this.#of(name, start);
  }

  #of(name: AggregateName, start: number): SlowResult {
    const result =
      this.#values(name, start) ?? this.#extremes(name, start) ?? this.#times(name, start) ?? this.#bounds(name, start);
    if (!result) throw new Error(`no definition of ${name}`);
    return result;
  }

  #none(time: number, status = NoData | this.#data.partial): SlowResult {
    return { time, value: null, status: status >>> 0 };
  }

  #calculated(time: number, value: number, status: number, bits = INFO.calculated | this.#data.partial): SlowResult {
    return status === Bad ? this.#none(time, Bad | bits) : { time, value, status: (status | bits) >>> 0 };
  }

  #values(name: AggregateName, start: number): SlowResult | undefined {
    const P = this.#data.partial;
    const good = this.#data.insideOf('good');
    const values = good.map(({ value }) => value as number);
    const usable = this.#data.insideOf('good', 'uncertain');
    const doubt = this.#data.inside.length > good.length ? SubNormal : Good;
    switch (name) {
      case 'Average':
        if (good.length === 0) return this.#none(start, NoData);
        return this.#calculated(start, meanOf(values), this.#data.byCount(), INFO.calculated);
      case 'Count':
      case 'NumberOfTransitions': {
        if (this.#data.byCount() === Bad && usable.length === 0) return this.#none(start, Bad | P);
        return this.#calculated(start, name === 'Count' ? good.length : this.#transitions(), this.#data.byCount());
      }
      case 'AnnotationCount':
        return this.#calculated(start, this.#annotations.filter((time) => this.#data.belongs(time)).length, Good);
      case 'Start':
      case 'End': {
        const sample = this.#data.inside.at(name === 'Start' ? 0 : -1);
        if (!sample) return this.#none(start);
        const value = sample.status >>> 31 === 1 ? null : sample.value;
        return { time: sample.time, value, status: (sample.status | P) >>> 0 };
      }
      case 'Delta': {
        if (good.length === 0) return this.#none(start);
        const isClean = this.#data.inside[0] === good[0] && this.#data.inside.at(-1) === good.at(-1);
        return this.#calculated(start, values[values.length - 1] - values[0], isClean ? Good : SubNormal);
      }
      case 'StandardDeviationSample':
      case 'VarianceSample':
      case 'StandardDeviationPopulation':
      case 'VariancePopulation': {
        if (good.length === 0) return this.#none(start);
        const mean = meanOf(values);
        const squares = sumOf(values, (value) => (value - mean) ** 2);
        const variance = good.length === 1 ? 0 : squares / (name.endsWith('Sample') ? good.length - 1 : good.length);
        return this.#calculated(start, name.startsWith('Standard') ? Math.sqrt(variance) : variance, doubt);
      }
      default:
        return undefined;
    }
  }

  #extremes(name: AggregateName, start: number): SlowResult | undefined {
    const good = this.#data.insideOf('good');
    const values = good.map(({ value }) => value as number);
    switch (name) {
      case 'Minimum':
      case 'Maximum':
      case 'MinimumActualTime':
      case 'MaximumActualTime':
        return this.#rawExtreme(name, start);
      case 'Range': {
        if (good.length === 0) return this.#none(start);
        const ends = [this.#rawExtreme('Minimum', start), this.#rawExtreme('Maximum', start)];
        const status = ends.some((end) => end.status >>> 30 !== 0) ? SubNormal : Good;
        return this.#calculated(start, Math.max(...values) - Math.min(...values), status);
      }
      case 'Minimum2':
      case 'Maximum2':
      case 'MinimumActualTime2':
      case 'MaximumActualTime2':
        return this.#boundedExtreme(name, start);
      case 'Range2': {
        const ends = (['Minimum2', 'Maximum2'] as const).map((end) => this.#boundedExtreme(end, start));
        if (ends.some(({ value }) => value === null)) return this.#none(start);
        const status = ends.some((end) => end.status >>> 30 !== 0) ? SubNormal : Good;
        return this.#calculated(start, (ends[1].value as number) - (ends[0].value as number), status);
      }
      default:
        return undefined;
    }
  }

  #times(name: AggregateName, start: number): SlowResult | undefined {
    const P = this.#data.partial;
    const usable = this.#data.insideOf('good', 'uncertain');
    switch (name) {
      case 'TimeAverage':
      case 'Total': {
        const regions = this.#data.regions(true, name === 'TimeAverage' ? 'line' : 'tag');
        const known = regions.filter((region) => region.class !== 'bad');
        if (known.length === 0) return this.#none(start);
        return this.#calculated(
          start,
          timeValue(name, known),
          regions.every((region) => region.class === 'good') ? Good : SubNormal,
        );
      }
      case 'TimeAverage2':
      case 'Total2': {
        const regions = this.#data.regions(false, 'tag');
        const known = regions.filter((region) => region.class !== 'bad');
        if (known.length === 0)
          return usable.length > 0 ? this.#none(start, Bad | INFO.calculated | P) : this.#none(start);
        return this.#calculated(start, timeValue(name, known), this.#data.byTime(regions));
      }
      case 'DurationInStateZero':
      case 'DurationInStateNonZero': {
        const regions = this.#data.regions(false, 'held');
        const status = this.#data.byTime(regions);
        if (status === Bad && usable.length === 0 && regions.every((region) => region.class === 'bad'))
          return this.#none(start, Bad | P);
        const inState = regions.filter(
          (region) => region.class === 'good' && (region.from === 0) === (name === 'DurationInStateZero'),
        );
        return this.#calculated(start, sumOf(inState, ({ us }) => us) / 1000, status);
      }
      case 'DurationGood':
      case 'DurationBad':
      case 'PercentGood':
      case 'PercentBad': {
        const regions = this.#data.regions(false, 'held');
        const wanted = regions.filter(({ class: of }) => {
          if (name === 'DurationGood' || name === 'PercentGood') return of === 'good';
          return of === 'bad' || (of === 'uncertain' && this.#options.treatUncertainAsBad);
        });
        const us = sumOf(wanted, (region) => region.us);
        const total = sumOf(regions, (region) => region.us);
        return this.#calculated(start, name.startsWith('Duration') ? us / 1000 : (us / total) * 100, Good);
      }
      default:
        return undefined;
    }
  }

  #bounds(name: AggregateName, start: number): SlowResult | undefined {
    const P = this.#data.partial;
    const { low, high, isReversed } = this.#interval;
    const from = this.#data.bound(start, false);
    const to = this.#data.bound(isReversed ? low : high, false);
    switch (name) {
      case 'Interpolative': {
        const bound = this.#data.bound(start, true);
        if (bound.class === 'bad') return this.#none(start, NoData);
        return {
          time: start,
          value: bound.value,
          status: (bound.status | (bound.isRaw ? 0 : INFO.interpolated)) >>> 0,
        };
      }
      case 'StartBound': {
        if (from.class === 'bad') return this.#none(start);
        const bits = from.isRaw ? P : INFO.interpolated | P;
        return { time: start, value: from.value, status: (from.status | bits) >>> 0 };
      }
      case 'EndBound': {
        if (to.class === 'bad') return this.#none(start);
        return { time: start, value: to.value, status: (to.status | INFO.calculated | P) >>> 0 };
      }
      case 'DeltaBounds': {
        if (from.class === 'bad' || to.class === 'bad') return this.#none(start);
        return this.#calculated(
          start,
          to.value - from.value,
          from.class === 'good' && to.class === 'good' ? Good : SubNormal,
        );
      }
      case 'WorstQuality':
      case 'WorstQuality2': {
        const statuses = this.#data.inside.map(({ status }) => status);
        if (name === 'WorstQuality2') {
          if (!this.#data.inside.some(({ time }) => time === start)) statuses.unshift(from.status);
          statuses.push(to.status);
        }
        if (statuses.length === 0) return this.#none(start);
        const worst = Math.max(...statuses.map((status) => status >>> 30));
        const all = statuses.filter((status) => status >>> 30 === worst);
        return this.#calculated(
          start,
          all[0],
          Good,
          INFO.calculated | P | (worst > 0 && all.length > 1 ? INFO.multipleValues : 0),
        );
      }
      default:
        return undefined;
    }
  }

  #transitions(): number {
    const all = this.#data.samples.filter((sample) => this.#data.classOf(sample) !== 'bad');
    return all.filter(
      (sample, at) => this.#data.belongs(sample.time) && (at === 0 || all[at - 1].value !== sample.value),
    ).length;
  }

  #rawExtreme(name: AggregateName, start: number): SlowResult {
    const P = this.#data.partial;
    const sign = name.startsWith('Minimum') ? 1 : -1;
    const rank = ({ value }: PlainSample) => sign * (value as number);
    const good = this.#data.insideOf('good');
    if (good.length === 0) return { time: start, value: null, status: (NoData | P) >>> 0 };
    const best = Math.min(...good.map(rank));
    const found = good.filter((sample) => rank(sample) === best);
    const isDoubtful =
      this.#data.insideOf('bad').length > 0 || this.#data.insideOf('uncertain').some((sample) => rank(sample) < best);
    let status = (isDoubtful ? SubNormal : Good) | P | (found.length > 1 ? INFO.multipleValues : 0);
    const isActual = name.endsWith('ActualTime');
    if (!isActual && (isDoubtful || !found.some(({ time }) => time === start))) status |= INFO.calculated;
    return { time: isActual ? found[0].time : start, value: found[0].value, status: status >>> 0 };
  }

  #boundedExtreme(name: AggregateName, start: number): SlowResult {
    const P = this.#data.partial;
    const { low, high, isReversed } = this.#interval;
    const isActual = name.includes('ActualTime');
    const sign = name.startsWith('Minimum') ? 1 : -1;
    const from = this.#data.bound(start, false);
    const to = this.#data.bound(isReversed ? low : high, false);
    const candidates: { value: number; time: number; bits: number }[] = [];
    if (from.class !== 'bad' && !from.isRaw)
      candidates.push({ value: from.value, time: start, bits: INFO.interpolated });
    for (const { value, time } of this.#data.insideOf('good').concat(this.#data.insideOf('uncertain'))) {
      candidates.push({ value: value as number, time, bits: isActual || time === start ? 0 : INFO.calculated });
    }
    if (!this.#options.stepped && to.class !== 'bad') {
      const time = isReversed ? low + 1000 : high - 1000;
      candidates.push({ value: to.value, time, bits: to.isRaw && !isActual ? INFO.calculated : INFO.interpolated });
    }
    if (candidates.length === 0) return { time: start, value: null, status: (NoData | P) >>> 0 };
    const best = Math.min(...candidates.map(({ value }) => sign * value));
    const found = candidates.filter(({ value }) => sign * value === best);
    const status = this.#data.byTime(this.#data.regions(false, 'tag'));
    if (status === Bad) return { time: start, value: null, status: (Bad | P | (isActual ? 0 : INFO.calculated)) >>> 0 };
    const bits = found[0].bits | P | (found.length > 1 ? INFO.multipleValues : 0);
    return { time: isActual ? found[0].time : start, value: found[0].value, status: (status | bits) >>> 0 };
  }
}

function meanOf(values: readonly number[]): number {
  return sumOf(values, (value) => value) / values.length;
}

/** The area below the regions in value x s, or their mean over time. */
function timeValue(name: AggregateName, regions: readonly Region[]): number {
  const area = sumOf(regions, ({ from, to, us }) => ((from + to) / 2) * us);
  return name.startsWith('Total') ? area / 1e6 : area / sumOf(regions, ({ us }) => us);
}
