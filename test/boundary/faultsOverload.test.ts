/** The operational lane keeps its pace beside a flooded analytical lane, and beside a backlog of days. */

import { setTimeout as sleep } from 'node:timers/promises';
import { LANES, type PerLane } from '@tidegate/core/sample/lane.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultSite, GATEWAY, STEADY } from './faultSite.ts';
import { lackOfHosts } from './host.ts';
import type { LatenessAnswer } from './liveLateness.ts';
import { CONSOLE_PORT } from './plantSite.ts';
import { Program } from './program.ts';

const { BOUNDARY_SECONDS = '600', CI_NETNS } = process.env;
const SECONDS = Number(BOUNDARY_SECONDS);
const lack = lackOfHosts();
if (lack && CI_NETNS === 'required') throw new Error(lack);
/** Field to live stream. */
const OBJECTIVE_MS = 250;
const LINK_BYTES_PER_S = 250_000;
/** A sample takes about nine bytes on the wire, because its serial number is hard to compress: ten times what the link takes. */
const FLOOD: PerLane<number> = { ...STEADY, analytical: (10 * LINK_BYTES_PER_S) / 9 };

let site: FaultSite;
let watcher: Program;
beforeEach(async () => {
  site = await FaultSite.open();
  site.server.start();
  watcher = new Program(site.it, 'test/boundary/liveLateness.ts', `http://127.0.0.1:${CONSOLE_PORT}/api/v1`);
});
afterEach(() => site?.remove());

async function watch(): Promise<void> {
  watcher.start();
  await site.until('the live stream is watched', () => watcher.message('watching') !== undefined);
}

/** How late the operational samples were of the seconds from `fromMs` until now. */
async function latenessSince(fromMs: number): Promise<LatenessAnswer> {
  const answered = watcher.count('lateness');
  watcher.send({ from: fromMs * 1_000, to: (Date.now() - 1_000) * 1_000 });
  await site.until('the watcher answers', () => watcher.count('lateness') > answered);
  return watcher.message<LatenessAnswer>('lateness') as LatenessAnswer;
}

async function latenessOver(seconds: number): Promise<LatenessAnswer> {
  const fromMs = Date.now();
  await sleep(seconds * 1_000);
  return latenessSince(fromMs);
}

const say = (what: string, { samples, p50Ms, p99Ms, maxMs }: LatenessAnswer) =>
  process.stderr.write(`${what}: ${samples} operational samples, ${p50Ms}, p99 ${p99Ms}, max ${maxMs} ms\n`);

describe.skipIf(lack)(`SR 7.1, SR 7.2: lanes${lack ? ` (${lack})` : ''}`, () => {
  it(`the analytical lane flooded at 10 times the rate of the link for ${SECONDS} s`, async () => {
    await site.startGateway();
    await site.crosses();
    await watch();
    site.wire.limit(LINK_BYTES_PER_S);
    await sleep(5_000);
    const idle = await latenessOver(15);
    say('idle', idle);
    site.feed(FLOOD);
    const beside = await latenessOver(SECONDS);
    say('beside the flood', beside);
    expect(beside.p99Ms).toBeLessThan(OBJECTIVE_MS);
    expect(beside.p99Ms).toBeLessThan(2 * Math.max(idle.p99Ms, 50));
    site.feed(STEADY);
    site.wire.limit(undefined);
    await site.expectAllOnce();
  });

  /** So many samples of each lane that all hours together are some millions. */
  const OUTAGES: Record<string, { readonly hours: number; readonly samples: PerLane<number> }> = {
    '1 h': { hours: 1, samples: { operational: 400_000, analytical: 1_600_000, audit: 20_000 } },
    '72 h': { hours: 72, samples: { operational: 1_500_000, analytical: 6_000_000, audit: 100_000 } },
  };
  it.each(Object.entries(OUTAGES))(
    'the backlog of an outage of %s drains beside live samples',
    async (what, outage) => {
      const { hours, samples } = outage;
      await site.startGateway({ hoursBehind: hours });
      await site.crosses();
      await watch();
      const before = site.gateway.log;
      site.wire.cut();
      await site.pass(samples);
      // Hours that pass in seconds must not be over before the connections are.
      for (const lane of LANES) {
        await site.secondsUntilSaid(site.gateway, new RegExp(`boundary.lost ${GATEWAY}/${lane}`), before);
      }
      const backlog = LANES.reduce((sum, lane) => sum + samples[lane], 0);
      const liveRate = LANES.reduce((sum, lane) => sum + STEADY[lane], 0);
      const beganMs = Date.now();
      site.wire.mend();
      await site.crosses();
      const connectedMs = Date.now();
      await site.until('the backlog has drained', () => site.stored() > backlog && site.waiting() < liveRate, 120_000);
      const drainMs = Date.now() - beganMs;
      await sleep(2_000);
      const lateness = await latenessSince(connectedMs);
      say(`${what}: ${backlog} samples drained in ${drainMs} ms; beside it`, lateness);
      expect(lateness.samples).toBeGreaterThan(0);
      expect(lateness.p99Ms).toBeLessThan(OBJECTIVE_MS);
      expect(backlog / (drainMs / 1_000)).toBeGreaterThan(10 * liveRate);
      await site.expectAllOnce();
    },
  );
});
