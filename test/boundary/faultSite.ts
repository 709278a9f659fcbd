/** A gateway that is fed numbered samples, a wire and a real server, for what can go wrong between them; and the count of what came out. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tally } from '@tidegate/core/ledger/tally.ts';
import { LANES, type PerLane } from '@tidegate/core/sample/lane.ts';
import { pending, unexplained } from '@tidegate/platform/historian/ingest/streamLedger.ts';
import { expect } from 'vitest';
import { ensureDevelopmentCertificates } from '../../apps/tidegate/src/certificates/ensureDevelopmentCertificates.ts';
import { type ArchiveCount, keyOf, readArchive } from '../rig/archiveCount.ts';
import { orThrow } from '../rig/gatewayPipeline.ts';
import type {
  AcceptedMessage,
  DrainedMessage,
  PassedMessage,
  SerialGatewayOptions,
  SerialOrder,
} from '../rig/serials.ts';
import { Host } from './host.ts';
import { BOUNDARY_PORT, CONSOLE_PORT } from './plantSite.ts';
import { Program } from './program.ts';
import { until } from './until.ts';
import { Wire } from './wire.ts';

export const GATEWAY = 'rig-1';
/** What a plant of some hundred tags brings in a second. */
export const STEADY: PerLane<number> = { operational: 1_000, analytical: 4_000, audit: 100 };

export class FaultSite {
  readonly ot = new Host('ot');
  readonly it = new Host('it');
  readonly wire: Wire;
  readonly server: Program;
  readonly directory: string;
  readonly certificates: { readonly server: string; readonly gateway: string };
  /** For each run and lane: how many serials are durable at the gateway. */
  readonly accepted = new Map<string, number>();
  #gateway: Program | undefined;
  #run = 0;
  #passed = false;
  #drained: DrainedMessage | undefined;

  private constructor(directory: string, certificates: { readonly server: string; readonly gateway: string }) {
    this.directory = directory;
    this.certificates = certificates;
    this.wire = new Wire(this.ot, this.it, '10.77.3');
    this.server = this.#serverProgram();
  }

  static async open(): Promise<FaultSite> {
    const directory = mkdtempSync(path.join(tmpdir(), 'tidegate-faults-'));
    const made = orThrow(
      await ensureDevelopmentCertificates(path.join(directory, 'certificates'), { gateways: [GATEWAY] }),
    );
    return new FaultSite(directory, { server: made.server, gateway: made.gateways[GATEWAY] });
  }

