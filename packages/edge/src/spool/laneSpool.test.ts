import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { imbalanceOf } from '@tidegate/core/ledger/tally.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LaneSpool, type LaneSpoolOptions } from './laneSpool.ts';
import { SpoolBudget } from './spoolBudget.ts';
import {
  allKept,
  countingBatch,
  openSpool,
  readAll,
  valuesOf,
  writeBlocks,
  writeCounting,
} from './testbed/spoolFixture.ts';

const START = 1_700_000_000_000_000 as Timestamp;
const FIRST = { epoch: 0, sequence: 0 };
const never = new AbortController().signal;

let root: string;
let directory: string;
let clock: ManualClock;
let events: PlantEvent[];
const spools: LaneSpool[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spool-'));
  directory = join(root, 'operational');
  clock = new ManualClock(START);
  events = [];
});

afterEach(async () => {
  for (const spool of spools.splice(0)) await spool.close();
  rmSync(root, { recursive: true, force: true });
});

async function open(options: Partial<LaneSpoolOptions> = {}): Promise<LaneSpool> {
  const spool = await openSpool({ directory, clock, events: (event) => events.push(event), ...options });
  spools.push(spool);
  return spool;
}

const counting = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);
const segments = () =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.segment'))
    .map((name) => join(directory, name));

function spoil(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] ^= 1;
  writeFileSync(file, bytes);
}

describe('sealing', () => {
  it('seals a block when it is full', async () => {
    const spool = await open({ blockSamples: 4 });
    writeCounting(spool, 10);
    await spool.wait({ epoch: START, sequence: 0 }, never);
    expect((await readAll(spool)).map(({ values }) => values)).toEqual([counting(0, 4), counting(4, 4)]);
    await spool.flush();
    expect((await readAll(spool)).map(({ values }) => values.length)).toEqual([4, 4, 2]);
  });

  it.each([
    ['operational', 20],
    ['analytical', 100],
  ] as const)('lets a sample of the %s lane wait no longer than %d ms', async (lane, delayMs) => {
    const spool = await open({ lane });
    await clock.advance(7);
    writeCounting(spool, 1);
    await clock.advance(delayMs - 1);
    expect(spool.depth()).toEqual({ blocks: 0, samples: 1, bytes: 0 });
    await clock.advance(1);
    await spool.wait(undefined, never);
    const [{ header }] = await readAll(spool);
    const sealedAt = START + (7 + delayMs) * 1000;
    expect(header).toMatchObject({ gateway: 'gw', lane, epoch: START, sequence: 0, sealedAt });
  });

  it('lets the tally cross once a second where it changes and no sample does', async () => {
    const spool = await open();
    spool.write(countingBatch(0, 0), { read: 8, notGood: 2, suppressed: 4, compressed: 3, refused: 1, forbidden: 1 });
    await clock.advance(1000);
    await spool.wait(undefined, never);
    await clock.advance(5000);
    await spool.flush();
    const blocks = await readAll(spool);
    expect(blocks).toHaveLength(1);
    expect(blocks[0].header.tally).toMatchObject({
      read: 8,
      notGood: 2,
      suppressed: 4,
      compressed: 3,
      refused: 1,
      forbidden: 1,
      accepted: 0,
    });
  });

  it('puts into each header the tally up to its own samples', async () => {
    const spool = await open({ blockSamples: 4 });
    const batch = countingBatch(0, 10);
    spool.write(batch, { read: 27, notGood: 3, suppressed: 14, compressed: 2, refused: 1, forbidden: 0 });
    await spool.flush();
    const tallies = (await readAll(spool)).map(({ header }) => header.tally);
    expect(tallies.map(({ accepted }) => accepted)).toEqual([4, 8, 10]);
    expect(tallies.map(imbalanceOf)).toEqual([0, 0, 0]);
    expect(tallies[2]).toEqual({
      read: 27,
      notGood: 3,
      suppressed: 14,
      refused: 1,
      accepted: 10,
      expired: 0,
      damaged: 0,
      compressed: 2,
      forbidden: 0,
    });
    expect(spool.tally()).toEqual(tallies[2]);
  });

  it('keeps texts, and seals before they fill the block', async () => {
    const spool = await open();
    const batch = countingBatch(0, 0) as ReturnType<typeof countingBatch> & { pushString(...of: unknown[]): void };
    for (let index = 0; index < 400; index++) batch.pushString(1, index, `${index}`.padEnd(8000, '.'), 0);
    spool.write(batch, allKept(batch));
    await spool.flush();
    const blocks = await readAll(spool);
    expect(blocks.length).toBeGreaterThan(2);
    expect(blocks.reduce((sum, { values }) => sum + values.length, 0)).toBe(400);
  });
});

