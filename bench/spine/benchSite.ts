/** The server of a benchmark as a real process, with certificates and a directory of its own. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureDevelopmentCertificates } from '../../apps/tidegate/src/certificates/ensureDevelopmentCertificates.ts';
import { orThrow } from '../../test/rig/gatewayPipeline.ts';
import { KillableProcess } from '../../test/rig/killableProcess.ts';

export const GATEWAY = 'bench-1';

interface ReadyMessage {
  readonly kind: 'ready';
  readonly url: string;
  readonly boundaryPort: number;
}

export class BenchSite {
  readonly directory: string;
  readonly server: KillableProcess;
  /** Of the REST interface. */
  readonly url: string;
  readonly boundaryPort: number;

  private constructor(directory: string, server: KillableProcess, { url, boundaryPort }: ReadyMessage) {
    this.directory = directory;
    this.server = server;
    this.url = url;
    this.boundaryPort = boundaryPort;
  }

  static async open(): Promise<BenchSite> {
    const directory = await mkdtemp(path.join(tmpdir(), 'tidegate-bench-'));
    const certificates = path.join(directory, 'certificates');
    const made = orThrow(await ensureDevelopmentCertificates(certificates, { gateways: [GATEWAY] }));
    const configuration = path.join(directory, 'server.yaml');
    await writeFile(
      configuration,
      `dataDirectory: server\nboundary: { port: 0, certificates: ${made.server} }\nconsole: { port: 0 }\n`,
    );
    const ready = Promise.withResolvers<ReadyMessage>();
    const server = new KillableProcess('apps/server/src/main.ts', (message) => {
      if ((message as ReadyMessage).kind === 'ready') ready.resolve(message as ReadyMessage);
    });
    server.start(['--config', configuration]);
    return new BenchSite(directory, server, await ready.promise);
  }

  get gatewayCertificates(): string {
    return path.join(this.directory, 'certificates', 'gateway', GATEWAY);
  }

  /** Of the server's answer to `GET /api/v1/status`. */
  async storedSamples(): Promise<number> {
    const status = await (await fetch(new URL('/api/v1/status', this.url))).json();
    return (status as { historian: { samples: number } }).historian.samples;
  }

  async close(): Promise<void> {
    await this.server.end('SIGTERM');
    await rm(this.directory, { recursive: true, force: true });
  }
}
