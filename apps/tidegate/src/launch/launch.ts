/** A whole Tidegate on one machine: its processes brought up in the order of the data, and down in the same order. */

import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { ensureDevelopmentCertificates } from '../certificates/ensureDevelopmentCertificates.ts';
import { EXAMPLE, PROGRAMS, STATION_EXAMPLE } from '../repository.ts';
import { ServerApi } from '../serverApi/serverApi.ts';
import {
  readGatewayName,
  startsStation,
  writePlantGateway,
  writeServerConfiguration,
  writeStationGateway,
} from './exampleConfiguration.ts';
import { fillPast } from './fillPast.ts';
import type { LaunchOptions } from './launchOptions.ts';
import { probePorts, type WantedPort } from './portProbe.ts';
import type { RunObserver } from './runObserver.ts';
import type { RuntimeDirectory } from './runtimeDirectory.ts';
import { type ProcessEnd, SupervisedProcess } from './supervisedProcess.ts';

/** Long enough for a loaded machine to start Node three times. */
const START_TIMEOUT_MS = 30_000;
const POLL_MS = 50;
/** A gateway stops its devices and then drains its spool: it is given the most time. */
const STOP_TIMEOUT_MS = { gateway: 10_000, 'station-gateway': 10_000, plant: 2_000, server: 8_000 } as const;
type ProgramName = keyof typeof STOP_TIMEOUT_MS;
type GatewayProgram = 'gateway' | 'station-gateway';
const SCRIPTS: Readonly<Record<ProgramName, string>> = { ...PROGRAMS, 'station-gateway': PROGRAMS.gateway };
/** How long blocks that have been sent may take to show in the ledger of the server. */
const SETTLE_TIMEOUT_MS = 5_000;

export class Launch {
  readonly #options: LaunchOptions;
  readonly #directory: RuntimeDirectory;
  readonly #observer: RunObserver;
  readonly #report: (end: ProcessEnd) => void;
  readonly #processes = new Map<ProgramName, SupervisedProcess>();
  /** Those that have been ready once. */
  readonly #ready = new Set<ProgramName>();
  readonly #broken = new AbortController();
  #plantReady = false;

  /** `report` is told of every process that dies by itself. */
  constructor(
    options: LaunchOptions,
    directory: RuntimeDirectory,
    observer: RunObserver,
    report: (end: ProcessEnd) => void,
  ) {
    this.#options = options;
    this.#directory = directory;
    this.#observer = observer;
    this.#report = report;
  }

  /** Aborts when a process cannot run at all: it asked for a change by a person. The reason is the fault. */
  get broken(): AbortSignal {
    return this.#broken.signal;
  }

