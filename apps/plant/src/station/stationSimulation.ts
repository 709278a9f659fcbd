/** Station, sensors and faults of one seed, moved on together: what the devices of the station serve, and what tests run. */

import type { Fault } from './faults/fault.ts';
import { FaultSchedule, type TruthEvent } from './faults/faultSchedule.ts';
import { Random } from './physics/random.ts';
import { Station } from './physics/station.ts';
import { Sensor } from './signals/sensor.ts';
import { SIGNALS } from './signals/signalCatalogue.ts';

/** Monday, 5 January 2026, 00:00 in Alberta: the station begins in the middle of the winter. */
export const WINTER_START_S = Date.UTC(2026, 0, 5, 7) / 1_000;

export interface SimulationOptions {
  readonly seed: number;
  /** Seconds since 1970 UTC; `WINTER_START_S` where it is left out. */
  readonly startS?: number;
  readonly faults?: readonly Fault[];
}

export class StationSimulation {
  readonly station: Station;
  /** In the order of `SIGNALS`. */
  readonly sensors: readonly Sensor[];
  readonly #faults: FaultSchedule;

  /** Throws a RangeError where a fault has nothing to take hold of. */
  constructor({ seed, startS = WINTER_START_S, faults = [] }: SimulationOptions) {
    this.station = new Station(seed, startS);
    this.sensors = SIGNALS.map((signal) => new Sensor(signal, new Random(seed, signal.path)));
    this.#faults = new FaultSchedule(faults, this.station, this.sensors);
  }

  /** What was truly wrong until now. */
  get truthLog(): readonly TruthEvent[] {
    return this.#faults.log;
  }

  /** How bad each fault truly is, in the order of the plan and in the unit of its kind. */
  get faultSizes(): Float64Array {
    return this.#faults.sizes;
  }

  /** Moves the station on; the sensors show what they showed until `measure`. */
  step(stepS: number): void {
    this.#faults.apply();
    this.station.step(stepS);
    this.#faults.observe();
  }

  /** Lets the sensor of a signal look; `index` is that of `SIGNALS`. */
  measure(index: number): number {
    return this.sensors[index].measure(SIGNALS[index].truth(this.station));
  }
}
