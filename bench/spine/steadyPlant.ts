/** 10,000 tags of Modbus devices at a scan of one second: how late they are served live, and what memory it takes. */

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LatencyHistogram } from '../../apps/tidegate/src/launch/latencyHistogram.ts';
import { EventStreamParser } from '../../apps/tidegate/src/serverApi/eventStream.ts';
import { KillableProcess } from '../../test/rig/killableProcess.ts';
import { RegisterPlant } from '../../test/rig/registerPlant.ts';
import { GATEWAY, ServerSite } from '../../test/rig/serverSite.ts';

export interface SteadyRun {
  readonly seconds: number;
  readonly valuesServed: number;
  /** From the time of the device's answer to the arrival of the event at a client of the live stream. */
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  /** Resident memory at the end, in megabytes (10^6 bytes). */
  readonly gatewayMb: number;
  readonly serverMb: number;
}

export interface SteadyOptions {
  readonly seconds: number;
  /** So many tags are 0 and 100 in turn, a second each, and each has an alarm above 50. */
  readonly alarms?: number;
  /** Called at the end, while everything runs. */
  readonly inspect?: (url: string) => Promise<void>;
}

const DEVICES = 10;
const TAGS_EACH = 1_000;
/** What comes before belongs to starting: connecting, first compilation, the snapshot for a new client. */
const WARM_UP_MS = 5_000;
const PROGRESS_MS = 30_000;

export async function runSteadyPlant(options: SteadyOptions, progress: (line: string) => void): Promise<SteadyRun> {
  const { seconds, alarms = 0, inspect } = options;
  const site = await ServerSite.create();
  const { url, boundaryPort } = await site.start();
  const plant = await RegisterPlant.start({ devices: DEVICES, tagsEach: TAGS_EACH, pulsing: alarms });
  const gateway = new KillableProcess('apps/gateway/src/main.ts');
  const stop = new AbortController();
  try {
    const configuration = await plant.configureGateway({
      directory: site.directory,
      gateway: GATEWAY,
      serverPort: boundaryPort,
      certificates: site.gatewayCertificates,
      scan: '1s',
      more: alarmLines(alarms),
    });
    gateway.start(['--config', configuration]);
    await sleep(WARM_UP_MS);
    const latency = new LatencyHistogram();
    const measuring = measure(url, latency, stop.signal);
    for (let left = seconds * 1_000; left > 0; left -= PROGRESS_MS) {
      await sleep(Math.min(left, PROGRESS_MS));
      const memory = `gateway ${residentMb(gateway).toFixed(0)} MB, server ${residentMb(site.server).toFixed(0)} MB`;
      progress(`${latency.total} values served live, p99 ${latency.percentile(0.99)} ms, ${memory}`);
    }
    stop.abort();
    await measuring;
    await inspect?.(url);
    return {
      seconds,
      valuesServed: latency.total,
      latencyMs: { p50: latency.percentile(0.5) ?? Number.NaN, p99: latency.percentile(0.99) ?? Number.NaN },
      gatewayMb: residentMb(gateway),
      serverMb: residentMb(site.server),
    };
  } finally {
    stop.abort();
    await Promise.all([gateway.end('SIGTERM'), plant.stop()]);
    await site.close();
  }
}

/** Tags of one device, all devices being alike. */
function alarmLines(count: number): readonly string[] {
  if (count === 0) return [];
  const entries = Array.from({ length: count }, (_, tag) => {
    const what = `tag: rig/device-0/tag-${tag}, condition: high, limit: 50`;
    return `  - { ${what}, exception: what a gateway can bear, priority: low }`;
  });
  return ['alarms:', ...entries];
}

async function measure(url: string, latency: LatencyHistogram, signal: AbortSignal): Promise<void> {
  const parser = new EventStreamParser();
  try {
    const answer = await fetch(new URL('/api/v1/live', url), { signal });
    for await (const bytes of answer.body ?? []) {
      const nowMs = Date.now();
      for (const { event, data } of parser.push(bytes)) {
        if (event !== 'samples') continue;
        for (const timeUs of (JSON.parse(data) as { times: number[] }).times) latency.add(nowMs - timeUs / 1_000);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Resident set of a process as Linux counts it (proc(5), VmRSS). */
function residentMb({ pid }: KillableProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1_024) / 1e6;
}