  /**
   * Starts plant, server and gateways, each when the one before it is ready; ends early when `signal` aborts. Faults:
   * `launch.port`, `launch.process`, and those of the certificates.
   */
  async start(signal: AbortSignal): Promise<Result<void>> {
    if (this.#options.pastDays !== undefined && existsSync(this.#directory.serverData)) {
      const detail = `--past-days begins a history, and ${this.#directory.serverData} holds one; --fresh deletes it.`;
      return failure('launch.option', detail);
    }
    const free = await probePorts(wantedPorts(this.#options));
    if (!free.ok) return free;
    const gateways = await this.#prepare();
    if (!gateways.ok) return gateways;

    const stopped = AbortSignal.any([signal, this.broken]);
    if (this.#options.plantPorts.length > 0) {
      this.#startProcess('plant', this.#plantArguments());
      const ready = await this.#until('plant', stopped, async () => this.#plantReady);
      if (!ready.ok) return ready;
    }
    this.#startProcess('server', ['--config', join(this.#directory.path, 'server.yaml')]);
    const api = new ServerApi(consoleUrl(this.#options));
    const ready = await this.#until('server', stopped, async () => (await api.get('/status')).ok);
    if (!ready.ok) return ready;
    await this.#observer.start();
    for (const [name, config] of gateways.value) this.#startProcess(name, ['--config', config]);
    for (const [name] of gateways.value) {
      const heard = await this.#until(name, stopped, async () => this.#observer.hasHeard(name));
      if (!heard.ok) return heard;
    }
    if (this.#options.pastDays === undefined || stopped.aborted) return success(undefined);
    return fillPast(this.#directory, stopped);
  }

  /** Stops the devices, lets the spool drain, waits until the server's account is complete, then stops the rest. */
  async stop(): Promise<void> {
    await Promise.all(gatewayPrograms(this.#options).map((name) => this.#processes.get(name)?.stop()));
    await this.#settle();
    this.#observer.close();
    await Promise.all([this.#processes.get('server')?.stop(), this.#processes.get('plant')?.stop()]);
  }

  /** Ends every process at once. */
  kill(): void {
    for (const one of this.#processes.values()) one.kill();
  }

  /** Certificates and configurations; gives the file of each gateway's configuration. */
  async #prepare(): Promise<Result<ReadonlyMap<GatewayProgram, string>>> {
    const own = this.#options.gatewayConfig;
    const files = [own ?? EXAMPLE.gateway, ...(startsStation(this.#options) ? [STATION_EXAMPLE.gateway] : [])];
    const names = await Promise.all(files.map(readGatewayName));
    const gateways = names.filter((name) => name !== undefined);
    const made = await ensureDevelopmentCertificates(this.#directory.certificates, { gateways });
    if (!made.ok) return made;
    const { server, gateways: certificates } = made.value;
    await writeServerConfiguration(this.#directory, this.#options, server);
    const configs = new Map<GatewayProgram, string>();
    configs.set('gateway', own ?? (await writePlantGateway(this.#directory, this.#options, certificates)));
    if (startsStation(this.#options)) {
      configs.set('station-gateway', await writeStationGateway(this.#directory, this.#options, certificates));
    }
    return success(configs);
  }

  #plantArguments(): string[] {
    const { plantPorts, stationPorts, pastDays, paceArguments } = this.#options;
    const ports = [...plantPorts, ...stationPorts].join(',');
    const certificates = this.#directory.stationCertificates;
    const { faults, pastFaults } = STATION_EXAMPLE;
    const plan = stationPorts.length > 0 ? ['--faults', pastDays === undefined ? faults : pastFaults] : [];
    const past = pastDays === undefined ? [] : ['--past-days', `${pastDays}`, '--past-file', this.#directory.pastFile];
    const station = ['--certificates', certificates, ...plan, ...past];
    return ['--data', EXAMPLE.recordings, '--ports', ports, ...station, ...paceArguments];
  }

  #startProcess(name: ProgramName, args: readonly string[]): void {
    const logFile = join(this.#directory.log, `${name}.log`);
    // The log of the run before stays beside the new one: it may tell why there had to be another.
    if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`);
    const plan = { name, script: SCRIPTS[name], args, logFile, stopTimeoutMs: STOP_TIMEOUT_MS[name] };
    const supervised = new SupervisedProcess(plan, {
      message: (message) => this.#takeMessage(name, message),
      ended: (end) => this.#takeEnd(name, end),
    });
    this.#processes.set(name, supervised);
    supervised.start();
  }

  #takeMessage(name: ProgramName, message: unknown): void {
    this.#observer.takeMessage(name, message);
    if (name === 'plant' && (message as { kind?: string }).kind === 'ready') this.#plantReady = true;
  }

  #takeEnd(name: ProgramName, end: ProcessEnd): void {
    // What dies before it has ever been ready would only do so again.
    const again = this.#ready.has(name) ? end.restartInMs : undefined;
    this.#report({ ...end, restartInMs: again });
    if (again !== undefined) return;
    this.#processes.get(name)?.kill();
    const detail = `The ${name} cannot run (${end.how}); its log is ${end.logFile}.`;
    this.#broken.abort(failure('launch.process', detail).fault);
  }

  /** Waits for `condition`. Success as well when someone stops the launch: then nobody waits for it any more. */
  async #until(name: ProgramName, stopped: AbortSignal, condition: () => Promise<boolean>): Promise<Result<void>> {
    const deadlineMs = performance.now() + START_TIMEOUT_MS;
    while (!stopped.aborted) {
      if (await condition()) {
        this.#ready.add(name);
        return success(undefined);
      }
      if (performance.now() > deadlineMs) {
        const log = join(this.#directory.log, `${name}.log`);
        return failure(
          'launch.process',
          `The ${name} is not ready after ${START_TIMEOUT_MS / 1_000} s; its log is ${log}.`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return this.broken.aborted ? { ok: false, fault: this.broken.reason as Fault } : success(undefined);
  }

  /** A gateway ends when its blocks are acknowledged; only one that was killed leaves anything to wait for. */
  async #settle(): Promise<void> {
    if (!gatewayPrograms(this.#options).some((name) => this.#processes.has(name))) return;
    const deadlineMs = performance.now() + SETTLE_TIMEOUT_MS;
    do {
      await this.#observer.refresh();
      if (this.#observer.discrepancies.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    } while (performance.now() < deadlineMs);
  }
}

/** The names of the gateway processes that will run. */
export function gatewayPrograms(options: LaunchOptions): readonly GatewayProgram[] {
  return startsStation(options) ? ['gateway', 'station-gateway'] : ['gateway'];
}

export function consoleUrl({ consolePort }: LaunchOptions): string {
  return `http://127.0.0.1:${consolePort}`;
}

function wantedPorts({ consolePort, boundaryPort, plantPorts, stationPorts }: LaunchOptions): WantedPort[] {
  return [
    { port: consolePort, purpose: 'the console', option: '--port' },
    { port: boundaryPort, purpose: 'the boundary', option: '--boundary-port' },
    ...[...plantPorts, ...stationPorts].map((port) => ({ port, purpose: 'the plant', option: '--plant-ports' })),
  ];
}
