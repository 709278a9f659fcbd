/** The tests of a file share a plant and certificates; each has a site of its own, with the gateways that it starts there. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { LiveAlarms } from '@tidegate/core/port/liveAlarms.ts';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { GatewayProcess } from './gatewayProcess.ts';
import { type PlantProcess, startPlant } from './plantProcess.ts';
import { Certificates, GATEWAY, Site, type SiteConfig } from './site.ts';

const COMMAND = fileURLToPath(new URL('../../../tidegate/src/main.ts', import.meta.url));

export class GatewayRig {
  #plant!: PlantProcess;
  #certificates!: Certificates;
  #site!: Site;
  #running: GatewayProcess[] = [];

  /** For all tests of the file that calls it. */
  constructor() {
    beforeAll(async () => {
      this.#certificates = new Certificates(GATEWAY);
      this.#plant = await startPlant();
    });
    afterAll(async () => {
      await this.#plant.stop();
      await this.#certificates.remove();
    });
    beforeEach(() => {
      this.#site = new Site(this.#certificates);
      this.#running = [];
    });
    afterEach(async () => {
      for (const gateway of this.#running) gateway.kill('SIGKILL');
      await Promise.all(this.#running.map((gateway) => gateway.ended));
      await this.#site.remove();
    });
  }

  get certificates(): Certificates {
    return this.#certificates;
  }

  get site(): Site {
    return this.#site;
  }

  /** The file of a configuration of the plant's device. */
  configure(serverPort: number, replace: NonNullable<SiteConfig['replace']> = []): Promise<string> {
    return this.#site.configure({ serverPort, devicePort: this.#plant.ports[0], replace });
  }

  start(file: string): GatewayProcess {
    const gateway = new GatewayProcess(['--config', file]);
    this.#running.push(gateway);
    return gateway;
  }

  /** What `tidegate alarms` prints on the machine of the gateway, whatever its exit status. */
  async tellAlarms(...args: readonly string[]): Promise<string> {
    const ran = promisify(execFile)(process.execPath, [COMMAND, 'alarms', ...args, '--data', this.#site.data]);
    const { stdout, stderr } = await ran.catch((error: { stdout: string; stderr: string }) => error);
    return stdout + stderr;
  }

  /** By the names of the alarms. Throws as long as the gateway does not answer. */
  async alarmStates(): Promise<Record<string, string>> {
    const { alarms } = JSON.parse(await this.tellAlarms('--all', '--json')) as LiveAlarms;
    return Object.fromEntries(alarms.map(({ name, state }) => [name, state]));
  }
}
