import { mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LaneSpool } from './laneSpool.ts';
import { SpoolBudget } from './spoolBudget.ts';
import { opened, readAll, writeCounting } from './testbed/spoolFixture.ts';

let root: string;
let directory: string;
let clock: ManualClock;
let events: PlantEvent[];
let spool: LaneSpool;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'spool-'));
  directory = join(root, 'operational');
  clock = new ManualClock(1_700_000_000_000_000 as Timestamp);
  events = [];
  const result = await LaneSpool.open({
    gateway: 'gw',
    instance: 'a5'.repeat(16),
    lane: 'operational',
    directory,
    budget: new SpoolBudget({ maxBytes: 1e9, clock }),
    segmentBytes: 700,
    clock,
    events: (event) => events.push(event),
  });
  if (!result.ok) throw new Error(result.fault.detail);
  spool = result.value;
  for (let block = 0; block < 6; block++) {
    writeCounting(spool, 10);
    await spool.flush();
  }
});

afterEach(async () => {
  await spool.close();
  rmSync(root, { recursive: true, force: true });
});

/**
 * A link to a directory in the place of the oldest segment: reading it is an error that says nothing about the disk. What
 * is given puts the segment back at one stroke, so that no read finds nothing there.
 */
function blockOldest(): () => void {
  const file = join(directory, readdirSync(directory).find((name) => name.endsWith('.segment'))!);
  renameSync(file, join(root, 'aside'));
  symlinkSync(root, file);
  return () => renameSync(join(root, 'aside'), file);
}

const reported = () => vi.waitFor(() => expect(events.map(({ kind }) => kind)).toEqual(['spool.unreadable']));

it('waits for a segment that may not be read, says so once, and gives every sample', async () => {
  const putBack = blockOldest();
  const reading = spool.read(undefined, 1e6);
  await reported();
  for (let second = 0; second < 3; second++) await clock.advance(1000);
  await reported();
  putBack();
  let blocks: Awaited<typeof reading> | undefined;
  reading.then((read) => {
    blocks = read;
  });
  await vi.waitFor(async () => {
    await clock.advance(1000);
    expect(blocks).toBeDefined();
  });
  expect(blocks?.flatMap((block) => opened(block).values)).toEqual(Array.from({ length: 60 }, (_, value) => value));
  expect(spool.tally()).toMatchObject({ accepted: 60, damaged: 0 });
});

it('ends a read that waits when it is closed, and counts nothing as lost', async () => {
  const putBack = blockOldest();
  const reading = spool.read(undefined, 1e6);
  await reported();
  await spool.close();
  expect(await reading).toEqual([]);
  expect(spool.tally().damaged).toBe(0);
  putBack();
});

it('outlives a directory that is gone while segments are dropped', async () => {
  const blocks = await readAll(spool);
  renameSync(directory, join(root, 'gone'));
  spool.acknowledge(blocks[0].header, blocks[blocks.length - 1].header);
  await clock.advance(1000);
  await spool.close();
  expect(spool.depth().blocks).toBe(0);
});
