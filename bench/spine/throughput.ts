/** How many values a second go from conditioning, or from the spool, to archived and acknowledged, every step durable. */

import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KillableProcess } from '../../test/rig/killableProcess.ts';
import { GATEWAY, ServerSite } from '../../test/rig/serverSite.ts';
import type { FloodOptions, FloodResult } from './floodGateway.ts';

export interface Throughput {
  readonly values: number;
  /** From the first value given to conditioning, or the first attempt to connect, until the archive holds them all. */
  readonly seconds: number;
}

const TAGS = 10_000;
const POLL_MS = 5;

/** Throws where a value was refused: then the run has measured something else. */
export async function measureThroughput(
  values: number,
  { lanes, part }: Pick<FloodOptions, 'lanes' | 'part'>,
): Promise<Throughput> {
  const site = await ServerSite.create();
  const { url, boundaryPort } = await site.start();
  const ready = Promise.withResolvers<void>();
  const done = Promise.withResolvers<FloodResult>();
  const gateway = new KillableProcess('bench/spine/floodGateway.ts', (message) => {
    const said = message as { kind: 'ready' } | FloodResult;
    if (said.kind === 'ready') ready.resolve();
    else done.resolve(said);
  });
  try {
    const options: FloodOptions = {
      gateway: GATEWAY,
      directory: path.join(site.directory, 'gateway'),
      serverPort: boundaryPort,
      certificates: site.gatewayCertificates,
      tags: TAGS,
      values,
      lanes,
      part,
    };
    gateway.start([JSON.stringify(options)]);
    await ready.promise;
    const stored = await storedSamples(url);
    gateway.send({ kind: 'go' });
    const { seconds, refused } = await done.promise;
    if (refused > 0) throw new Error(`${refused} values were refused:\n${gateway.log.slice(-2_000)}`);
    const acknowledged = performance.now();
    while ((await storedSamples(url)) < stored + values) await sleep(POLL_MS);
    return { values, seconds: seconds + (performance.now() - acknowledged) / 1_000 };
  } finally {
    await gateway.end();
    await site.close();
  }
}

async function storedSamples(url: string): Promise<number> {
  const status = await (await fetch(new URL('/api/v1/status', url))).json();
  return (status as { historian: { samples: number } }).historian.samples;
}
