/** The server acknowledges nothing, cannot be found by its name, or is asked for by two gateways of one name. */

import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { LANES, type Lane } from '@tidegate/core/sample/lane.ts';
import { LaneSpool } from '@tidegate/edge/spool/laneSpool.ts';
import { SpoolBudget } from '@tidegate/edge/spool/spoolBudget.ts';
import { openSpoolInstance } from '@tidegate/edge/spool/spoolInstance.ts';
import { readAll } from '@tidegate/edge/spool/testbed/spoolFixture.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyOf } from '../rig/archiveCount.ts';
import { orThrow } from '../rig/gatewayPipeline.ts';
import { type AcceptedMessage, SERIALS_PER_RUN } from '../rig/serials.ts';
import { FaultSite, GATEWAY, STEADY } from './faultSite.ts';
import { lackOfHosts } from './host.ts';
import { BOUNDARY_PORT } from './plantSite.ts';
import { Program } from './program.ts';

const { CI_NETNS } = process.env;
/** Of the second gateway: what tells its serials from those of the first. */
const TWIN_RUN = 90;
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

  it('SR 1.2: two gateways of one name: nothing of either is lost, and it is said', async () => {
    const twinAccepted = new Map<Lane, number>();
    const twin = site.gatewayProgram({ directory: path.join(site.directory, 'twin'), run: TWIN_RUN });
    twin.onMessage((message) => {
      const { kind, lane, serials } = message as AcceptedMessage;
      if (kind === 'accepted') twinAccepted.set(lane, serials);
    });
    await ready(site.server);
    await site.startGateway();
    await site.crosses();
    twin.start();
    await site.secondsUntilSaid(
      site.server,
      /boundary\.twin: two gateways run as rig-1: one is connected from 10\./,
      '',
    );
    await site.until(
      'the twin says why',
      () => twin.log.includes('boundary.refused') && twin.log.includes('boundary.twin'),
    );
    await sleep(10_000);
    await site.crosses();
    // They do not take each other's place by turns, and the twin goes on into its spools.
    expect(site.server.log).not.toContain('boundary.replaced');
    await twin.end();
    const { runs } = await site.expectAllOnce();
    for (const lane of LANES) {
      const serials = await waitingSerials(path.join(site.directory, 'twin'), lane);
      process.stderr.write(`the ${lane} lane of the twin: ${serials.length} samples wait\n`);
      expect(runs.has(keyOf(TWIN_RUN, lane))).toBe(false);
      expect(serials.length).toBeGreaterThan(5 * STEADY[lane]);
      expect(serials.length).toBeGreaterThanOrEqual(twinAccepted.get(lane) ?? 0);
      const first = TWIN_RUN * SERIALS_PER_RUN + LANES.indexOf(lane);
      expect(serials).toEqual(Array.from(serials, (_, place) => first + place * LANES.length));
    }
  });
});

/** All that waits in a lane of a gateway that does not run, whose account must say that it has lost nothing. */
async function waitingSerials(directory: string, lane: Lane): Promise<readonly number[]> {
  const budget = new SpoolBudget({ maxBytes: 1e9, clock: systemClock });
  const instance = orThrow(await openSpoolInstance(path.join(directory, 'instance')));
  const place = { gateway: GATEWAY, lane, instance, directory: path.join(directory, lane) };
  const spool = orThrow(await LaneSpool.open({ ...place, budget, clock: systemClock, events: () => undefined }));
  const serials = (await readAll(spool)).flatMap(({ values }) => values);
  const { accepted, expired, damaged } = spool.tally();
  const { acknowledged } = spool;
  await spool.close();
  expect({ accepted, expired, damaged, acknowledged }).toEqual({
    ...{ accepted: serials.length, expired: 0, damaged: 0, acknowledged: undefined },
  });
  return serials;
}
