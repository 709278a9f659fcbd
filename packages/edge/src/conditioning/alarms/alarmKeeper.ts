/** Lets time go by for the alarms of a gateway, and keeps on disk how they stand: who acknowledged and shelved outlives a crash. */

import { type KeptAlarm, readKeptAlarms } from '@tidegate/alarm/engine/keptAlarm.ts';
import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';
import { StateFile } from '@tidegate/journal/stateFile.ts';
import type { GatewayAlarms } from './gatewayAlarms.ts';

const TICK_MS = 100;
/** So often the file is written at most, however much happens. */
const TICKS_PER_LOOK = 5;

interface KeptState {
  readonly alarms: Readonly<Record<string, KeptAlarm>>;
}

export class AlarmKeeper {
  /** How the alarms stood when the gateway stopped, by their names. */
  readonly found: ReadonlyMap<string, KeptAlarm>;
  readonly #file: StateFile<KeptState>;
  #written = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: StateFile<KeptState>) {
    this.#file = file;
    this.found = readKeptAlarms(file.found?.alarms);
  }

  /** Throws what the file system throws where the directory cannot be made. */
  static async open(directory: string): Promise<AlarmKeeper> {
    await makeDirectory(directory);
    return new AlarmKeeper(await StateFile.open<KeptState>(directory));
  }

  /**
   * Until `signal` aborts. A disk that takes nothing holds no alarm up: `onUnkept` is told of it once, and again where
   * it went well in between.
   */
  async run(
    alarms: GatewayAlarms,
    clock: Clock,
    signal: AbortSignal,
    onUnkept: (detail: string) => void,
  ): Promise<void> {
    let isUnkept = false;
    for (let tick = 1; !signal.aborted; tick++) {
      await delay(clock, TICK_MS, signal);
      alarms.tick();
      if (tick % TICKS_PER_LOOK !== 0) continue;
      try {
        await this.keep(alarms);
        isUnkept = false;
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === undefined) throw error;
        if (!isUnkept) onUnkept(`how the alarms stand cannot be kept: ${message}`);
        isUnkept = true;
      }
    }
  }

  /** Resolves when everything that has happened is durable; throws what the file system throws. */
  async keep(alarms: GatewayAlarms): Promise<void> {
    const before = this.#writing.catch(() => {});
    this.#writing = before.then(() => this.#write(alarms));
    return this.#writing;
  }

  async #write(alarms: GatewayAlarms): Promise<void> {
    const { changes } = alarms;
    if (changes === this.#written) return;
    await this.#file.write({ alarms: alarms.keep() }, true);
    this.#written = changes;
  }
}
