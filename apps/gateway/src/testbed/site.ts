/** A directory with a gateway's configuration and its data, made for a test and removed after it. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { BlockSink } from '@tidegate/core/port/blockSink.ts';
import { type RunningReceiver, startReceiver } from '@tidegate/oneway/receive/receiver.ts';

const COMMAND = fileURLToPath(new URL('../../../tidegate/src/main.ts', import.meta.url));
export const GATEWAY = 'north-1';

export interface SiteConfig {
  readonly serverPort: number;
  readonly devicePort: number;
  readonly gateway?: string;
  readonly certificates?: string;
  readonly dataDirectory?: string;
  /** Replaces texts of the file. */
  readonly replace?: readonly (readonly [from: string, to: string])[];
}

/** Certificates as the command makes them: slow to make, so that the tests of a file share them. */
export class Certificates {
  readonly directory = mkdtempSync(join(tmpdir(), 'tidegate-certificates-'));

  constructor(...gateways: readonly string[]) {
    const names = gateways.flatMap((name) => ['--gateway', name]);
    execFileSync(process.execPath, [COMMAND, 'certificates', '--directory', this.directory, ...names]);
  }

  /** The directory that a gateway reads its own from. */
  of(gateway: string): string {
    return join(this.directory, 'gateway', gateway);
  }

  /** The other end of the boundary, in this process. */
  async receive(sink: BlockSink, port = 0): Promise<RunningReceiver> {
    const read = (name: string) => readFileSync(join(this.directory, 'server', name), 'utf8');
    const identity = { key: read('key.pem'), cert: read('cert.pem'), ca: read('ca.pem') };
    const ports = { clock: systemClock, events: () => {} };
    const started = await startReceiver({ host: '127.0.0.1', port, identity, sink, ...ports });
    if (!started.ok) throw new Error(started.fault.detail);
    return started.value;
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

export class Site {
  readonly directory = mkdtempSync(join(tmpdir(), 'tidegate-gateway-'));
  readonly data = join(this.directory, 'data');
  readonly #certificates: Certificates;
  #configurations = 0;

  constructor(certificates: Certificates) {
    this.#certificates = certificates;
  }

  /** Writes a configuration of one device of the example plant; gives its file. */
  async configure(config: SiteConfig): Promise<string> {
    const { serverPort, devicePort, gateway = GATEWAY, dataDirectory = this.data, replace = [] } = config;
    let text = `gateway: ${gateway}
dataDirectory: ${dataDirectory}
server: { host: 127.0.0.1, port: ${serverPort}, certificates: ${config.certificates ?? this.#certificates.of(GATEWAY)} }
scanClasses: { fast: 20ms, slow: 100ms }
devices:
  - name: eastman
    protocol: modbus-tcp
    host: 127.0.0.1
    port: ${devicePort}
    tags:
      - { path: site/a-flow, address: "input:0", type: float32, scan: fast }
      - { path: site/d-flow, address: "input:2", type: float32, scan: fast, maxInterval: 20ms }
      - { path: site/e-flow, address: "input:4", type: float32, scan: fast, lane: operational, maxInterval: 20ms }
      - { path: site/nowhere, address: "input:60000", type: float32, scan: slow }
`;
    for (const [from, to] of replace) text = text.replace(from, to);
    const file = join(this.directory, `gateway-${this.#configurations++}.yaml`);
    await writeFile(file, text);
    return file;
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