  get gateway(): Program {
    if (!this.#gateway) throw new Error('no gateway has been started');
    return this.#gateway;
  }

  /** Starts the next life of the gateway, whose samples carry serials of their own, and waits until samples are durable. */
  async startGateway(
    options: Partial<SerialGatewayOptions> = {},
    environment: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const run = this.#run++;
    const before = this.#gateway?.log ?? '';
    this.#gateway = this.gatewayProgram({ ...options, run });
    this.#gateway.log = before;
    this.#gateway.environment = environment;
    this.#gateway.onMessage((message) => this.#take(message as AcceptedMessage | PassedMessage | DrainedMessage));
    this.#gateway.start();
    await this.until('samples are durable at the gateway', () =>
      LANES.every((lane) => this.accepted.has(keyOf(run, lane))),
    );
  }

  /** A gateway with the name and the certificate of ours, and where not told otherwise with its spool. */
  gatewayProgram(options: Partial<SerialGatewayOptions>): Program {
    const all: SerialGatewayOptions = {
      ...{ gateway: GATEWAY, directory: path.join(this.directory, 'gateway'), run: 0, samplesPerSecond: STEADY },
      ...{ serverHost: this.wire.right.address, serverPort: BOUNDARY_PORT, certificates: this.certificates.gateway },
      ...options,
    };
    return new Program(this.ot, 'test/rig/serialGateway.ts', JSON.stringify(all));
  }

  feed(samplesPerSecond: PerLane<number>): void {
    this.gateway.send({ kind: 'feed', samplesPerSecond } satisfies SerialOrder);
  }

  /** The hours by which the gateway's clock is late pass, and bring so many samples. */
  async pass(samples: PerLane<number>): Promise<void> {
    this.gateway.send({ kind: 'pass', samples } satisfies SerialOrder);
    await this.until('the hours have passed', () => this.#passed, 120_000);
  }

  /** Asks the server's interface. */
  ask<T>(address: string): T {
    return this.it.fetchJson<T>(`http://127.0.0.1:${CONSOLE_PORT}/api/v1/${address}`);
  }

  stored(): number {
    return this.#total().stored;
  }

  /** Samples that the gateway holds and the server does not. */
  waiting(): number {
    return this.#total().inFlight;
  }

  #total(): { readonly stored: number; readonly inFlight: number } {
    return this.ask<{ total: { stored: number; inFlight: number } }>('ledger').total;
  }

  /** Waits until the server has stored more than it has now: samples cross. */
  async crosses(limitMs = 60_000): Promise<void> {
    await this.until('the server answers', () => this.stored() >= 0, limitMs);
    const before = this.stored();
    await this.until('samples cross', () => this.stored() > before, limitMs);
  }

  async until(what: string, condition: () => boolean, limitMs?: number): Promise<void> {
    await until(
      what,
      condition,
      () => `server: ${this.server.log.slice(-3_000)}\ngateway: ${this.#gateway?.log}`,
      limitMs,
    );
  }

  /** Seconds until `pattern` is in what a program has printed since the text `before`. */
  async secondsUntilSaid(program: Program, pattern: RegExp, before: string, limitMs = 60_000): Promise<number> {
    const beganAtMs = performance.now();
    await this.until(`${pattern}`, () => pattern.test(program.log.slice(before.length)), limitMs);
    return (performance.now() - beganAtMs) / 1_000;
  }

  /** Feeds no more, and waits until the server has acknowledged everything; gives the gateway's account. */
  async drain(limitMs = 120_000): Promise<PerLane<Tally>> {
    this.gateway.send({ kind: 'drain' } satisfies SerialOrder);
    await this.until('everything is acknowledged', () => this.#drained !== undefined, limitMs);
    return (this.#drained as DrainedMessage).tallies;
  }

  /** Drains, stops the server, and expects every sample that was accepted in the archive, each once, and a ledger that says so. */
  async expectAllOnce(limitMs?: number): Promise<ArchiveCount> {
    const tallies = await this.drain(limitMs);
    await this.server.end('SIGTERM');
    const count = await readArchive(path.join(this.directory, 'server'));
    expect(count.repeated).toBe(0);
    for (const [run, serials] of this.accepted) {
      expect(count.runs.get(run)?.held ?? 0, `run ${run}`).toBeGreaterThanOrEqual(serials);
      expect(count.runs.get(run)?.missing ?? 0, `run ${run}`).toBe(0);
    }
    const told = count.ledgers.map((ledger) => {
      const { lane, stored, lost } = ledger;
      return { lane, stored, lost, pending: pending(ledger), unexplained: unexplained(ledger) };
    });
    const clean = { lost: 0, pending: 0, unexplained: 0 };
    expect(told.sort((a, b) => LANES.indexOf(a.lane) - LANES.indexOf(b.lane))).toEqual(
      LANES.map((lane) => ({ lane, stored: tallies[lane].accepted, ...clean })),
    );
    expect(count.samples).toBe(LANES.reduce((sum, lane) => sum + tallies[lane].accepted, 0));
    return count;
  }

  remove(): void {
    this.ot.remove();
    this.it.remove();
    rmSync(this.directory, { recursive: true, force: true });
  }

  #serverProgram(): Program {
    const file = path.join(this.directory, 'server.yaml');
    writeFileSync(
      file,
      `dataDirectory: server
boundary: { host: ${this.wire.right.address}, port: ${BOUNDARY_PORT}, certificates: ${this.certificates.server} }
console: { port: ${CONSOLE_PORT} }
historian: { retention: [{ tags: '**', keep: 365d }] }
lake: { enabled: false }
sql: { enabled: false }
`,
    );
    return new Program(this.it, 'apps/server/src/main.ts', '--config', file);
  }

  #take(message: AcceptedMessage | PassedMessage | DrainedMessage): void {
    if (message.kind === 'accepted') this.accepted.set(keyOf(message.run, message.lane), message.serials);
    else if (message.kind === 'passed') this.#passed = true;
    else this.#drained = message;
  }
}
