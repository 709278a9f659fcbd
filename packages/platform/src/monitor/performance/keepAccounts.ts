/** Reckons the accounts of machines and of energy from the history of their attributes. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { joinRuns } from '../../historian/archive/joinRuns.ts';
import type { SampleRun } from '../../historian/archive/sampleRun.ts';
import { CounterReducer } from '../../historian/query/counter/counterReducer.ts';
import { totalUnit } from '../../historian/query/counter/totalUnit.ts';
import { windowColumn } from '../../historian/query/expression/windowColumn.ts';
import { type StateEvents, StateRecorder } from '../../historian/query/state/stateEvents.ts';
import type { AssetId } from '../../model/assets/assetModel.ts';
import type { EnergyAccountDefinition, MachineAccount, MeasuredAttribute } from './accountDefinition.ts';
import {
  accountEnergy,
  type EnergyAccount,
  type EnergyBaseline,
  type EnergyDriver,
  fitBaseline,
} from './energyBaseline.ts';
import { calculateOee, type Oee, secondsByState, type TimeCategory } from './oee.ts';
import type { PackmlState } from './packml.ts';

/** The history of single attributes, as computed from samples. */
export interface AttributeSamples {
  /** Those in `start <= time < end` (µs), and a row for what holds at `start`. Faults of a question about history. */
  attribute(asset: AssetId, attribute: string, start: number, end: number): Promise<Result<SampleRun>>;
  /** What it was at each of `times` (µs), which ascend; on the line between two samples where there is one. */
  at(asset: AssetId, attribute: string, times: Float64Array): Promise<Result<SampleRun>>;
}

/** Where a figure comes from: whoever asks for the history of this attribute there sees the samples. */
export interface FigureSource {
  readonly asset: AssetId;
  readonly attribute: string;
  readonly start: number;
  readonly end: number;
}

/** The time that a machine spent in a state of PackML. */
export interface StateTime {
  readonly state: PackmlState;
  readonly category: TimeCategory;
  readonly seconds: number;
}

export interface KeptOee extends Oee {
  /** The longest first. */
  readonly states: readonly StateTime[];
  /** Made in the time, in `unit` (UCUM; '' or 1 where they are pieces). */
  readonly pieces: number;
  readonly unit: string;
  readonly rejected: number | undefined;
  readonly sources: readonly FigureSource[];
}

export interface KeptEnergy extends EnergyAccount {
  readonly baseline: EnergyBaseline;
  /** What the baseline was fitted to (µs). */
  readonly baselineOver: { readonly start: number; readonly end: number };
  /** UCUM codes of the energy, and of what the first driver counts. */
  readonly unit: string;
  readonly driverUnit: string;
  /** Starts of the intervals (µs), and what was used in each; NaN where the meter says nothing. */
  readonly starts: Float64Array;
  readonly usedIn: Float64Array;
  readonly sources: readonly FigureSource[];
}

/** An account over more intervals than a year of quarters of an hour is asked for in parts. */
const MAX_INTERVALS = 40_000;

