/** Every sample that a spool has accepted is in the archive exactly once, whatever is killed or cut on the way. */

import { globSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LANES } from '@tidegate/core/sample/lane.ts';
import { pending, type StreamLedger, unexplained } from '@tidegate/platform/historian/ingest/streamLedger.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ArchiveCount } from '../rig/archiveCount.ts';
import { Site } from './site.ts';

const KILLS = 20;
const CUTS = 20;
const FREEZES = 5;
/** Longer than the gateway and the server bear silence, so that each gives the line up. */
const FREEZE_MS = 2_000;
/** The most time between two blows; each comes at a random moment of it. */
const BLOW_INTERVAL_MS = 500;

/** Long enough that most of what lies in the spools has not been delivered. */
const OUTAGE_MS = 4_000;
/** A place in a spool, as a part of its length: behind what had been delivered, before the block that was written last. */
const IN_THE_BACKLOG = 0.75;

let site: Site;

beforeEach(async () => {
  site = await Site.open();
  await site.startServer();
  site.startGateway();
  await site.gatewayAccepts();
});

afterEach(async () => {
  await site.close();
});

type Blow = 'kill gateway' | 'kill server' | 'kill both' | 'cut line' | 'freeze line';

async function strike(blow: Blow): Promise<void> {
  switch (blow) {
    case 'cut line':
      return site.proxy.cut();
    case 'freeze line':
      site.proxy.frozen = true;
      await sleep(FREEZE_MS);
      site.proxy.frozen = false;
      return site.proxy.cut();
    case 'kill gateway':
      await site.gateway.end();
      site.startGateway();
      return site.gatewayAccepts();
    case 'kill server':
      await site.server.end();
      await sleep(Math.random() * BLOW_INTERVAL_MS);
      return site.startServer();
    case 'kill both':
      await Promise.all([site.gateway.end(), site.server.end()]);
      await site.startServer();
      site.startGateway();
      return site.gatewayAccepts();
  }
}

function shuffled(blows: Readonly<Record<Blow, number>>): Blow[] {
  const all = Object.entries(blows).flatMap(([blow, times]) => Array<Blow>(times).fill(blow as Blow));
  return all
    .map((blow) => ({ blow, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ blow }) => blow);
}

/** The first so many serials of each run and lane, none twice, and at least those that were said to be durable. */
function expectExactlyOnce(count: ArchiveCount): void {
  expect(count.repeated).toBe(0);
  for (const [key, accepted] of site.accepted) {
    expect(count.runs.get(key)?.held ?? 0, `run ${key}`).toBeGreaterThanOrEqual(accepted);
    expect(count.runs.get(key)?.missing ?? 0, `run ${key}`).toBe(0);
  }
}

it(`nothing is lost or doubled over ${KILLS} kills of each process, ${CUTS} cuts and ${FREEZES} half-open lines`, async () => {
  const plan = {
    'kill gateway': KILLS,
    'kill server': KILLS,
    'kill both': 2,
    'cut line': CUTS,
    'freeze line': FREEZES,
  };
  for (const blow of shuffled(plan)) {
    await sleep(Math.random() * BLOW_INTERVAL_MS);
    await strike(blow);
  }
  const { tallies } = await site.drain();
  const count = await site.count();

  expectExactlyOnce(count);
  const accepted = LANES.reduce((sum, lane) => sum + tallies[lane].accepted, 0);
  expect(count.samples).toBe(accepted);
  for (const ledger of count.ledgers) {
    const { lane, stored, lost } = ledger;
    expect({ lane, stored, lost, pending: pending(ledger), unexplained: unexplained(ledger) }).toEqual({
      lane,
      stored: tallies[lane].accepted,
      lost: 0,
      pending: 0,
      unexplained: 0,
    });
  }
  process.stderr.write(`${count.samples} samples, each stored once, over ${site.accepted.size / LANES.length} runs\n`);
});

/** Turns one bit of each file over, at `fraction` of its length. */
async function flipBits(files: readonly string[], fraction: number): Promise<void> {
  for (const name of files) {
    const file = await open(name, 'r+');
    const at = Math.floor((await file.stat()).size * fraction);
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, at);
    byte[0] ^= 0x10;
    await file.write(byte, 0, 1, at);
    await file.close();
  }
}

/** The files that hold records under a directory of the site, the empty ones left out. */
function segmentsIn(...directory: string[]): string[] {
  return globSync('**/*.segment', { cwd: path.join(site.directory, ...directory) }).map((file) =>
    path.join(site.directory, ...directory, file),
  );
}

/** What is missing is lost once the gateway has been heard to have nothing of it, which is not told in the log. */
const notHeld = (ledger: StreamLedger) => ledger.lost + pending(ledger);

const missingIn = (count: ArchiveCount) => [...count.runs.values()].reduce((sum, { missing }) => sum + missing, 0);

/** What the archive holds, what the ledger says is lost, and what the plant has sent explain each other to the sample. */
function expectAccounted(count: ArchiveCount): void {
  expect(count.repeated).toBe(0);
  expect(count.samples).toBe(count.ledgers.reduce((sum, { stored }) => sum + stored, 0));
  for (const ledger of count.ledgers) expect(unexplained(ledger), ledger.lane).toBe(0);
}

it('a flipped bit in the spool costs the damaged blocks, which are named and counted', async () => {
  await site.server.end();
  await sleep(OUTAGE_MS);
  await site.gateway.end();
  const spools = segmentsIn('gateway');
  expect(spools.length).toBeGreaterThanOrEqual(LANES.length);
  await flipBits(spools, IN_THE_BACKLOG);
  site.startGateway();
  await site.startServer();
  await site.gatewayAccepts();
  const { tallies } = await site.drain();
  const count = await site.count();

  for (const file of spools) expect(site.gateway.log).toContain(`journal.damaged ${file}`);
  const damaged = LANES.reduce((sum, lane) => sum + tallies[lane].damaged, 0);
  expect(missingIn(count)).toBe(damaged);
  expect(damaged).toBeGreaterThan(0);
  expect(count.ledgers.reduce((sum, ledger) => sum + notHeld(ledger), 0)).toBe(damaged);
  expectAccounted(count);
});

it("a flipped bit in the server's log costs the damaged blocks, which are named and counted", async () => {
  await sleep(2_000);
  await Promise.all([site.server.end(), site.gateway.end()]);
  const logs = segmentsIn('server', 'log');
  expect(logs.length).toBeGreaterThan(0);
  await flipBits(logs, 0.5);
  await site.startServer();
  site.startGateway();
  await site.gatewayAccepts();
  await site.drain();
  const count = await site.count();

  for (const file of logs) expect(site.server.log).toContain(path.basename(file));
  const lost = count.ledgers.reduce((sum, ledger) => sum + notHeld(ledger), 0);
  expect(lost).toBeGreaterThan(0);
  expect(missingIn(count)).toBe(lost);
  expectAccounted(count);
});

it('a spool and a log that are cut in the middle of a record go on, and everything is accounted for', async () => {
  await site.server.end();
  await sleep(1_000);
  await site.gateway.end();
  for (const name of [...segmentsIn('gateway'), ...segmentsIn('server', 'log')]) {
    const file = await open(name, 'r+');
    const { size } = await file.stat();
    if (size > 100) await file.truncate(size - 100);
    await file.close();
  }
  await site.startServer();
  site.startGateway();
  await site.gatewayAccepts();
  await site.drain();
  const count = await site.count();

  expect(count.ledgers.map(({ lane }) => lane).sort()).toEqual([...LANES].sort());
  expectAccounted(count);
});
