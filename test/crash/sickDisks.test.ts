/** What a gateway's spool does on a disk that is full, out of inodes, read-only, failing or slow: counted sample by sample. */

import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import { LaneSpool } from '@tidegate/edge/spool/laneSpool.ts';
import { SpoolBudget } from '@tidegate/edge/spool/spoolBudget.ts';
import { readAll } from '@tidegate/edge/spool/testbed/spoolFixture.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SickSite, whyNoMounts } from './sickSite.ts';
import type { LaneAccount } from './writeSerials.ts';

const MIB = 1024 * 1024;
const RESERVE_BYTES = 128 * 1024;
const SMALL_DISK = 'size=2m';
const EIO = 5;
const EROFS = 30;
/** As a gateway in a plant: much analytical, little audit. */
const PLANT = { operational: 300, analytical: 1500, audit: 2 };
/** Several syncs of a disk that takes 2 s for each. */
const SLOW_MS = 9_000;
const noMounts = whyNoMounts();

async function site(mount?: string): Promise<SickSite> {
  const made = new SickSite(mount);
  onTestFinished(() => made.remove());
  return made;
}

/** Makes `file` longer by `bytes`, or by as many as there is room for. */
function fill(file: string, bytes: number): void {
  try {
    writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

const samplesIn = ({ runs }: LaneAccount) => runs.reduce((sum, { from, to }) => sum + to - from, 0);

/**
 * Everything that was given is accounted for: what came out came once and in order, the headers tell the same as the
 * ledger, and what is missing is what was refused or has expired, to the sample.
 */
function expectAccounted(account: LaneAccount): void {
  const { given, tally, runs, lastTally, contradictions } = account;
  expect(tally.read).toBe(given);
  expect(tally.accepted).toBe(given - tally.refused);
  expect(tally.damaged).toBe(0);
  expect(samplesIn(account)).toBe(tally.accepted - tally.expired);
  expect(contradictions).toBe(0);
  for (const [index, { from }] of runs.entries()) expect(from).toBeGreaterThan(index === 0 ? -1 : runs[index - 1].to);
  expect(lastTally).toEqual(tally);
}

describe.skipIf(noMounts !== undefined)(`a small disk${noMounts ? ` (skipped: ${noMounts})` : ''}`, () => {
  it('SR 7.2: where it is full the oldest analytical samples go, and nothing else', async () => {
    const full = await site(SMALL_DISK);
    await full.start({ maxBytes: 8 * MIB, reserveBytes: RESERVE_BYTES, samplesPerTick: PLANT });
    await full.until(({ tallies }) => tallies.analytical.expired > 200_000);
    const { lanes, events } = await full.finish();
    for (const lane of LANES) expectAccounted(lanes[lane]);
    expect([lanes.operational.tally.expired, lanes.audit.tally.expired]).toEqual([0, 0]);
    expect(LANES.map((lane) => lanes[lane].tally.refused)).toEqual([0, 0, 0]);
    expect(lanes.analytical.runs).toHaveLength(1);
    const expiry = events.find(({ kind }) => kind === 'spool.expired');
    expect(expiry).toMatchObject({ source: 'gw, analytical lane' });
    expect(expiry?.detail).toMatch(/^\d+ samples: undelivered, and the disk is full$/);
  });

  it('SR 7.2: where others have taken the rest of it, the audit lane still writes, and the others go on when there is room', async () => {
    const full = await site(SMALL_DISK);
    await full.start({ maxBytes: 8 * MIB, reserveBytes: RESERVE_BYTES, samplesPerTick: PLANT });
    await full.until(({ tallies }) => tallies.operational.accepted > 20_000);
    const ballast = path.join(full.directory, 'ballast');
    // What the spool gives up is taken at once, as by a program that fills the disk; but not the reserve.
    const squeezed = await full.until(({ tallies }) => {
      const { bavail, bsize } = statfsSync(full.directory);
      if (existsSync(path.join(full.directory, 'reserve'))) fill(ballast, bavail * bsize);
      return tallies.operational.refused > 10_000;
    });
    await full.until(({ tallies }) => tallies.audit.accepted > squeezed.tallies.audit.accepted + 100);
    rmSync(ballast);
    const freed = await full.until(() => true);
    await full.until(({ tallies }) => tallies.operational.accepted > freed.tallies.operational.accepted + 30_000);
    const { lanes } = await full.finish();
    for (const lane of LANES) expectAccounted(lanes[lane]);
    expect(lanes.audit.tally).toMatchObject({ refused: 0, expired: 0 });
    expect(lanes.audit.runs).toEqual([{ from: 0, to: lanes.audit.given }]);
  });

  it('SR 7.2: killed while it is full, it knows to the sample what has expired', async () => {
    const full = await site(SMALL_DISK);
    await full.start({ maxBytes: 8 * MIB, reserveBytes: RESERVE_BYTES, samplesPerTick: PLANT });
    for (let life = 1; life <= 3; life++) {
      await full.until(({ tallies }) => tallies.analytical.expired > life * 100_000);
      await full.kill();
      const directory = path.join(full.directory, 'analytical');
      const budget = new SpoolBudget({ maxBytes: 8 * MIB, clock: systemClock });
      const place = { gateway: 'gw', lane: 'analytical', instance: 'a5'.repeat(16), directory, budget } as const;
      const opened = await LaneSpool.open({ ...place, clock: systemClock, events: () => undefined });
      if (!opened.ok) throw new Error(opened.fault.detail);
      const { accepted, expired, damaged } = opened.value.tally();
      const held = (await readAll(opened.value)).reduce((sum, { values }) => sum + values.length, 0);
      await opened.value.close();
      expect(damaged).toBe(0);
      expect(held).toBe(accepted - expired);
      await full.start({ maxBytes: 8 * MIB, reserveBytes: RESERVE_BYTES, samplesPerTick: PLANT });
    }
  });

  it('SR 7.2: beyond its size the oldest goes, analytical before operational', async () => {
    const small = await site('size=32m');
    const samplesPerTick = { operational: 1500, analytical: 1500, audit: 2 };
    await small.start({ maxBytes: 2 * MIB, reserveBytes: RESERVE_BYTES, samplesPerTick });
    await small.until(({ tallies }) => tallies.operational.expired > 200_000);
    const { lanes } = await small.finish();
    for (const lane of LANES) {
      const { lastTally, ...rest } = lanes[lane];
      // The last block may itself have made an older one expire, which the next header tells.
      expectAccounted({ ...rest, lastTally: lastTally && { ...lastTally, expired: rest.tally.expired } });
      expect(rest.tally.refused).toBe(0);
    }
    expect(lanes.audit.tally.expired).toBe(0);
    expect(samplesIn(lanes.analytical)).toBeLessThan(samplesIn(lanes.operational) / 10);
  });

  it('SR 7.2: without inodes it goes on with those that the oldest segments give up', async () => {
    const few = await site('size=64m,nr_inodes=60');
    const samplesPerTick = { ...PLANT, operational: 10 };
    await few.start({ maxBytes: 4 * MIB, reserveBytes: RESERVE_BYTES, samplesPerTick });
    await few.until(({ tallies }) => tallies.analytical.accepted > 100_000);
    for (let name = 0; name < 60; name++) {
      try {
        writeFileSync(path.join(few.directory, `taken-${name}`), '');
      } catch {
        break;
      }
    }
    const taken = await few.until(({ tallies }) => tallies.analytical.expired > 0);
    await few.until(({ tallies }) => tallies.analytical.accepted > taken.tallies.analytical.accepted + 500_000);
    const { lanes } = await few.finish();
    for (const lane of LANES) expectAccounted(lanes[lane]);
    expect(lanes.analytical.tally.expired).toBeGreaterThan(0);
    expect(LANES.map((lane) => lanes[lane].tally.refused)).toEqual([0, 0, 0]);
    expect([lanes.operational.tally.expired, lanes.audit.tally.expired]).toEqual([0, 0]);
  });
});

const HEALTHY = { maxBytes: 256 * MIB, reserveBytes: RESERVE_BYTES, samplesPerTick: PLANT };

describe('a sick disk', () => {
  it('a sync that takes 2 s delays samples and loses none', async () => {
    const slow = await site();
    const samplesPerTick = { operational: 20, analytical: 200, audit: 2 };
    await slow.start({ ...HEALTHY, samplesPerTick });
    slow.tell('delay 2000');
    const beganMs = performance.now();
    const { pending } = await slow.until(() => performance.now() - beganMs > SLOW_MS);
    expect(pending.analytical).toBeGreaterThan(0);
    slow.tell('');
    const { lanes } = await slow.finish();
    for (const lane of LANES) {
      expectAccounted(lanes[lane]);
      expect(lanes[lane].runs).toEqual([{ from: 0, to: lanes[lane].given }]);
    }
  });

  it('one sync that fails loses nothing, because it is tried again in a new segment', async () => {
    const failing = await site();
    await failing.start(HEALTHY);
    for (let times = 0; times < 20; times++) {
      failing.tell(`once ${EIO}`);
      await failing.until(() => failing.isWell);
      const { tallies } = await failing.until(() => true);
      await failing.until((now) => now.tallies.analytical.read > tallies.analytical.read + 15_000);
    }
    const { lanes } = await failing.finish();
    for (const lane of LANES) {
      expectAccounted(lanes[lane]);
      expect(lanes[lane].runs).toEqual([{ from: 0, to: lanes[lane].given }]);
    }
  });

  it.each([
    ['syncs that fail', `fail ${EIO}`],
    ['a disk that has become read-only', `refuse ${EROFS}`],
  ])(
    '%s: nothing is acknowledged meanwhile, what is refused is counted, and it goes on afterwards',
    async (_, sickness) => {
      const sick = await site();
      await sick.start(HEALTHY);
      await sick.until(({ tallies }) => tallies.analytical.accepted > 100_000);
      sick.tell(sickness);
      await sick.until(({ tallies }) => LANES.every((lane) => tallies[lane].refused > 5 * PLANT[lane]));
      sick.tell('');
      const { tallies } = await sick.until(() => true);
      await sick.until((now) => now.tallies.analytical.accepted > tallies.analytical.accepted + 100_000);
      const { lanes, events } = await sick.finish();
      for (const lane of LANES) {
        expectAccounted(lanes[lane]);
        expect(lanes[lane].tally.expired).toBe(0);
        expect(lanes[lane].runs.length).toBeGreaterThan(1);
      }
      expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['spool.refused']));
    },
  );
});
