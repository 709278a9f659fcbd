/**
 * Keeps on disk how the equipment of a gateway stands: drifts of months outlive a crash.
 *
 * Each is kept once a minute, spread over it, so that a crash costs what came within the minute before. Once an hour, and at a
 * stop, that is synced: a power cut costs an hour at most.
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';
import { StateFile } from '@tidegate/journal/stateFile.ts';
import type { GatewayHealth } from './gatewayHealth.ts';
import type { KeptDetector } from './keptDetector.ts';
import type { WatchedProfile } from './watchedProfile.ts';

const LOOK_MS = 250;
const KEEP_MS = 60_000;
/** One of so many times a file is synced. */
const TURNS_PER_SYNC = 60;

export interface HealthKeeperPorts {
  readonly clock: Clock;
  readonly events: EventSink;
}

export class HealthKeeper {
  /** How each stood when the gateway stopped, in the order of the profiles. */
  readonly found: readonly (KeptDetector | undefined)[];
  readonly #files: readonly StateFile<KeptDetector>[];
  readonly #turns: number[];
  readonly #ports: HealthKeeperPorts;
  #isUnkept = false;

  private constructor(files: readonly StateFile<KeptDetector>[], ports: HealthKeeperPorts) {
    this.#files = files;
    this.#turns = files.map(() => 0);
    this.#ports = ports;
    this.found = files.map(({ found }) => found);
  }

  /**
   * Each has a directory of its own, named by the number of its first tag, which stands for it for ever. What is damaged is told of.
   * Throws what the file system throws where a directory cannot be made.
   */
  static async open(
    directory: string,
    profiles: readonly Pick<WatchedProfile, 'name' | 'tags'>[],
    ports: HealthKeeperPorts,
  ): Promise<HealthKeeper> {
    const files = await Promise.all(
      profiles.map(async ({ name, tags }) => {
        const own = join(directory, String(tags.score));
        await makeDirectory(own);
        const wasKept = (await readdir(own)).length > 0;
        const file = await StateFile.open<KeptDetector>(own);
        if (wasKept && file.found === undefined) {
          const detail = `health.state-damaged: What was kept of it in ${own} cannot be read. Judging begins anew.`;
          ports.events({ at: ports.clock.now(), kind: 'health.failed', source: name, detail });
        }
        return file;
      }),
    );
    return new HealthKeeper(files, ports);
  }

  /** Until `signal` aborts. A disk that takes nothing is told of. */
  async run(health: GatewayHealth, signal: AbortSignal): Promise<void> {
    const { clock } = this.#ports;
    const { length } = health.detectors;
    let looked = clock.elapsedMs();
    let due = 0;
    for (let next = 0; !signal.aborted; ) {
      await delay(clock, LOOK_MS, signal);
      const now = clock.elapsedMs();
      due = Math.min(length, due + (length * (now - looked)) / KEEP_MS);
      looked = now;
      for (; due >= 1; due--) {
        await this.#keep(health, next, this.#turns[next]++ % TURNS_PER_SYNC === 0);
        next = (next + 1) % length;
      }
    }
  }

  /** Resolves when all is durable that can be. */
  async keep(health: GatewayHealth): Promise<void> {
    await Promise.all(health.detectors.map((_, at) => this.#keep(health, at, true)));
  }

  async #keep(health: GatewayHealth, at: number, durable: boolean): Promise<void> {
    try {
      await this.#files[at].write(health.detectors[at].keep(), durable);
      if (this.#isUnkept) this.#event('health.writable', 'how equipment stands is kept again');
      this.#isUnkept = false;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      if (!this.#isUnkept) this.#event('health.unwritable', `how equipment stands cannot be kept: ${message}`);
      this.#isUnkept = true;
    }
  }

  #event(kind: EventKind, detail: string): void {
    this.#ports.events({ at: this.#ports.clock.now(), kind, source: 'health', detail });
  }
}
