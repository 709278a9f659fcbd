/** The directory in which a running Tidegate keeps everything that it writes, held by one copy at a time. */

import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { directoryDefect } from '@tidegate/journal/directoryDefect.ts';
import { DirectoryLock } from '@tidegate/journal/directoryLock.ts';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';

/** What holds plant data and the account of it; certificates stay, because gateway and server know each other by them. */
const DATA_DIRECTORIES = ['gateway', 'station-gateway', 'server', 'log'] as const;

export class RuntimeDirectory {
  readonly path: string;
  readonly certificates: string;
  readonly log: string;
  readonly gatewayData: string;
  readonly stationGatewayData: string;
  /** Key and certificate of the station's OPC UA server, which is none of ours. */
  readonly stationCertificates: string;
  readonly serverData: string;
  /** What the example station did before it was started. */
  readonly pastFile: string;
  readonly #lock: DirectoryLock;

  private constructor(path: string, lock: DirectoryLock) {
    this.path = path;
    this.certificates = join(path, 'certificates');
    this.log = join(path, 'log');
    this.gatewayData = join(path, 'gateway');
    this.stationGatewayData = join(path, 'station-gateway');
    this.stationCertificates = join(path, 'station-certificates');
    this.serverData = join(path, 'server');
    this.pastFile = join(path, 'past.csv');
    this.#lock = lock;
  }

  /**
   * Makes the directory where it does not exist and holds it until `release`. `fresh` deletes the data in it first.
   * Faults: `launch.directory`, `launch.running`.
   */
  static async open(directory: string, fresh: boolean): Promise<Result<RuntimeDirectory>> {
    const path = resolve(directory);
    try {
      await makeDirectory(path);
      const lock = await DirectoryLock.acquire(path);
      if (!lock.ok) return failure('launch.running', `Tidegate runs already: ${lock.fault.detail}.`);
      const opened = new RuntimeDirectory(path, lock.value);
      if (fresh)
        await Promise.all(DATA_DIRECTORIES.map((name) => rm(join(path, name), { recursive: true, force: true })));
      await makeDirectory(opened.log);
      return success(opened);
    } catch (error) {
      return failure('launch.directory', `${path} ${directoryDefect(error as NodeJS.ErrnoException)}.`);
    }
  }

  async release(): Promise<void> {
    await this.#lock.release();
  }
}