/** Faults: those of questions about history. */
export async function keepOee(
  samples: AttributeSamples,
  account: MachineAccount,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<Result<KeptOee>> {
  const { asset, state, rejects, idealCycleSeconds } = account;
  const stateRun = await samples.attribute(asset, state, start, end);
  if (!stateRun.ok) return stateRun;
  const recorder = new StateRecorder(start, end);
  recorder.push(stateRun.value);
  const states = recorder.finish();
  if (!states.ok) return states;
  const boundaries = Float64Array.of(start, end);
  const made = await amounts(samples, asset, account.pieces, boundaries);
  if (!made.ok) return made;
  const bad = rejects === undefined ? undefined : await amounts(samples, asset, rejects, boundaries);
  if (bad && !bad.ok) return bad;
  const [pieces, rejected] = [made.value[0] || 0, bad && (bad.value[0] || 0)];
  const count = { total: pieces, rejected, idealSeconds: pieces * idealCycleSeconds };
  const attributes = [state, account.pieces.attribute, ...(rejects ? [rejects.attribute] : [])];
  const sources = attributes.map((attribute) => ({ asset, attribute, start, end }));
  const seconds = new Map<PackmlState, StateTime>();
  for (const [value, time] of secondsByState(states.value)) {
    const packml = account.states.get(value) ?? 'undefined';
    const category = account.categories.get(value) ?? 'unknown';
    seconds.set(packml, { state: packml, category, seconds: (seconds.get(packml)?.seconds ?? 0) + time });
  }
  return success({
    ...calculateOee(named(states.value, account), categoriesOf(account), count, { start, end }),
    states: [...seconds.values()].sort((a, b) => b.seconds - a.seconds),
    ...{ pieces, rejected, unit: unitOf(account.pieces), sources },
  });
}

/** The same events, by the names of PackML; states that have none keep their own. */
function named(events: StateEvents, { states }: MachineAccount): StateEvents {
  return { ...events, table: events.table.map((value) => states.get(value) ?? value) };
}

function categoriesOf({ states, categories }: MachineAccount): ReadonlyMap<SampleValue, TimeCategory> {
  return new Map([...states].map(([value, packml]) => [packml, categories.get(value) ?? 'unknown']));
}

/** Faults: `performance.too-little`, `history.too-much`, and those of questions about history. */
export async function keepEnergy(
  samples: AttributeSamples,
  definition: EnergyAccountDefinition,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<Result<KeptEnergy>> {
  const { asset, meter, drivers, baseline: period } = definition;
  const baselineOver = 'beforeUs' in period ? { start: start - period.beforeUs, end: start } : period;
  const base = await energyColumns(samples, definition, baselineOver.start, baselineOver.end);
  if (!base.ok) return base;
  const fitted = fitBaseline(base.value.used, base.value.drivers);
  if (!fitted.ok) return fitted;
  const asked = await energyColumns(samples, definition, start, end);
  if (!asked.ok) return asked;
  const account = accountEnergy(fitted.value, asked.value.used, asked.value.drivers);
  const attributes = [meter, ...drivers].map(({ attribute }) => attribute);
  return success({
    ...account,
    ...{ baseline: fitted.value, starts: asked.value.starts, usedIn: asked.value.used, unit: unitOf(meter) },
    driverUnit: unitOf(drivers[0]),
    baselineOver,
    sources: attributes.map((attribute) => ({ asset, attribute, start, end })),
  });
}

interface EnergyColumns {
  readonly starts: Float64Array;
  readonly used: Float64Array;
  readonly drivers: readonly EnergyDriver[];
}

async function energyColumns(
  samples: AttributeSamples,
  { asset, meter, drivers, intervalUs }: EnergyAccountDefinition,
  start: number,
  end: number,
): Promise<Result<EnergyColumns>> {
  const count = Math.max(0, Math.floor((end - start) / intervalUs));
  if (count > MAX_INTERVALS) {
    return failure(
      'history.too-much',
      `${count} intervals are too many for one account; ${MAX_INTERVALS} are the limit.`,
    );
  }
  const boundaries = Float64Array.from({ length: count + 1 }, (_, at) => start + at * intervalUs);
  const used = await amounts(samples, asset, meter, boundaries);
  if (!used.ok) return used;
  const columns: EnergyDriver[] = [];
  for (const driver of drivers) {
    const column = await amounts(samples, asset, driver, boundaries);
    if (!column.ok) return column;
    columns.push({ name: driver.attribute, values: column.value });
  }
  return success({ starts: boundaries.subarray(0, count), used: used.value, drivers: columns });
}

/** How much there was in each interval; NaN where nothing is known. */
async function amounts(
  samples: AttributeSamples,
  asset: AssetId,
  { attribute, measure, unit }: MeasuredAttribute,
  boundaries: Float64Array,
): Promise<Result<Float64Array>> {
  if (measure === 'increase') return increases(samples, asset, attribute, boundaries);
  const means = await averages(samples, asset, attribute, boundaries);
  if (!means.ok || measure === 'average') return means;
  const timeUnitUs = totalUnit(unit)!.timeUnitUs;
  return success(means.value.map((mean, at) => (mean * (boundaries[at + 1] - boundaries[at])) / timeUnitUs));
}

function unitOf({ measure, unit }: MeasuredAttribute): string {
  return measure === 'integral' ? totalUnit(unit)!.unit : unit;
}

/** What a counter has counted in each interval; NaN where it was not read. */
async function increases(
  samples: AttributeSamples,
  asset: AssetId,
  attribute: string,
  boundaries: Float64Array,
): Promise<Result<Float64Array>> {
  const run = await around(samples, asset, attribute, boundaries);
  if (!run.ok) return run;
  const reducer = new CounterReducer(boundaries, {});
  reducer.push(run.value);
  return success(reducer.finish().increases);
}

/** The mean by time in each interval; NaN where there is none. */
async function averages(
  samples: AttributeSamples,
  asset: AssetId,
  attribute: string,
  boundaries: Float64Array,
): Promise<Result<Float64Array>> {
  const run = await around(samples, asset, attribute, boundaries);
  if (!run.ok) return run;
  const widthUs = boundaries.length > 1 ? boundaries[1] - boundaries[0] : 1;
  const { values, kinds } = windowColumn(run.value, boundaries.subarray(1), { aggregate: 'avg', tag: 0, widthUs });
  return success(values.map((value, row) => (kinds[row] === 0 ? Number.NaN : value)));
}

/** The samples within all intervals, and how it stood at both ends: what two intervals share is counted once between them. */
async function around(
  samples: AttributeSamples,
  asset: AssetId,
  attribute: string,
  boundaries: Float64Array,
): Promise<Result<SampleRun>> {
  const [start, end] = [boundaries[0], boundaries[boundaries.length - 1]];
  const within = await samples.attribute(asset, attribute, start, end);
  if (!within.ok) return within;
  const last = await samples.at(asset, attribute, Float64Array.of(end));
  return last.ok ? success(joinRuns([within.value, last.value])) : last;
}
