/** The server acknowledges nothing, cannot be found by its name, or is asked for by two gateways of one name. */

import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LANES } from '@tidegate/core/sample/lane.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultSite, STEADY } from './faultSite.ts';
import { lackOfHosts } from './host.ts';
import { BOUNDARY_PORT } from './plantSite.ts';
import { Program } from './program.ts';

const { CI_NETNS } = process.env;
const lack = lackOfHosts();
if (lack && CI_NETNS === 'required') throw new Error(lack);

let site: FaultSite;
beforeEach(async () => {
  site = await FaultSite.open();
});
afterEach(() => site?.remove());

/** Waits until `program` has said that it is ready. */
async function ready(program: Program): Promise<void> {
  program.start();
  await site.until('it is ready', () => program.message('ready') !== undefined);
}

describe.skipIf(lack)(`SR 3.1, SR 7.1: a sick peer${lack ? ` (${lack})` : ''}`, () => {
  const SILENT = [
    ['mute', 30],
    ['stubborn', 75],
  ] as const;
  it.each(SILENT)('a server that never acknowledges, and is %s: given up within %i s', async (manner, limitS) => {
    const { address } = site.wire.right;
    const standIn = new Program(
      site.it,
      'packages/oneway/src/testbed/silentServer.ts',
      ...[address, String(BOUNDARY_PORT), site.certificates.server, manner],
    );
    await ready(standIn);
    await site.startGateway();
    await site.secondsUntilSaid(site.gateway, /boundary\.connected/, '');
    const found = await site.secondsUntilSaid(site.gateway, /boundary\.lost .*boundary\.unanswered/, '', 90_000);
    process.stderr.write(`a ${manner} server: given up after ${found.toFixed(1)} s\n`);
    expect(found).toBeLessThan(limitS);
    await standIn.end();
    site.server.start();
    await site.crosses();
    await site.expectAllOnce();
  });

  it.each(['refuses', 'is not heard'])('the name server %s', async (how) => {
    const { address } = site.wire.right;
    const names = new Program(site.it, 'test/boundary/nameServer.ts', address, address);
    await ready(names);
    site.ot.askForNames(address);
    await ready(site.server);
    await site.startGateway({ serverHost: 'server.plant.example' });
    await site.crosses();
    const before = site.gateway.log;
    const accepted = () => [...site.accepted.values()].reduce((sum, serials) => sum + serials, 0);
    await names.end();
    if (how === 'is not heard') site.wire.drop('all');
    await site.server.end();
    const [beganMs, acceptedBefore] = [Date.now(), accepted()];
    const found = await site.secondsUntilSaid(
      site.gateway,
      /boundary\.lost .*(EAI_AGAIN|ENOTFOUND|did not answer)/,
      before,
    );
    await sleep(20_000);
    const rate = (accepted() - acceptedBefore) / ((Date.now() - beganMs) / 1_000);
    process.stderr.write(
      `names, ${how}: ${found.toFixed(1)} s, ${rate.toFixed()}/s:\n${site.gateway.log.slice(before.length)}\n`,
    );
    expect(found).toBeLessThan(30);
    // Whatever waits for an address, the spools go on.
    expect(rate).toBeGreaterThan(0.8 * LANES.reduce((sum, lane) => sum + STEADY[lane], 0));
    site.wire.drop('nothing');
    await ready(names);
    await ready(site.server);
    await site.crosses();
    await site.expectAllOnce();
  });

  // Positions order what one spool has made. Those of two spools interleave, and each takes the other's for its own past.
  it.fails('SR 1.2: two gateways of one name: nothing of either is lost, and it is said', async () => {
    await ready(site.server);
    const twin = site.gatewayProgram({ directory: path.join(site.directory, 'twin'), run: 90 });
    twin.start();
    await site.startGateway();
    await sleep(10_000);
    expect(site.server.log).toContain('boundary.replaced');
    await twin.end();
    await site.expectAllOnce();
  });
});