describe('delivery', () => {
  it('gives the blocks behind a position, in order and with what fits', async () => {
    const spool = await open();
    await writeBlocks(spool, 5);
    const [first] = await spool.read(undefined, 1);
    expect([first.epoch, first.sequence]).toEqual([START, 0]);
    const rest = await spool.read(first, first.bytes.length * 3);
    expect(rest.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(await spool.read(spool.head(), 1000)).toEqual([]);
  });

  it('wakes who waits, when there is a block or when he gives up', async () => {
    const spool = await open();
    const waiting = spool.wait(undefined, never);
    await writeBlocks(spool, 1);
    await waiting;
    const impatience = new AbortController();
    const other = spool.wait(spool.head(), impatience.signal);
    impatience.abort();
    await other;
    await spool.wait(spool.head(), AbortSignal.abort());
    expect(spool.depth().blocks).toBe(1);
  });

  it('forgets what is acknowledged, and drops whole segments', async () => {
    const spool = await open({ segmentBytes: 1000 });
    await writeBlocks(spool, 10);
    const before = segments().length;
    spool.acknowledge(FIRST, { epoch: START, sequence: 6 });
    expect(spool.depth()).toMatchObject({ blocks: 3, samples: 30 });
    expect(await valuesOf(spool)).toEqual(counting(70, 30));
    spool.acknowledge(FIRST, { epoch: START, sequence: 3 });
    expect(spool.acknowledged).toEqual({ epoch: START, sequence: 6 });
    spool.acknowledge(FIRST, { epoch: START, sequence: 9 });
    expect(spool.depth()).toEqual({ blocks: 0, samples: 0, bytes: 0 });
    await spool.close();
    expect(before).toBeGreaterThan(2);
    expect(segments()).toHaveLength(1);
  });

  it('gets behind a server that knows later blocks, where nothing waits', async () => {
    const spool = await open();
    const ahead = { epoch: START + 5_000_000, sequence: 3 };
    spool.acknowledge(FIRST, ahead);
    await writeBlocks(spool, 1);
    expect((await readAll(spool)).map(({ header }) => [header.epoch, header.sequence])).toEqual([[ahead.epoch + 1, 0]]);
  });

  it('drops nothing for a server that knows later blocks, where something waits', async () => {
    const spool = await open();
    await writeBlocks(spool, 2);
    spool.acknowledge(FIRST, { epoch: START + 5_000_000, sequence: 3 });
    expect([spool.depth().samples, spool.acknowledged]).toEqual([20, undefined]);
  });
});

describe('a restart', () => {
  it('goes on with the tally and what waits, in a run of its own', async () => {
    const first = await open();
    await writeBlocks(first, 3);
    first.acknowledge(FIRST, { epoch: START, sequence: 0 });
    await first.close();
    const tally = first.tally();
    await clock.advance(60_000);
    const second = await open();
    expect([second.tally(), second.acknowledged, second.head()]).toEqual([
      tally,
      { epoch: START, sequence: 0 },
      { epoch: START, sequence: 2 },
    ]);
    await writeBlocks(second, 1);
    const blocks = await readAll(second);
    expect(blocks.map(({ header }) => [header.epoch, header.sequence])).toEqual([
      [START, 1],
      [START, 2],
      [START + 60_000_000, 0],
    ]);
    expect(blocks.flatMap(({ values }) => values)).toEqual(counting(10, 30));
  });

  it('costs repetitions only where the note of what is acknowledged is lost', async () => {
    const first = await open();
    await writeBlocks(first, 3);
    first.acknowledge(FIRST, { epoch: START, sequence: 1 });
    await first.close();
    for (const name of ['state', 'state.next']) writeFileSync(join(directory, name), '{"acknowledged":');
    const second = await open();
    expect(second.acknowledged).toBeUndefined();
    expect(await valuesOf(second)).toEqual(counting(0, 30));
  });

  it('begins an epoch behind the last where the clock was set back and a block is lost', async () => {
    const first = await open();
    await writeBlocks(first, 3);
    await first.close();
    spoil(segments()[0], 400);
    clock.setWallClock((START - 1e12) as Timestamp);
    const second = await open();
    await writeBlocks(second, 1);
    expect(second.head()).toEqual({ epoch: START + 1, sequence: 0 });
  });

  it('refuses the blocks of another gateway', async () => {
    const first = await open();
    await writeBlocks(first, 1);
    await first.close();
    const result = await LaneSpool.open({
      gateway: 'other',
      instance: 'a5'.repeat(16),
      lane: 'operational',
      directory,
      budget: new SpoolBudget({ maxBytes: 1e9, clock }),
      clock,
      events: () => undefined,
    });
    expect(result).toMatchObject({ ok: false, fault: { code: 'spool.foreign' } });
  });
});

describe('damage', () => {
  it('in the middle is counted to the sample, once, and begins an epoch', async () => {
    const first = await open();
    await writeBlocks(first, 5);
    await first.close();
    spoil(segments()[0], 400);
    const second = await open();
    expect(second.tally()).toMatchObject({ accepted: 50, damaged: 10 });
    expect(events.filter(({ kind }) => kind === 'journal.damaged')).toHaveLength(1);
    const kept = [...counting(0, 10), ...counting(20, 30)];
    expect(await valuesOf(second)).toEqual(kept);
    expect(second.depth().samples).toBe(40);
    await clock.advance(1000);
    await writeBlocks(second, 1);
    expect(second.head()?.epoch).toBeGreaterThan(START);
    await second.close();

    const third = await open();
    expect(third.tally()).toMatchObject({ accepted: 60, damaged: 10 });
    expect(await valuesOf(third)).toEqual([...kept, ...counting(50, 10)]);
  });

  it('to what was acknowledged is no loss', async () => {
    const first = await open();
    await writeBlocks(first, 5);
    first.acknowledge(FIRST, { epoch: START, sequence: 2 });
    await first.close();
    spoil(segments()[0], 400);
    const second = await open();
    expect(second.tally()).toMatchObject({ accepted: 50, damaged: 0 });
    expect(await valuesOf(second)).toEqual(counting(30, 20));
  });

  it('at the end is counted as well, and no sequence is used again', async () => {
    const first = await open();
    await writeBlocks(first, 5);
    await first.close();
    const [file] = segments();
    truncateSync(file, readFileSync(file).length - 300);
    const second = await open();
    expect(second.tally()).toMatchObject({ accepted: 50, damaged: 20 });
    await writeBlocks(second, 1);
    expect(second.head()).toEqual({ epoch: START + 1, sequence: 0 });
    await second.close();
    const third = await open();
    expect(third.tally()).toMatchObject({ accepted: 60, damaged: 20 });
    expect(await valuesOf(third)).toEqual([...counting(0, 30), ...counting(50, 10)]);
  });

  it('that appears while the spool is open is counted when it is read', async () => {
    const spool = await open();
    await writeBlocks(spool, 5);
    spoil(segments()[0], 400);
    expect(await valuesOf(spool)).toEqual([...counting(0, 10), ...counting(20, 30)]);
    expect(spool.tally()).toMatchObject({ accepted: 50, damaged: 10 });
    expect(spool.depth()).toMatchObject({ blocks: 4, samples: 40 });
    await spool.close();
    expect((await open()).tally()).toMatchObject({ accepted: 50, damaged: 10 });
  });
});

describe('limits', () => {
  it('lets the oldest blocks expire, counted to the sample', async () => {
    const spool = await open({ budget: new SpoolBudget({ maxBytes: 4000, clock }), segmentBytes: 1000 });
    await writeBlocks(spool, 100);
    const { expired, accepted } = spool.tally();
    const values = await valuesOf(spool);
    expect(accepted).toBe(1000);
    expect(expired).toBeGreaterThan(500);
    expect(values).toEqual(counting(expired, accepted - expired));
    expect(spool.depth().samples).toBe(accepted - expired);
    expect(segments().reduce((sum, file) => sum + readFileSync(file).length, 0)).toBeLessThan(5000);
    await writeBlocks(spool, 1);
    expect((await readAll(spool)).at(-1)?.header.tally.expired).toBe(expired);
    expect(events.filter(({ kind }) => kind === 'spool.expired')).toHaveLength(1);
    await clock.advance(10_000);
    expect(events.filter(({ kind }) => kind === 'spool.expired')).toHaveLength(2);
    const tally = spool.tally();
    await spool.close();
    expect((await open()).tally()).toEqual(tally);
  });

  it('refuses what does not fit into memory', async () => {
    const spool = await open({ maxPendingSamples: 100, blockSamples: 10 });
    for (let batch = 0; batch < 20; batch++) writeCounting(spool, 7);
    expect(spool.tally()).toMatchObject({ read: 140, accepted: 100, refused: 40 });
    expect(spool.room).toBe(0);
    await spool.flush();
    expect([spool.room, spool.depth().samples]).toEqual([100, 100]);
    writeCounting(spool, 7);
    await spool.flush();
    expect(await valuesOf(spool)).toEqual(counting(0, 107));
    for (const { header } of await readAll(spool)) expect(imbalanceOf(header.tally)).toBe(0);
    expect(events.map(({ kind }) => kind)).toEqual(['spool.refused']);
  });

  it('refuses what cannot be written, and goes on when it can', async () => {
    const spool = await open({ segmentBytes: 700 });
    await writeBlocks(spool, 3);
    // A directory that is gone refuses every new segment, as a full disk does.
    renameSync(directory, `${directory}.gone`);
    await writeBlocks(spool, 4);
    const { accepted, refused } = spool.tally();
    expect([accepted < 70, accepted + refused]).toEqual([true, 70]);
    renameSync(`${directory}.gone`, directory);
    writeCounting(spool, 10);
    await spool.flush();
    expect(spool.tally()).toMatchObject({ read: 80, accepted: accepted + 10, refused });
    const blocks = await readAll(spool);
    expect(blocks.flatMap(({ values }) => values)).toEqual(counting(0, accepted + 10));
    expect(blocks.map(({ header }) => header.sequence)).toEqual(counting(0, blocks.length));
    let before = 0;
    for (const { header } of blocks) {
      expect([header.tally.accepted - header.count, imbalanceOf(header.tally)]).toEqual([before, 0]);
      before = header.tally.accepted;
    }
    expect(events[0]).toMatchObject({ kind: 'spool.refused' });
  });

  it('refuses what comes after it was closed', async () => {
    const spool = await open();
    await spool.close();
    writeCounting(spool, 3);
    expect(spool.tally()).toMatchObject({ read: 3, refused: 3, accepted: 0 });
  });
});
