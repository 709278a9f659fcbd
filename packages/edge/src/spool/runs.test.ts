/** Runs of a lane that are sealed, read and acknowledged side by side. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LaneSpool } from './laneSpool.ts';
import { openSpool, valuesOf, writeBlocks, writeCounting } from './testbed/spoolFixture.ts';

const START = 1_700_000_000_000_000 as Timestamp;
const FIRST = { epoch: 0, sequence: 0 };
const never = new AbortController().signal;

let directory: string;
let clock: ManualClock;
const spools: LaneSpool[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'runs-'));
  clock = new ManualClock(START);
});

afterEach(async () => {
  for (const spool of spools.splice(0)) await spool.close();
  rmSync(directory, { recursive: true, force: true });
});

async function open(): Promise<LaneSpool> {
  const spool = await openSpool({ directory, clock, segmentBytes: 1000 });
  spools.push(spool);
  return spool;
}

const counting = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);

describe('runs', () => {
  const MANY = 64;

  it('begin where much waits, and not otherwise', async () => {
    const spool = await open();
    expect(spool.beginRun()).toEqual({ epoch: START, sequence: 0 });
    await writeBlocks(spool, MANY - 1);
    expect(spool.beginRun()).toEqual({ epoch: START, sequence: 0 });
    await writeBlocks(spool, 1);
    await clock.advance(5);
    writeCounting(spool, 3);
    expect(spool.beginRun()).toEqual({ epoch: START + 5_000, sequence: 0 });
    expect(spool.beginRun()).toEqual({ epoch: START + 5_000, sequence: 0 });
    await spool.flush();
    expect(spool.head()).toEqual({ epoch: START + 5_000, sequence: 0 });
    const live = await spool.read({ epoch: START + 5_000, sequence: -1 }, 1e6);
    expect(live.map(({ sequence }) => sequence)).toEqual([0]);
    const backlog = await spool.read(undefined, 1e6, { epoch: START + 5_000, sequence: 0 });
    expect(backlog.map(({ sequence }) => sequence)).toEqual(counting(0, MANY));
  });

  it('are filled quickly although a backlog waits', async () => {
    const spool = await open();
    await writeBlocks(spool, MANY);
    await clock.advance(1);
    spool.beginRun();
    writeCounting(spool, 1);
    await clock.advance(20);
    await spool.wait({ epoch: START, sequence: MANY }, never);
    expect(spool.depth().blocks).toBe(MANY + 1);
  });

  it('are acknowledged side by side, over restarts, damage and expiry: nothing comes again and all is counted', async () => {
    const first = await open();
    await writeBlocks(first, MANY);
    await clock.advance(1);
    const run = first.beginRun();
    await writeBlocks(first, 10);
    first.acknowledge(run, { ...run, sequence: 6 });
    first.acknowledge({ epoch: START, sequence: 0 }, { epoch: START, sequence: 3 });
    expect(first.oldest()).toEqual({ epoch: START, sequence: 4 });
    const waits = [...counting(40, 600), ...counting(710, 30)];
    expect(await valuesOf(first)).toEqual(waits);
    await first.close();

    const second = await open();
    expect([await valuesOf(second), second.tally().damaged, second.depth().samples]).toEqual([waits, 0, 630]);
    await second.expireOldest('a test says so');
    const { expired } = second.tally();
    expect(expired).toBeGreaterThan(0);
    expect(await valuesOf(second)).toEqual(waits.slice(expired));
    second.acknowledge(FIRST, { ...run, sequence: 9 });
    expect([second.oldest(), second.depth().blocks]).toEqual([undefined, 0]);
    await second.close();
    expect((await open()).tally()).toMatchObject({ accepted: 740, expired, damaged: 0 });
  });
});
