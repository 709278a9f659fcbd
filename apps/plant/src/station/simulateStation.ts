/** Days of the station in a batch, as typed columns: for tests, benchmarks and the training of models. */

import type { TruthEvent } from './faults/faultSchedule.ts';
import { S_PER_DAY } from './physics/calendar.ts';
import { SENSOR_GOOD } from './signals/sensor.ts';
import { SIGNALS, SITE } from './signals/signalCatalogue.ts';
import { type SimulationOptions, StationSimulation } from './stationSimulation.ts';

const US_PER_S = 1_000_000;
const USUAL_STEP_S = 60;

export interface BatchOptions extends SimulationOptions {
  readonly days: number;
  /** Between two rows; 60 where it is left out. A day is a multiple of it. */
  readonly stepSeconds?: number;
  /** Full paths (`acme/north/...`) of the signals wanted; all where it is left out. */
  readonly signals?: readonly string[];
}

interface SignalColumn {
  /** NaN where the sensor has failed. */
  readonly values: Float64Array;
  /** OPC UA status codes. */
  readonly statuses: Uint32Array;
}

/** One day. */
export interface StationBlock {
  /** Microseconds since 1970 UTC. */
  readonly times: Float64Array;
  /** By full path, each with a row for each time. */
  readonly columns: ReadonlyMap<string, SignalColumn>;
  /** How bad each fault of the plan truly is at each time, in the unit of its kind. */
  readonly truth: readonly Float64Array[];
  /** What happened in this day that nobody is told. */
  readonly events: readonly TruthEvent[];
}

/**
 * The same options give the same samples, on any machine and in any number of days. Throws a RangeError where a signal or
 * the target of a fault does not exist.
 */
export function* simulateStation(options: BatchOptions): Generator<StationBlock, void, void> {
  const { days, stepSeconds = USUAL_STEP_S } = options;
  const simulation = new StationSimulation(options);
  const indices = wantedIndices(options.signals);
  const rows = Math.floor(S_PER_DAY / stepSeconds);
  let events = 0;
  for (let day = 0; day < days; day++) {
    const times = new Float64Array(rows);
    const truth = (options.faults ?? []).map(() => new Float64Array(rows));
    const columns = indices.map(() => ({ values: new Float64Array(rows), statuses: new Uint32Array(rows) }));
    for (let row = 0; row < rows; row++) {
      simulation.step(stepSeconds);
      times[row] = simulation.station.timeS * US_PER_S;
      for (let fault = 0; fault < truth.length; fault++) truth[fault][row] = simulation.faultSizes[fault];
      for (let column = 0; column < indices.length; column++) {
        const index = indices[column];
        columns[column].values[row] = simulation.measure(index);
        const { status } = simulation.sensors[index];
        if (status !== SENSOR_GOOD) columns[column].statuses[row] = status;
      }
    }
    const named = new Map(indices.map((index, column) => [`${SITE}/${SIGNALS[index].path}`, columns[column]]));
    yield { times, columns: named, truth, events: simulation.truthLog.slice(events) };
    events = simulation.truthLog.length;
  }
}

function wantedIndices(paths: readonly string[] | undefined): readonly number[] {
  if (paths === undefined) return SIGNALS.map((_, index) => index);
  return paths.map((path) => {
    const index = SIGNALS.findIndex((signal) => `${SITE}/${signal.path}` === path);
    if (index < 0) throw new RangeError(`the station has no signal ${path}`);
    return index;
  });
}
