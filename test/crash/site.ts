/** A gateway, a line and a server that a test may treat badly, and the count of what came out. */

import path from 'node:path';
import { LANES, perLane } from '@tidegate/core/sample/lane.ts';
import { TcpProxy } from '@tidegate/oneway/testbed/tcpProxy.ts';
import { type ArchiveCount, countSerials, keyOf } from '../rig/archiveCount.ts';
import { KillableProcess } from '../rig/killableProcess.ts';
import type { AcceptedMessage, DrainedMessage, SerialOrder } from '../rig/serials.ts';
import { GATEWAY, ServerSite } from '../rig/serverSite.ts';

const SAMPLES_PER_SECOND = perLane(() => 33_000);
/** A connection over which nothing comes back is given up sooner than in a plant, so that a test sees it happen often. */
const ACK_TIMEOUT_MS = 1_500;
const POLL_MS = 20;
const DRAIN_TIMEOUT_MS = 120_000;

export class Site {
  readonly proxy: TcpProxy;
  readonly gateway: KillableProcess;
  /** For each run and lane, `run/lane`: how many serials the gateway said were durable. */
  readonly accepted = new Map<string, number>();
  readonly #site: ServerSite;
  #drained: DrainedMessage | undefined;
  #run = 0;

  private constructor(site: ServerSite, proxy: TcpProxy) {
    this.#site = site;
    this.proxy = proxy;
    this.gateway = new KillableProcess('test/rig/serialGateway.ts', (message) => this.#take(message));
  }

  static async open(): Promise<Site> {
    return new Site(await ServerSite.create(), await TcpProxy.start(1));
  }

  get directory(): string {
    return this.#site.directory;
  }

  get server(): KillableProcess {
    return this.#site.server;
  }

  async startServer(): Promise<void> {
    const { boundaryPort } = await this.#site.start();
    this.proxy.targetPort = boundaryPort;
  }

  /** Starts the next run of the gateway, whose samples carry serials of their own. */
  startGateway(): void {
    const options = {
      gateway: GATEWAY,
      directory: path.join(this.directory, 'gateway'),
      serverPort: this.proxy.port,
      certificates: this.#site.gatewayCertificates,
      run: this.#run++,
      samplesPerSecond: SAMPLES_PER_SECOND,
      ackTimeoutMs: ACK_TIMEOUT_MS,
    };
    this.gateway.start([JSON.stringify(options)]);
  }

  /** Resolves when the gateway of the present run has said that samples of both lanes are durable. */
  async gatewayAccepts(): Promise<void> {
    const keys = LANES.map((lane) => keyOf(this.#run - 1, lane));
    await until('the gateway accepts', () => keys.every((key) => (this.accepted.get(key) ?? 0) > 0), this.gateway);
  }

  /** Feeds no more, and waits until the server has acknowledged everything; gives the gateway's account. */
  async drain(): Promise<DrainedMessage> {
    this.gateway.send({ kind: 'drain' } satisfies SerialOrder);
    await until('everything is acknowledged', () => this.#drained !== undefined, this.gateway, DRAIN_TIMEOUT_MS);
    return this.#drained as DrainedMessage;
  }

  /** Stops the server and counts what its archive holds. */
  async count(): Promise<ArchiveCount> {
    const historian = await this.#site.openHistorian();
    try {
      return await countSerials(historian);
    } finally {
      await historian.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.gateway.end(), this.proxy.stop()]);
    await this.#site.close();
  }

  #take(message: unknown): void {
    const said = message as AcceptedMessage | DrainedMessage;
    if (said.kind === 'drained') this.#drained = said;
    else this.accepted.set(keyOf(said.run, said.lane), said.serials);
  }
}

async function until(
  what: string,
  condition: () => boolean,
  process: KillableProcess,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (!process.alive) throw new Error(`The process ended before ${what}:\n${process.log.slice(-4_000)}`);
    if (performance.now() > deadline)
      throw new Error(`Not within ${timeoutMs} ms: ${what}.\n${process.log.slice(-4_000)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
