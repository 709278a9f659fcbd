/** Tells the life left of units that run, by what was learned of the lives of their fleet. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { LifeEstimator } from '@tidegate/health/life/lifeEstimator.ts';
import { similarLife } from '@tidegate/health/life/similarityLife.ts';

import { type ForecastLife, WeibullForecast } from '@tidegate/health/life/weibullForecast.ts';
import type { FleetLife, FleetMember } from '../definition/fleetLife.ts';
import type { CycleRows } from './cycleRows.ts';
import type { FleetLifeEstimate, LifeCourse, SimilarUnit } from './fleetLifeEstimate.ts';
import type { FleetLifeVersion } from './fleetLifeModel.ts';
import type { LivesDocument } from './learnLives.ts';
import { capped } from './lifeBacktest.ts';
import { riskOf } from './lifeLaw.ts';
import { lifeSentence } from './lifeSentence.ts';
import { meanSettings } from './lifeTask.ts';
import type { LifeUnit } from './lifeUnit.ts';
import type { SignalLives } from './signalLives.ts';

/** An asset of the fleet as it is now. */
export interface RunningLife {
  readonly member: FleetMember;
  /** The life that goes on; `undefined` where none does. */
  readonly unit: LifeUnit | undefined;
  /** Of the watch, with a column for each of its features; `undefined` where none are needed. */
  readonly rows: CycleRows | undefined;
  /** Until when it is known (µs since 1970 UTC). */
  readonly at: number;
}

type Told = Pick<FleetLifeEstimate, 'reasons' | 'similar'> & { readonly left: ForecastLife };

/** What an estimate says of its data covers so many cycles. */
const LAST_CYCLES = 10;
const MOST_REASONS = 6;
const MOST_SIMILAR = 3;
/** Cycles of the course that are compared with those of others. */
const LONGEST_STRETCH = 30;
const SHORTEST_STRETCH = 5;
const INDEX = 'health index';

export class LifeTeller {
  readonly version: FleetLifeVersion;
  readonly #life: FleetLife;
  readonly #document: LivesDocument;
  readonly #estimator: LifeEstimator | undefined;

  private constructor(life: FleetLife, version: FleetLifeVersion, document: LivesDocument, estimator?: LifeEstimator) {
    this.#life = life;
    this.version = version;
    this.#document = document;
    this.#estimator = estimator;
  }

  /** Fault: `health.bad-data` where the document is no such model. */
  static of(life: FleetLife, version: FleetLifeVersion, document: LivesDocument): Result<LifeTeller> {
    if (!document.signals) return success(new LifeTeller(life, version, document));
    const estimator = LifeEstimator.fromJson(document.signals.estimator);
    return estimator.ok ? success(new LifeTeller(life, version, document, estimator.value)) : estimator;
  }

  /** Whether rows of the watch are needed to tell anything. */
  get needsRows(): boolean {
    return this.version.card.method !== 'ages';
  }

