/** What the three programs of a boundary test are configured with: a plant of one device, its gateway and its server. */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureDevelopmentCertificates } from '../../apps/tidegate/src/certificates/ensureDevelopmentCertificates.ts';
import { ROOT } from '../architecture/sourceTree.ts';
import { orThrow } from '../rig/gatewayPipeline.ts';
import type { Host } from './host.ts';
import { Program } from './program.ts';

export const GATEWAY = 'north-1';
export const BOUNDARY_PORT = 7420;
export const CONSOLE_PORT = 8420;
const DEVICE_PORT = 15020;

export class PlantSite {
  readonly directory: string;
  readonly #certificates: Awaited<ReturnType<typeof makeCertificates>>;

  private constructor(directory: string, certificates: Awaited<ReturnType<typeof makeCertificates>>) {
    this.directory = directory;
    this.#certificates = certificates;
  }

  /** `serverName`: under which address the gateway knows the server. */
  static async create(serverName: string): Promise<PlantSite> {
    const directory = mkdtempSync(path.join(tmpdir(), 'tidegate-boundary-'));
    return new PlantSite(directory, await makeCertificates(directory, serverName));
  }

  /** The device, which replays a recording over Modbus TCP on the host itself. */
  plant(host: Host): Program {
    const recordings = path.join(ROOT, 'examples/plant/data');
    return new Program(host, 'apps/plant/src/main.ts', '--data', recordings, '--ports', String(DEVICE_PORT));
  }

  /** The gateway, which delivers to `server`; `diode` says how, where nothing comes back from there. */
  gateway(host: Host, server: string, diode = '', port = BOUNDARY_PORT): Program {
    const file = this.#write(
      'gateway.yaml',
      `gateway: ${GATEWAY}
dataDirectory: gateway
server: { host: ${server}, port: ${port}, certificates: ${this.#certificates.gateways[GATEWAY]}${diode} }
scanClasses: { fast: 100ms }
devices:
  - name: eastman
    protocol: modbus-tcp
    host: 127.0.0.1
    port: ${DEVICE_PORT}
    tags:
      - { path: site/a-flow, address: "input:0", type: float32, scan: fast, lane: operational, maxInterval: 100ms }
      - { path: site/d-flow, address: "input:2", type: float32, scan: fast, maxInterval: 100ms }
`,
    );
    return new Program(host, 'apps/gateway/src/main.ts', '--config', file);
  }

  /** The server; `diode` says where datagrams come in besides. */
  server(host: Host, address: string, diode = ''): Program {
    const file = this.#write(
      'server.yaml',
      `dataDirectory: server
boundary: { host: ${address}, port: ${BOUNDARY_PORT}, certificates: ${this.#certificates.server}${diode} }
console: { port: ${CONSOLE_PORT} }
lake: { enabled: false }
sql: { enabled: false }
`,
    );
    return new Program(host, 'apps/server/src/main.ts', '--config', file);
  }

  /** Gives the file of a new secret, which only its owner may read. */
  secret(name: string): string {
    const file = path.join(this.directory, name);
    writeFileSync(file, randomBytes(32), { mode: 0o600 });
    return file;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  #write(name: string, text: string): string {
    const file = path.join(this.directory, name);
    writeFileSync(file, text);
    return file;
  }
}

async function makeCertificates(directory: string, serverName: string) {
  const options = { gateways: [GATEWAY], serverNames: [serverName] };
  return orThrow(await ensureDevelopmentCertificates(path.join(directory, 'certificates'), options));
}
