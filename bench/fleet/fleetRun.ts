/** One run of a gateway process with a fleet of devices: how punctual it is, and what it costs. */

import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayStatus } from '@tidegate/core/port/gatewayStatus.ts';
import { KillableProcess } from '../../test/rig/killableProcess.ts';
import { GATEWAY, ServerSite } from '../../test/rig/serverSite.ts';
import type { FleetReport, Health } from './fleetServers.ts';

export interface FleetRun {
  /** How much later than at its best moment a scan reached a device that is well. */
  readonly jitterP50Ms: number;
  readonly jitterP99Ms: number;
  readonly jitterMaxMs: number;
  /** How late a bare timer was meanwhile in the process of the devices: what the machine does to everybody. */
  readonly timerP99Ms: number;
  /** Scans that reached the devices that are well, of those that were due. */
  readonly scansKept: number;
  /** Of one core. */
  readonly cpuShare: number;
  readonly residentMb: number;
  /** What the gateway itself says of the devices that are well, its start included: the p99 of the one in the middle. */
  readonly latenessP99Ms: number;
}

const TAGS_EACH = 50;
/** What comes before belongs to starting: connecting, first compilation, the first failures of each dead device. */
const WARM_UP_MS = 20_000;
/** The unit of times in /proc/PID/stat (proc(5)): sysconf(_SC_CLK_TCK), which is 100 on every Linux in use. */
const TICKS_PER_SECOND = 100;

type Message = GatewayStatus | FleetReport | { readonly kind: 'ready'; readonly ports: readonly number[] };

export async function runFleet(fleet: readonly Health[], seconds: number): Promise<FleetRun> {
  const site = await ServerSite.create();
  const { boundaryPort } = await site.start();
  const servers = new Listener('bench/fleet/fleetServers.ts');
  const gateway = new Listener('apps/gateway/src/main.ts');
  try {
    servers.process.start(fleet);
    const { ports } = await servers.next('ready');
    gateway.process.start(['--config', await configure(site, boundaryPort, ports)]);
    await sleep(WARM_UP_MS);
    servers.process.send({ kind: 'measure' });
    const cpuBefore = cpuSeconds(gateway.process);
    const startMs = performance.now();
    await sleep(seconds * 1_000);
    const took = (performance.now() - startMs) / 1_000;
    const cpuShare = (cpuSeconds(gateway.process) - cpuBefore) / took;
    servers.process.send({ kind: 'report' });
    const { requests, jitterMs, timerMs } = await servers.next('report');
    const { devices, residentBytes } = await gateway.next('gateway-status');
    const well = devices.filter((_, index) => fleet[index] === 'well');
    const lateness = well.map(({ scanLatenessP99Ms = Number.NaN }) => scanLatenessP99Ms).sort((a, b) => a - b);
    return {
      jitterP50Ms: quantile(jitterMs, 0.5),
      jitterP99Ms: quantile(jitterMs, 0.99),
      jitterMaxMs: quantile(jitterMs, 1),
      timerP99Ms: quantile(timerMs, 0.99),
      scansKept: requests / (well.length * took),
      cpuShare,
      residentMb: residentBytes / 1e6,
      latenessP99Ms: quantile(lateness, 0.5),
    };
  } finally {
    await Promise.all([gateway.process.end('SIGTERM'), servers.process.end()]);
    await site.close();
  }
}

/** A child process whose messages are waited for. */
class Listener {
  readonly process: KillableProcess;
  #message = Promise.withResolvers<Message>();

  constructor(script: string) {
    this.process = new KillableProcess(script, (message) => {
      this.#message.resolve(message as Message);
      this.#message = Promise.withResolvers();
    });
  }

  async next<K extends Message['kind']>(kind: K): Promise<Extract<Message, { readonly kind: K }>> {
    const ended = this.process.ended().then(() => Promise.reject(new Error(`it ended: ${this.process.log}`)));
    for (;;) {
      const message = await Promise.race([this.#message.promise, ended]);
      if (message.kind === kind) return message as Extract<Message, { readonly kind: K }>;
    }
  }
}

async function configure(site: ServerSite, boundaryPort: number, ports: readonly number[]): Promise<string> {
  const certificates = site.gatewayCertificates;
  const devices = ports.map((port, device) => {
    const tags = `device-${device}.csv`;
    return `  - { name: device-${device}, protocol: modbus-tcp, host: 127.0.0.1, port: ${port}, tags: ${tags} }`;
  });
  for (const device of ports.keys())
    await writeFile(path.join(site.directory, `device-${device}.csv`), tagList(device));
  const lines = [
    `gateway: ${GATEWAY}`,
    'dataDirectory: gateway',
    `server: { host: 127.0.0.1, port: ${boundaryPort}, serverName: localhost, certificates: ${certificates} }`,
    'scanClasses: { every: 1s }',
    'devices:',
    ...devices,
    '',
  ];
  const file = path.join(site.directory, 'gateway.yaml');
  await writeFile(file, lines.join('\n'));
  return file;
}

function tagList(device: number): string {
  const rows = Array.from({ length: TAGS_EACH }, (_, tag) => {
    return `fleet/device-${device}/tag-${tag},holding:${tag},uint16,every,analytical\n`;
  });
  return `path,address,type,scan,lane\n${rows.join('')}`;
}

/** Nearest rank. */
function quantile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.ceil(fraction * sorted.length) - 1] ?? Number.NaN;
}

/** What a process has used of the processor, in user and system mode (proc(5), fields 14 and 15 of stat). */
function cpuSeconds({ pid }: KillableProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
