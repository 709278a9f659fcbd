/** The station as its devices show it: the simulation moved on by the clock of this machine, behind Modbus TCP and OPC UA. */

import { PlantDevice } from '../../plantDevice.ts';
import type { RegisterImage } from '../../registerImage.ts';
import type { Fault } from '../faults/fault.ts';
import type { TruthEvent } from '../faults/faultSchedule.ts';
import { S_PER_DAY } from '../physics/calendar.ts';
import { TRAIN_COUNT } from '../physics/station.ts';
import { SIGNALS } from '../signals/signalCatalogue.ts';
import { StationSimulation, WINTER_START_S } from '../stationSimulation.ts';
import { PastTable } from './pastTable.ts';
import { fillTrainRegisters, type TrainPoint, trainPoints } from './trainRegisters.ts';
import { UtilitiesServer } from './utilitiesServer.ts';

export interface StationServerOptions {
  /** Of the unit controls of the trains, which are units 1 to 3 behind one address. */
  readonly modbusPort: number;
  readonly opcUaPort: number;
  /** Where the OPC UA server keeps its certificates. */
  readonly certificates: string;
  readonly seed: number;
  /** Seconds of the station in one of this machine. */
  readonly speed: number;
  readonly faults: readonly Fault[];
  /** Has run for so long before anybody connects, until now by the clock of this machine; since last midnight, in a winter, without it. */
  readonly past?: StationPast | undefined;
  /** Is told what truly goes wrong. */
  readonly reveal?: (event: TruthEvent) => void;
}

export interface StationPast {
  readonly days: number;
  /** Where its samples go. */
  readonly file: string;
}

/** What the station tells the process that started it. */
export interface StationStatus {
  readonly kind: 'station-status';
  /** Seconds since 1970 UTC, in the time of the station. */
  readonly timeS: number;
  readonly reads: number;
  readonly writes: number;
  readonly connections: number;
  readonly sessions: number;
}

const TICK_MS = 100;
/** Steps of the simulation: a second of the station, and no more than a minute when time flies. */
const LEAST_STEP_S = 1;
const MOST_STEP_S = 60;
/** After a pause of the machine the station catches up little by little. */
const MOST_STEPS_PER_TICK = 100;
/** The station has run since midnight; in five minutes its third train starts for the week. */
const WARM_UP_S = 7 * 3_600 + 25 * 60;
/** Between two rows of the past. */
const PAST_INTERVAL_S = 15 * 60;
const MS_PER_S = 1_000;

export class StationServer {
  readonly #simulation: StationSimulation;
  readonly #trains: readonly (readonly TrainPoint[])[];
  readonly #values = new Float64Array(SIGNALS.length);
  readonly #statuses = new Uint32Array(SIGNALS.length);
  readonly #speed: number;
  readonly #reveal: (event: TruthEvent) => void;
  readonly #servedFromS: number;
  readonly #startMs: number;
  #images: readonly RegisterImage[] = [];
  #revealed = 0;
  #device: PlantDevice | undefined;
  #utilities: UtilitiesServer | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor({ seed, speed, faults, past, reveal = () => {} }: StationServerOptions) {
    this.#speed = speed;
    this.#reveal = reveal;
    this.#trains = Array.from({ length: TRAIN_COUNT }, (_, index) => trainPoints(index + 1));
    this.#startMs = performance.now();
    const nowS = Math.floor(Date.now() / MS_PER_S / MOST_STEP_S) * MOST_STEP_S;
    this.#servedFromS = past ? nowS : WINTER_START_S + WARM_UP_S;
    const startS = past ? nowS - Math.floor((past.days * S_PER_DAY) / MOST_STEP_S) * MOST_STEP_S : WINTER_START_S;
    this.#simulation = new StationSimulation({ seed, faults, startS });
    const table = past && new PastTable(past.file);
    while (this.#simulation.station.timeS < this.#servedFromS) {
      this.#simulation.step(MOST_STEP_S);
      if (!table || this.#simulation.station.timeS % PAST_INTERVAL_S !== 0) continue;
      this.#measure();
      table.add(this.#simulation.station.timeS, this.#values, this.#statuses);
    }
    table?.close();
    this.#measure();
  }

  /** Rejects with the error of the first port that cannot be listened on; then none is. */
  static async start(options: StationServerOptions): Promise<StationServer> {
    const station = new StationServer(options);
    station.#device = await PlantDevice.start({ imageOf: (unit) => station.#images[unit - 1] }, options.modbusPort);
    try {
      station.#utilities = await UtilitiesServer.start({ port: options.opcUaPort, certificates: options.certificates });
    } catch (error) {
      await station.stop();
      throw error;
    }
    station.#publish();
    station.#timer = setInterval(() => station.#tick(), TICK_MS);
    return station;
  }

  status(): StationStatus {
    return {
      kind: 'station-status',
      timeS: this.#simulation.station.timeS,
      reads: this.#device?.reads ?? 0,
      writes: this.#device?.writes ?? 0,
      connections: this.#device?.connections ?? 0,
      sessions: this.#utilities?.sessions ?? 0,
    };
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([this.#device?.stop(), this.#utilities?.stop()]);
  }

  #tick(): void {
    const stepS = Math.max(LEAST_STEP_S, Math.min(MOST_STEP_S, (this.#speed * TICK_MS) / 1_000));
    const wantedS = this.#servedFromS + ((performance.now() - this.#startMs) / 1_000) * this.#speed;
    let steps = 0;
    while (this.#simulation.station.timeS + stepS <= wantedS && steps < MOST_STEPS_PER_TICK) {
      this.#simulation.step(stepS);
      steps++;
    }
    if (steps === 0) return;
    this.#measure();
    this.#publish();
    const { truthLog } = this.#simulation;
    while (this.#revealed < truthLog.length) this.#reveal(truthLog[this.#revealed++]);
  }

  #measure(): void {
    for (let index = 0; index < SIGNALS.length; index++) {
      this.#values[index] = this.#simulation.measure(index);
      this.#statuses[index] = this.#simulation.sensors[index].status;
    }
    // Whoever reads several registers sees one moment, as of the recordings.
    this.#images = this.#trains.map((points) => fillTrainRegisters(points, this.#values));
  }

  #publish(): void {
    this.#utilities?.publish(this.#values, this.#statuses);
  }
}
