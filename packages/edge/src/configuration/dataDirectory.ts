/** The directory in which a gateway keeps what must outlive it, held by one gateway at a time; every name in it. */

import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import { directoryDefect } from '@tidegate/journal/directoryDefect.ts';
import { DirectoryLock } from '@tidegate/journal/directoryLock.ts';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';

export class DataDirectory {
  readonly path: string;
  readonly #lock: DirectoryLock;

  private constructor(path: string, lock: DirectoryLock) {
    this.path = path;
    this.#lock = lock;
  }

  /**
   * Makes the directory where it is not there, and holds it until `release`. Faults: `gateway.data-directory` where it
   * cannot be used, `gateway.running` where another process holds it.
   */
  static async open(path: string): Promise<Result<DataDirectory>> {
    try {
      await makeDirectory(path);
      await access(path, constants.W_OK);
      const lock = await DirectoryLock.acquire(path);
      if (!lock.ok) return failure('gateway.running', lock.fault.detail);
      return success(new DataDirectory(path, lock.value));
    } catch (error) {
      return failure(
        'gateway.data-directory',
        `the data directory ${path} ${directoryDefect(error as NodeJS.ErrnoException)}`,
      );
    }
  }

  /** Holds the number of every tag; see `tagRegistry.ts`. */
  get tagRegistry(): string {
    return join(this.path, 'tags.json');
  }

  /** Holds what was signed last; see `checkpointNote.ts`. */
  get ledger(): string {
    return join(this.path, 'ledger');
  }

  /** Holds what tells this directory from that of another gateway of the same name; see `spoolInstance.ts`. */
  get spoolInstance(): string {
    return join(this.path, 'instance');
  }

  get spools(): string {
    return join(this.path, 'spool');
  }

  spool(lane: Lane): string {
    return join(this.spools, lane);
  }

  /** Opens what is encrypted in the spools, where it lies nowhere else; see `spoolKey.ts`. */
  get spoolKey(): string {
    return join(this.path, 'spool.key');
  }

  /** Room on the disk for what must be written whatever happens; see `spoolReserve.ts`. */
  get spoolReserve(): string {
    return join(this.path, 'spool.reserve');
  }

  /** Holds the number of the last session over a diode. */
  get diodeSession(): string {
    return join(this.path, 'diode-session');
  }

  /** Holds how the alarms stand; see `alarmKeeper.ts`. */
  get alarms(): string {
    return join(this.path, 'alarms');
  }

  /** Holds how the equipment stands that learned models judge; see `healthKeeper.ts`. */
  get health(): string {
    return join(this.path, 'health');
  }

  async release(): Promise<void> {
    await this.#lock.release();
  }
}
