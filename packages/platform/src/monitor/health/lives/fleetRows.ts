/** What is known of the lives of a fleet, as learning takes it, and of those that go on, as telling does. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { FleetLife } from '../definition/fleetLife.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import type { FeatureReader } from '../features/featureReader.ts';
import { type CycleRows, cyclesFrom, followed, readCycles, withoutLead } from './cycleRows.ts';
import type { LearnedUnit } from './fleetLifeModel.ts';
import type { LifeTask, TaskUnit } from './lifeTask.ts';
import type { LifeUnit } from './lifeUnit.ts';

export interface GatheredLives {
  readonly task: LifeTask;
  /** In the order of the units of the task. */
  readonly units: readonly LearnedUnit[];
}

/** A life is looked at over twice the horizon before its end, and over what the longest window needs. */
const HORIZONS = 2;
const WINDOW_CYCLES = 360;
export const COVERAGE = 0.9;
export const SEED = 1;

interface Running {
  readonly key: string;
  readonly rows: CycleRows;
}

export class FleetRows {
  readonly #reader: Pick<FeatureReader, 'rows'>;
  /** By life and asset: what has been read of those that go on, cycle by cycle. */
  readonly #running = new Map<string, Running>();

  constructor(reader: Pick<FeatureReader, 'rows'>) {
    this.#reader = reader;
  }

  /** All of it is read anew: what came late counts. Faults as `FeatureReader.rows`. */
  async gather(
    life: FleetLife,
    units: readonly LifeUnit[],
    watchOf: (unit: LifeUnit) => HealthWatch,
    now: number,
  ): Promise<Result<GatheredLives>> {
    this.forget(life.name);
    const names = [...life.signals, ...life.settings];
    const parts: { readonly unit: LifeUnit; readonly rows: readonly Float64Array[]; readonly times: Float64Array }[] =
      [];
    for (const unit of units) {
      const watch = watchOf(unit);
      // What the equipment shows is learned of failures alone; how hard it was run tells of every life.
      const isWanted = unit.ended === 'failure' || life.settings.length > 0;
      const read = await this.#read(life, watch, unit, isWanted ? (unit.end ?? now) : Number.NEGATIVE_INFINITY);
      if (!read.ok) return read;
      const order = names.map((name) => watch.features.findIndex((feature) => feature.name === name));
      parts.push({ unit, rows: order.map((at) => read.value.columns[at]), times: read.value.times });
    }
    const columns = names.map((_, at) => joined(parts.map(({ rows }) => rows[at])));
    const ages = joined(parts.map(({ unit, times }) => times.map((time) => ageAt(life, unit, time))));
    let begin = 0;
    const taken: TaskUnit[] = [];
    const learned: LearnedUnit[] = [];
    for (const { unit, times } of parts) {
      const end = begin + times.length;
      taken.push({ age: ageAt(life, unit, unit.end ?? now), failed: unit.ended === 'failure', begin, end });
      learned.push({ ...unit, cycles: times.length });
      begin = end;
    }
    const task: LifeTask = {
      units: taken,
      ...{ signalNames: life.signals, signals: columns.slice(0, life.signals.length) },
      ...{ settingNames: life.settings, settings: columns.slice(life.signals.length), ages },
      ...{ cap: life.horizonUs / life.cycleUs, coverage: COVERAGE, seed: SEED },
    };
    return success({ task, units: learned });
  }

  /** Of a unit that goes on, up to `at` (µs), which is the end of a cycle. Faults as `FeatureReader.rows`. */
  async running(life: FleetLife, watch: HealthWatch, unit: LifeUnit, at: number): Promise<Result<CycleRows>> {
    const place = `${life.name}\n${unit.asset}`;
    const key = `${unit.number} ${unit.start} ${watch.featureVersion} ${life.version}`;
    const known = this.#running.get(place);
    if (known?.key !== key || known.rows.times.length === 0 || known.rows.times.at(-1)! > at) {
      const read = await this.#read(life, watch, unit, at);
      if (read.ok) this.#running.set(place, { key, rows: read.value });
      return read;
    }
    const from = known.rows.times.at(-1)!;
    const read = await readCycles(this.#reader, watch, { cycleUs: life.cycleUs, start: from, end: at });
    if (!read.ok) return read;
    const whole = followed(known.rows, read.value);
    const rows = cyclesFrom(whole, Math.max(0, whole.times.length - cyclesKept(life)));
    this.#running.set(place, { key, rows });
    return success(rows);
  }

  /** What has been read of a life is read anew. */
  forget(life: string): void {
    for (const place of this.#running.keys()) if (place.startsWith(`${life}\n`)) this.#running.delete(place);
  }

  async #read(life: FleetLife, watch: HealthWatch, unit: LifeUnit, end: number): Promise<Result<CycleRows>> {
    const { cycleUs } = life;
    if (!Number.isFinite(end)) return readCycles(this.#reader, watch, { cycleUs, start: 0, end: 0 });
    const start = Math.max(unit.start ?? Number.NEGATIVE_INFINITY, end - cyclesKept(life) * cycleUs);
    const read = await readCycles(this.#reader, watch, { cycleUs, start, end });
    return read.ok ? success(withoutLead(read.value)) : read;
  }
}

function cyclesKept({ horizonUs, cycleUs }: FleetLife): number {
  return HORIZONS * Math.ceil(horizonUs / cycleUs) + WINDOW_CYCLES;
}

/** In cycles; NaN where nobody knows when it began. */
function ageAt({ cycleUs }: FleetLife, { start = Number.NaN }: LifeUnit, time: number): number {
  return (time - start) / cycleUs;
}

function joined(columns: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const column of columns) {
    whole.set(column, at);
    at += column.length;
  }
  return whole;
}