  /** Of each of these, which are all of the fleet; `names` are the features of the watch, in the order of the columns. */
  tell(fleet: readonly RunningLife[], names: readonly string[]): readonly FleetLifeEstimate[] {
    const forecast = this.#forecast(fleet, names);
    return fleet.map((running) => {
      const told =
        this.#refusal(running) ??
        (this.#estimator ? this.#bySignals(running, names) : this.#byAge(running, names, forecast));
      return this.#estimate(running, told);
    });
  }

  /** The courses of one that runs, and of those that it is like; `undefined` where it is not told by what it shows. */
  courses({ unit, rows }: RunningLife, names: readonly string[], similar: readonly SimilarUnit[]) {
    const { signals } = this.#document;
    if (!signals || !unit || !rows) return undefined;
    const index = this.#index(rows, unit, names);
    if (!index) return undefined;
    const own = this.#course(unit, rows.times, index);
    const others = similar.flatMap(({ asset, number }): readonly LifeCourse[] => {
      const at = this.version.card.units.findIndex((one) => one.asset === asset && one.number === number);
      const past = signals.courses.find((course) => course.unit === at);
      if (!past) return [];
      const { end = 0, ...rest } = this.version.card.units[at];
      const last = Math.ceil(end / this.#life.cycleUs);
      const times = past.index.map((_, row) => (last - past.index.length + 1 + row) * this.#life.cycleUs);
      return [this.#course({ end, ...rest }, Float64Array.from(times), Float64Array.from(past.index))];
    });
    return { own, similar: others };
  }

  #refusal({ member, unit }: RunningLife): Result<never> | undefined {
    if (!unit)
      return failure('health.too-little', `${member.assetPath} has failed, and nobody has said that it was put right.`);
    if (unit.start !== undefined || this.#estimator) return undefined;
    return failure(
      'health.too-little',
      `Nobody has said when this life of ${member.assetPath} began: a record says it (from:).`,
    );
  }

  #forecast(fleet: readonly RunningLife[], names: readonly string[]): Result<WeibullForecast> | undefined {
    if (this.#estimator) return undefined;
    const { card } = this.version;
    const ended = card.units.flatMap(({ start, end, ended: how }, at) => {
      const age = start === undefined || end === undefined ? Number.NaN : (end - start) / card.cycleUs;
      return age > 0 ? [{ age, failed: Number(how === 'failure'), risk: this.#document.risks[at] }] : [];
    });
    const running = fleet.flatMap((one) => {
      const age = this.#ageOf(one);
      return age !== undefined && age > 0 ? [{ age, failed: 0, risk: this.#riskOf(one, names).risk }] : [];
    });
    const all = [...ended, ...running];
    return WeibullForecast.of({
      ages: Float64Array.from(all, ({ age }) => age),
      failed: Uint8Array.from(all, ({ failed }) => failed),
      risks: Float64Array.from(all, ({ risk }) => risk),
    });
  }

  /** In cycles. */
  #ageOf({ unit, at }: RunningLife): number | undefined {
    return unit?.start === undefined ? undefined : Math.max(0, (at - unit.start) / this.#life.cycleUs);
  }

  #settingsOf({ rows }: RunningLife, names: readonly string[]): Float64Array {
    const { settings } = this.#life;
    if (!rows) return new Float64Array(settings.length).fill(Number.NaN);
    const columns = settings.map((name) => rows.columns[names.indexOf(name)]);
    return meanSettings({ settings: columns }, { begin: 0, end: rows.times.length });
  }

  #riskOf(running: RunningLife, names: readonly string[]) {
    const { hazards } = this.#document;
    return hazards ? riskOf(hazards, this.#settingsOf(running, names)) : { risk: 1, riskError: 0 };
  }

  #byAge(running: RunningLife, names: readonly string[], forecast: Result<WeibullForecast> | undefined): Result<Told> {
    if (!forecast?.ok) return forecast ?? failure('health.too-little', 'Its ages carry no law.');
    const age = this.#ageOf(running) ?? 0;
    const { coverage } = this.version.card;
    const cap = this.#cap;
    const left = capped(forecast.value.left(age, coverage, this.#riskOf(running, names)), cap);
    const { hazards } = this.#document;
    const settings = this.#settingsOf(running, names);
    const reasons = (hazards?.names ?? []).map((feature, at) => {
      // As it would be, were this unit run as the mean of the fleet is in this respect.
      const usual = riskOf(
        hazards!,
        settings.map((value, other) => (other === at ? Number.NaN : value)),
      );
      const without = capped(forecast.value.left(age, coverage, usual), cap);
      return { feature, days: this.#days(left.median - without.median) };
    });
    return success({ left, reasons, similar: [] });
  }

  #bySignals({ member, unit, rows }: RunningLife, names: readonly string[]): Result<Told> {
    if (!rows || rows.times.length === 0)
      return failure('health.too-little', `The watch sees nothing of ${member.assetPath}.`);
    const fleet = this.#fleetOf(rows, unit, names);
    const told = this.#estimator!.estimate(fleet);
    if (!told.ok) return told;
    const estimate = told.value.get(0)!;
    if (!estimate.ok) return estimate;
    const { cycles, lower, upper } = estimate.value;
    const explained = this.#estimator!.explain(fleet);
    const parts = explained.ok ? (explained.value.get(0) ?? []) : [];
    const index = cycles < this.#cap ? this.#index(rows, unit, names) : undefined;
    const similar = index ? this.#similar(index, this.#document.signals!) : [];
    return success({ left: { median: cycles, lower, upper }, reasons: this.#reasons(parts), similar });
  }

  /** By feature of the watch; of each there are several measures, and of all together the health index. */
  #reasons(parts: readonly { readonly feature: string; readonly cycles: number }[]): FleetLifeEstimate['reasons'] {
    const sums = new Map<string, number>();
    for (const { feature, cycles } of parts) {
      const of = [INDEX, ...this.#life.signals].find((name) => feature.startsWith(`${name} `)) ?? feature;
      sums.set(of, (sums.get(of) ?? 0) + this.#days(cycles));
    }
    return [...sums]
      .map(([feature, days]) => ({ feature, days }))
      .filter(({ days }) => days !== 0)
      .sort((a, b) => Math.abs(b.days) - Math.abs(a.days))
      .slice(0, MOST_REASONS);
  }

  #similar(index: Float64Array, { courses, noise }: SignalLives): readonly SimilarUnit[] {
    const window = Math.min(LONGEST_STRETCH, index.length);
    if (window < SHORTEST_STRETCH) return [];
    const past = courses.map((course) => ({ unit: course.unit, index: held(course.index) }));
    const found = similarLife(index, past, { window, noise, coverage: this.version.card.coverage });
    if (!found.ok) return [];
    return found.value.matches.slice(0, MOST_SIMILAR).map(({ unit, distance, cyclesLeft }) => {
      const { asset, assetPath, number } = this.version.card.units[unit];
      return { asset, assetPath, number, leftDays: this.#days(cyclesLeft), distance: this.#days(distance) };
    });
  }

  /** `undefined` where nothing was seen. */
  #index(rows: CycleRows, unit: LifeUnit | undefined, names: readonly string[]): Float64Array | undefined {
    const index = this.#estimator?.healthIndex(this.#fleetOf(rows, unit, names));
    return index?.ok && index.value.some(Number.isFinite) ? held(index.value) : undefined;
  }

  #fleetOf({ times, columns }: CycleRows, unit: LifeUnit | undefined, names: readonly string[]) {
    const { signals, settings, cycleUs } = this.#life;
    const pick = (name: string) => columns[names.indexOf(name)];
    return {
      units: new Int32Array(times.length),
      ...{ settings: settings.map(pick), signals: signals.map(pick), signalNames: signals },
      ages: times.map((time) => (time - (unit?.start ?? Number.NaN)) / cycleUs),
    };
  }

  #estimate({ member, unit, rows, at }: RunningLife, told: Result<Told>): FleetLifeEstimate {
    const { name, horizonUs } = this.#life;
    const { card, number } = this.version;
    const { method, coverage } = card;
    const days = told.ok
      ? [told.value.left.median, told.value.left.lower, told.value.left.upper].map((one) => this.#days(one))
      : [];
    const left = told.ok ? { medianDays: days[0], lowDays: days[1], highDays: days[2] } : undefined;
    const refused: Fault | undefined = told.ok ? undefined : told.fault;
    const { reasons, similar } = told.ok ? told.value : { reasons: [], similar: [] };
    const age = unit?.start === undefined ? undefined : Math.max(0, at - unit.start) / US_PER_DAY;
    const said = {
      life: name,
      unit,
      asset: member.asset,
      assetPath: member.assetPath,
      at,
      ageDays: age,
      left,
      refused,
    };
    const quality = rows && this.needsRows ? lastQuality(rows) : Number.NaN;
    const estimate = { ...said, model: number, method, coverage, quality, reasons, similar };
    const failures = card.units.filter(
      (one) => one.ended === 'failure' && (one.cycles > 0 || method !== 'signals'),
    ).length;
    return {
      ...estimate,
      sentence: lifeSentence({ ...estimate, horizonDays: horizonUs / US_PER_DAY, failures }),
    };
  }

  #course({ asset, assetPath, number, ended }: LifeUnit, times: Float64Array, index: Float64Array): LifeCourse {
    return { asset, assetPath, number, ended, times, indexDays: index.map((cycles) => this.#days(cycles)) };
  }

  get #cap(): number {
    return this.#life.horizonUs / this.#life.cycleUs;
  }

  #days(cycles: number): number {
    return (cycles * this.#life.cycleUs) / US_PER_DAY;
  }
}

/** Each missing value as the one before it, and those before the first as the first. */
function held(values: ArrayLike<number>): Float64Array {
  const whole = Float64Array.from(values);
  let last = whole.find(Number.isFinite) ?? Number.NaN;
  for (const [at, value] of whole.entries()) {
    if (Number.isFinite(value)) last = value;
    whole[at] = last;
  }
  return whole;
}

function lastQuality({ quality }: CycleRows): number {
  const last = quality.subarray(-LAST_CYCLES).filter(Number.isFinite);
  return last.length === 0 ? 0 : last.reduce((sum, share) => sum + share, 0) / last.length;
}
