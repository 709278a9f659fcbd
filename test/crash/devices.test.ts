/** The gateway as it is delivered, reading Modbus devices, killed again and again beside its server. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { GatewayStatus } from '@tidegate/core/port/gatewayStatus.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import { isSystemPath } from '@tidegate/core/sample/tag.ts';
import { TcpProxy } from '@tidegate/oneway/testbed/tcpProxy.ts';
import { unexplained } from '@tidegate/platform/historian/ingest/streamLedger.ts';
import type { Historian } from '@tidegate/platform/historian/query/historian.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KillableProcess } from '../rig/killableProcess.ts';
import { RegisterPlant } from '../rig/registerPlant.ts';
import { GATEWAY, ServerSite } from '../rig/serverSite.ts';

const KILLS = 20;
/** Enough for a gateway to start, connect to its devices and read for a while. */
const LIFE_MS = 1_500;
const DEVICES = 4;
const TAGS_EACH = 250;

let site: ServerSite;
let plant: RegisterPlant;
let proxy: TcpProxy;
let gateway: KillableProcess;
let status: GatewayStatus | undefined;

beforeEach(async () => {
  site = await ServerSite.create();
  plant = await RegisterPlant.start({ devices: DEVICES, tagsEach: TAGS_EACH });
  proxy = await TcpProxy.start(1);
  gateway = new KillableProcess('apps/gateway/src/main.ts', (message) => {
    if ((message as GatewayStatus).kind === 'gateway-status') status = message as GatewayStatus;
  });
});

afterEach(async () => {
  await Promise.all([gateway.end(), plant.stop(), proxy.stop()]);
  await site.close();
});

async function startServer(): Promise<void> {
  proxy.targetPort = (await site.start()).boundaryPort;
}

/**
 * How many samples there are, and how many of those of the plant have the time of another sample of their tag. A gateway
 * that was killed writes its last checkpoint again, with its time.
 */
async function countSamples(historian: Historian): Promise<{ samples: number; sameTime: number }> {
  let samples = 0;
  let sameTime = 0;
  for (const { index, path } of historian.tags()) {
    const { times } = await historian.raw(index, 0 as Timestamp, Number.MAX_SAFE_INTEGER as Timestamp, 1e9);
    samples += times.length;
    if (!isSystemPath(path)) sameTime += times.length - new Set(times).size;
  }
  return { samples, sameTime };
}

it(`reads ${DEVICES * TAGS_EACH} tags ten times a second over ${KILLS} kills of gateway and server each`, async () => {
  await startServer();
  const configuration = await plant.configureGateway({
    directory: site.directory,
    gateway: GATEWAY,
    serverPort: proxy.port,
    certificates: site.gatewayCertificates,
    scan: '100ms',
  });
  gateway.start(['--config', configuration]);
  for (let kill = 0; kill < KILLS; kill++) {
    await sleep(LIFE_MS * (0.5 + Math.random()));
    await gateway.end();
    gateway.start(['--config', configuration]);
    await sleep(LIFE_MS * Math.random());
    await site.server.end();
    await startServer();
  }
  await sleep(LIFE_MS);
  await gateway.end('SIGTERM');
  const historian = await site.openHistorian();
  const { samples, sameTime } = await countSamples(historian);
  const ledgers = historian.ledgers();
  await historian.close();

  expect(ledgers.map(({ lane }) => lane).sort()).toEqual([...LANES].sort());
  for (const ledger of ledgers) {
    const { lane, stored, lost } = ledger;
    const accepted = status?.lanes[lane].tally.accepted;
    expect({ lane, stored, lost, unexplained: unexplained(ledger) }).toEqual({
      lane,
      stored: accepted,
      lost: 0,
      unexplained: 0,
    });
  }
  expect(samples).toBe(ledgers.reduce((sum, { stored }) => sum + stored, 0));
  expect(sameTime).toBe(0);
  process.stderr.write(`${samples} samples of ${DEVICES * TAGS_EACH} tags, each stored once\n`);
});
