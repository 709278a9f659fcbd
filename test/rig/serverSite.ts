/** A directory with certificates for one gateway, and a real server in it that may be killed and started again. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { Historian } from '@tidegate/platform/historian/query/historian.ts';
import { ensureDevelopmentCertificates } from '../../apps/tidegate/src/certificates/ensureDevelopmentCertificates.ts';
import { orThrow } from './gatewayPipeline.ts';
import { KillableProcess } from './killableProcess.ts';

export const GATEWAY = 'rig-1';

interface ReadyMessage {
  readonly kind: 'ready';
  readonly url: string;
  readonly boundaryPort: number;
}

export class ServerSite {
  readonly directory: string;
  readonly server: KillableProcess;
  #ready = Promise.withResolvers<ReadyMessage>();

  private constructor(directory: string) {
    this.directory = directory;
    this.server = new KillableProcess('apps/server/src/main.ts', (message) => {
      if ((message as ReadyMessage).kind === 'ready') this.#ready.resolve(message as ReadyMessage);
    });
  }

  static async create(): Promise<ServerSite> {
    const directory = await mkdtemp(path.join(tmpdir(), 'tidegate-rig-'));
    const certificates = path.join(directory, 'certificates');
    const made = orThrow(await ensureDevelopmentCertificates(certificates, { gateways: [GATEWAY] }));
    await writeFile(
      path.join(directory, 'server.yaml'),
      `dataDirectory: server\nboundary: { port: 0, certificates: ${made.server} }\nconsole: { port: 0 }\n`,
    );
    return new ServerSite(directory);
  }

  /** Resolves when gateways can connect; rejects where the server ends before. */
  async start(): Promise<ReadyMessage> {
    this.#ready = Promise.withResolvers();
    this.server.start(['--config', path.join(this.directory, 'server.yaml')]);
    return Promise.race([
      this.#ready.promise,
      this.server.ended().then(() => Promise.reject(new Error(this.server.log))),
    ]);
  }

  get gatewayCertificates(): string {
    return path.join(this.directory, 'certificates', 'gateway', GATEWAY);
  }

  /** Stops the server and opens what it has kept. */
  async openHistorian(): Promise<Historian> {
    await this.server.end();
    const directory = path.join(this.directory, 'server');
    return orThrow(await Historian.open({ directory, clock: systemClock, events: () => undefined }));
  }

  async close(): Promise<void> {
    await this.server.end();
    await rm(this.directory, { recursive: true, force: true });
  }
}
