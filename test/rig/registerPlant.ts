/** A plant of Modbus devices that somebody else's library serves, and the configuration of a gateway that reads it. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePorts } from '../runningTidegate.ts';
import { KillableProcess } from './killableProcess.ts';

export interface RegisterPlantOptions {
  readonly devices: number;
  readonly tagsEach: number;
  /** So many of the tags of each device are 0 and 100 in turn, a second each; none where it is left out. */
  readonly pulsing?: number;
}

export interface RegisterGatewayOptions {
  /** Where the configuration, its tag lists and the data directory `gateway` go. */
  readonly directory: string;
  readonly gateway: string;
  readonly serverPort: number;
  readonly certificates: string;
  /** Scan interval, such as `1s`. */
  readonly scan: string;
  /** Lines that the configuration has besides. */
  readonly more?: readonly string[];
}

const TAGS_PER_OPERATIONAL = 10;

export class RegisterPlant {
  readonly #options: RegisterPlantOptions;
  readonly #ports: readonly number[];
  readonly #process: KillableProcess;

  private constructor(options: RegisterPlantOptions, ports: readonly number[], process: KillableProcess) {
    this.#options = options;
    this.#ports = ports;
    this.#process = process;
  }

  static async start(options: RegisterPlantOptions): Promise<RegisterPlant> {
    const ports = await freePorts(options.devices);
    const listening = Promise.withResolvers<void>();
    const process = new KillableProcess('test/rig/registerServers.ts', () => listening.resolve());
    process.start([options.tagsEach, options.pulsing ?? 0, ...ports].map(String));
    await listening.promise;
    return new RegisterPlant(options, ports, process);
  }

  /** One tag in ten is operational. Gives the file that was written. */
  async configureGateway(options: RegisterGatewayOptions): Promise<string> {
    const { directory, gateway, serverPort, certificates, scan, more = [] } = options;
    for (const device of this.#ports.keys()) {
      await writeFile(path.join(directory, `device-${device}.csv`), this.#tagList(device));
    }
    const server = `{ host: 127.0.0.1, port: ${serverPort}, serverName: localhost, certificates: ${certificates} }`;
    const devices = this.#ports.map((port, device) => {
      const at = `host: 127.0.0.1, port: ${port}, timeout: 1s`;
      return `  - { name: device-${device}, protocol: modbus-tcp, ${at}, tags: device-${device}.csv }`;
    });
    const lines = [
      `gateway: ${gateway}`,
      'dataDirectory: gateway',
      `server: ${server}`,
      `scanClasses: { every: ${scan} }`,
      'devices:',
      ...devices,
      ...more,
      '',
    ];
    const file = path.join(directory, 'gateway.yaml');
    await writeFile(file, lines.join('\n'));
    return file;
  }

  stop(): Promise<void> {
    return this.#process.end();
  }

  #tagList(device: number): string {
    const rows = Array.from({ length: this.#options.tagsEach }, (_, tag) => {
      const lane = tag % TAGS_PER_OPERATIONAL === 0 ? 'operational' : 'analytical';
      return `rig/device-${device}/tag-${tag},holding:${tag * 2},float32,every,${lane}\n`;
    });
    return `path,address,type,scan,lane\n${rows.join('')}`;
  }
}
