/** The clock of the gateway or of the server is wrong, or jumps: samples stay in order, nothing is lost, and it is said. */

import { setTimeout as sleep } from 'node:timers/promises';
import { watermarkOf } from '@tidegate/platform/historian/ingest/watermark.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FalseClock, lackOfClocks } from './falseClock.ts';
import { FaultSite } from './faultSite.ts';
import { lackOfHosts } from './host.ts';

const { CI_NETNS } = process.env;
const lack = lackOfHosts() ?? lackOfClocks;
if (lack && CI_NETNS === 'required') throw new Error(lack);

type Offset = Parameters<FalseClock['set']>[0];
type End = 'gateway' | 'server';
const ENDS: readonly End[] = ['gateway', 'server'];

/** What the end whose clock is wrong says of the certificate of the other, in the words of OpenSSL or by its name there. */
const REFUSED = /boundary\.refused.*boundary\.identity.*(expired|not yet valid|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)/;

let site: FaultSite;
let clock: FalseClock;
beforeEach(async () => {
  site = await FaultSite.open();
  clock = new FalseClock();
});
afterEach(() => {
  site?.remove();
  clock?.remove();
});

/** Starts both, `end` by the false clock. */
async function start(end: End): Promise<void> {
  if (end === 'server') site.server.environment = clock.environment;
  site.server.start();
  await site.startGateway({}, end === 'gateway' ? clock.environment : {});
}

/** Everything is there once, no watermark stands in a time that has not come, and each has come up to the present again. */
async function expectRight(): Promise<void> {
  const { ledgers } = await site.expectAllOnce();
  const nowUs = Date.now() * 1_000;
  for (const ledger of ledgers) {
    expect(watermarkOf(ledger)).toBeLessThanOrEqual(nowUs);
    expect(watermarkOf(ledger)).toBeGreaterThan(nowUs - 600e6);
  }
}

describe.skipIf(lack)(`a wrong clock${lack ? ` (${lack})` : ''}`, () => {
  it.each(ENDS)('of the %s, two hours slow: data flows', async (end) => {
    clock.set('-2h');
    await start(end);
    await site.crosses();
    clock.set('right');
    await sleep(2_000);
    await expectRight();
  });

  /** Certificates hold for two years. */
  const INVALID: readonly (readonly [End, Offset])[] = ENDS.flatMap((end) => [
    [end, '+10y'],
    [end, '1970'],
  ]);
  it.each(INVALID)('SR 1.9: of the %s at %s: certificates do not hold, and data waits', async (end, offset) => {
    clock.set(offset);
    await start(end);
    const said = await site.secondsUntilSaid(site[end], REFUSED, '');
    process.stderr.write(
      `${end} at ${offset}: refused after ${said.toFixed(1)} s: ${site[end].log.match(REFUSED)?.[0]}\n`,
    );
    await site.until('the server answers', () => site.stored() === 0);
    clock.set('right');
    await site.crosses();
    await expectRight();
  });

  it.each(ENDS)('of the %s that jumps while samples cross', async (end) => {
    await start(end);
    await site.crosses();
    for (const offset of ['-2h', '+10y', '1970', 'right'] as const) {
      clock.set(offset);
      await sleep(4_000);
      // Either side ends a connection when it finds that the certificate of the other does not hold by its clock: data waits.
      if (offset === '-2h' || offset === 'right') await site.crosses();
    }
    await expectRight();
  });
});
