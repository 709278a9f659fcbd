/** What the programs of a plant with a relay are configured with: one device, its gateway, the relay, and the server. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  authorityDirectory,
  readCredentials,
  writeCredentials,
  writeTrusted,
} from '../../apps/tidegate/src/certificates/certificateFiles.ts';
import { ensureDevelopmentCertificates } from '../../apps/tidegate/src/certificates/ensureDevelopmentCertificates.ts';
import { issueCredentials } from '../../apps/tidegate/src/certificates/issueCertificate.ts';
import { validityOf } from '../../apps/tidegate/src/certificates/validity.ts';
import { ROOT } from '../architecture/sourceTree.ts';
import { orThrow } from './gatewayPipeline.ts';

const GATEWAY = 'north-1';
const RELAY = 'dmz-1';

/** The names under which the relay and the server are reached. */
export interface RelaySiteHosts {
  readonly relay: readonly string[];
  readonly server: readonly string[];
}

/** A place to listen at or to connect to. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

export class RelaySite {
  readonly directory = mkdtempSync(path.join(tmpdir(), 'tidegate-relay-'));

  static async create(hosts: RelaySiteHosts): Promise<RelaySite> {
    const site = new RelaySite();
    await site.#makeCertificates(hosts);
    return site;
  }

  /** Arguments of the program that imitates the device. */
  plantArguments(port: number): string[] {
    return ['--data', path.join(ROOT, 'examples/plant/data'), '--ports', String(port)];
  }

  gatewayFile(relay: Place, devicePort: number): string {
    return this.#write(
      'gateway.yaml',
      `gateway: ${GATEWAY}
dataDirectory: gateway
server: { host: ${relay.host}, port: ${relay.port}, certificates: certificates/gateway/${GATEWAY} }
scanClasses: { fast: 100ms }
devices:
  - name: eastman
    protocol: modbus-tcp
    host: 127.0.0.1
    port: ${devicePort}
    tags:
      - { path: site/a-flow, address: "input:0", type: float32, scan: fast, lane: operational, maxInterval: 100ms }
      - { path: site/d-flow, address: "input:2", type: float32, scan: fast, maxInterval: 100ms }
`,
    );
  }

  /** `deliver` as the file of a relay has it. */
  gateFile(listen: Place, deliver: string): string {
    return this.#write(
      'gate.yaml',
      `relay: ${RELAY}
dataDirectory: gate
certificates: certificates/relay/${RELAY}
listen: { host: ${listen.host}, port: ${listen.port} }
gateways: [${GATEWAY}]
deliver: ${deliver}
`,
    );
  }

  /** `boundary`: more of that part of the file. */
  serverFile(listen: Place, consolePort: number, boundary = ''): string {
    return this.#write(
      'server.yaml',
      `dataDirectory: server
boundary:
  host: ${listen.host}
  port: ${listen.port}
  certificates: certificates/server
  relays: [{ name: ${RELAY}, gateways: [${GATEWAY}] }]
  ${boundary}
console: { port: ${consolePort} }
lake: { enabled: false }
sql: { enabled: false }
`,
    );
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  #write(name: string, text: string): string {
    const file = path.join(this.directory, name);
    writeFileSync(file, text);
    return file;
  }

  async #makeCertificates(hosts: RelaySiteHosts): Promise<void> {
    const directory = path.join(this.directory, 'certificates');
    orThrow(await ensureDevelopmentCertificates(directory, { gateways: [GATEWAY], serverNames: hosts.server }));
    const authority = await readCredentials(authorityDirectory(directory));
    if (!authority) throw new Error('no authority was made');
    const relay = path.join(directory, 'relay', RELAY);
    const validity = validityOf(new Date(), 30);
    const subject = { role: 'relay', name: RELAY, hosts: hosts.relay } as const;
    await writeCredentials(relay, await issueCredentials(authority, subject, validity));
    await writeTrusted(relay, authority.cert);
  }
}
