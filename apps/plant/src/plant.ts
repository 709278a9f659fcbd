/** All devices of the plant, and the clockwork that moves their recordings on. */

import { join } from 'node:path';
import type { DeviceModel } from './deviceModel.ts';
import { MACHINE_TEMPERATURE } from './devices/machineTemperature.ts';
import { STEEL_WORKS } from './devices/steelWorks.ts';
import { TENNESSEE_EASTMAN } from './devices/tennesseeEastman.ts';
import { PlantDevice } from './plantDevice.ts';
import { readRecording } from './recording.ts';
import { Replay } from './replay.ts';

/** In the order of their ports. */
export const DEVICE_MODELS: readonly DeviceModel[] = [TENNESSEE_EASTMAN, MACHINE_TEMPERATURE, STEEL_WORKS];

/** How fast the recordings run: every device the same number of rows, or every device its own time times a factor. */
export type Pace = { readonly rowsPerSecond: number } | { readonly speed: number };

export interface PlantOptions {
  readonly directory: string;
  /** One for each of `DEVICE_MODELS`. */
  readonly ports: readonly number[];
  readonly pace: Pace;
}

/** What the plant tells the process that started it, once a second. */
export interface PlantStatus {
  readonly kind: 'plant-status';
  readonly devices: readonly {
    readonly name: string;
    readonly port: number;
    /** Number of the recorded row that stands in the registers, from 0. */
    readonly row: number;
    readonly reads: number;
    readonly writes: number;
    readonly connections: number;
  }[];
}

/** Finer than the fastest pace that makes sense; the row is computed from the time, so a late tick loses nothing. */
const TICK_MS = 10;

export class Plant {
  readonly ports: readonly number[];
  readonly #devices: readonly PlantDevice[];
  readonly #replays: readonly Replay[];
  readonly #timer: NodeJS.Timeout;
  /** When the first client came: nobody misses the beginning of a recording, and all devices begin together. */
  #startMs: number | undefined;

  private constructor(devices: readonly PlantDevice[], replays: readonly Replay[], { ports, pace }: PlantOptions) {
    this.#devices = devices;
    this.#replays = replays;
    this.ports = ports;
    this.#timer = setInterval(() => this.#tick(pace), TICK_MS);
  }

  /** Rejects with the error of the first device that cannot listen; then none of them does. */
  static async start(options: PlantOptions): Promise<Plant> {
    const replays = DEVICE_MODELS.map((model) => new Replay(model, readRecording(join(options.directory, model.file))));
    const starting = replays.map((replay, index) => PlantDevice.start(replay, options.ports[index]));
    const outcomes = await Promise.allSettled(starting);
    const devices = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    if (refused) {
      await Promise.all(devices.map((device) => device.stop()));
      throw refused.reason;
    }
    return new Plant(devices, replays, options);
  }

  status(): PlantStatus {
    const devices = this.#devices.map((device, index) => ({
      name: DEVICE_MODELS[index].name,
      port: this.ports[index],
      row: this.#replays[index].row,
      reads: device.reads,
      writes: device.writes,
      connections: device.connections,
    }));
    return { kind: 'plant-status', devices };
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#devices.map((device) => device.stop()));
  }

  #tick(pace: Pace): void {
    if (this.#startMs === undefined && !this.#devices.some((device) => device.connections > 0)) return;
    this.#startMs ??= performance.now();
    const elapsedMs = performance.now() - this.#startMs;
    this.#replays.forEach((replay, index) => {
      replay.moveTo(Math.floor((elapsedMs / 1_000) * rowsPerSecond(pace, DEVICE_MODELS[index])));
    });
  }
}

function rowsPerSecond(pace: Pace, model: DeviceModel): number {
  return 'speed' in pace ? pace.speed / model.rowSeconds : pace.rowsPerSecond;
}
