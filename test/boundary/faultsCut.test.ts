/** The wire is cut, flaps, falls silent, or lets only small packets or little through: nothing is lost, and it is said. */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultSite } from './faultSite.ts';
import { lackOfHosts } from './host.ts';

const { CI_NETNS } = process.env;
const lack = lackOfHosts();
if (lack && CI_NETNS === 'required') throw new Error(lack);
/** The longest that an end may take to find out that the other is not heard any more. */
const FOUND_WITHIN_S = 30;

let site: FaultSite;
beforeEach(async () => {
  site = await FaultSite.open();
  site.server.start();
  await site.startGateway();
  await site.crosses();
});
afterEach(() => site?.remove());

describe.skipIf(lack)(`SR 7.1, SR 3.1: a sick wire${lack ? ` (${lack})` : ''}`, () => {
  it('cut for 5 s', async () => {
    site.wire.cut();
    await sleep(5_000);
    site.wire.mend();
    await site.crosses();
    await site.expectAllOnce();
  });

  it(`silent without an end (half-open): found within ${FOUND_WITHIN_S} s at both ends`, async () => {
    const [gatewayBefore, serverBefore] = [site.gateway.log, site.server.log];
    site.wire.drop('all');
    const [atGateway, atServer] = await Promise.all([
      site.secondsUntilSaid(site.gateway, /boundary\.lost .*boundary\.unanswered/, gatewayBefore),
      site.secondsUntilSaid(site.server, /boundary\.lost.*boundary\.unanswered/s, serverBefore),
    ]);
    process.stderr.write(`half-open: found after ${atGateway.toFixed(1)} s, ${atServer.toFixed(1)} s\n`);
    expect(Math.max(atGateway, atServer)).toBeLessThan(FOUND_WITHIN_S);
    site.wire.drop('nothing');
    await site.crosses();
    await site.expectAllOnce();
  });

  it('flapping at 1 Hz for a minute', async () => {
    for (let second = 0; second < 60; second++) {
      site.wire.cut();
      await sleep(500);
      site.wire.mend();
      await sleep(500);
    }
    await site.crosses();
    await site.expectAllOnce();
  });

  it('swallowing large packets (MTU black hole)', async () => {
    const before = site.gateway.log;
    site.wire.drop('large');
    const found = await site.secondsUntilSaid(site.gateway, /boundary\.lost .*/, before);
    process.stderr.write(`black hole: ${found.toFixed(1)} s: ${site.gateway.log.slice(before.length)}\n`);
    expect(found).toBeLessThan(FOUND_WITHIN_S);
    await sleep(10_000);
    site.wire.drop('nothing');
    await site.crosses();
    await site.expectAllOnce();
  });

  it('of 10 kB/s', async () => {
    site.wire.limit(10_000);
    await sleep(60_000);
    const before = site.stored();
    await sleep(30_000);
    process.stderr.write(`10 kB/s: ${site.stored() - before} samples stored in 30 s; ${site.gateway.log}\n`);
    expect(site.stored()).toBeGreaterThan(before);
    site.wire.limit(undefined);
    await site.expectAllOnce();
  });
});
