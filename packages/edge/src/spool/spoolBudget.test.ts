import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { LANES, type Lane, type PerLane, perLane } from '@tidegate/core/sample/lane.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LaneSpool } from './laneSpool.ts';
import { SpoolBudget } from './spoolBudget.ts';
import { SpoolReserve } from './spoolReserve.ts';
import { readAll, writeCounting } from './testbed/spoolFixture.ts';

const MAX_BYTES = 20_000;
const SEGMENT_BYTES = 1000;
const SAMPLES = 20;
const clock = new ManualClock(1_700_000_000_000_000 as Timestamp);

let root: string;
let events: PlantEvent[];
let budget: SpoolBudget;
let spools: PerLane<LaneSpool>;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'budget-'));
  events = [];
  budget = new SpoolBudget({ maxBytes: MAX_BYTES, clock });
  const open = async (lane: Lane) => {
    const name = { gateway: 'gw', lane, instance: 'a5'.repeat(16) };
    const place = { ...name, directory: join(root, lane), budget, segmentBytes: SEGMENT_BYTES };
    const result = await LaneSpool.open({ ...place, clock, events: (event) => events.push(event) });
    if (!result.ok) throw new Error(result.fault.detail);
    return result.value;
  };
  const opened = await Promise.all(LANES.map(open));
  spools = perLane((lane) => opened[LANES.indexOf(lane)]);
});

afterEach(async () => {
  for (const lane of LANES) await spools[lane].close();
  rmSync(root, { recursive: true, force: true });
});

async function write(lane: Lane, blocks: number): Promise<void> {
  for (let block = 0; block < blocks; block++) {
    writeCounting(spools[lane], SAMPLES);
    await spools[lane].flush();
  }
}

const expired = () => perLane((lane) => spools[lane].tally().expired);
const bytes = () => LANES.reduce((sum, lane) => sum + spools[lane].diskBytes, 0);

/** What has not expired waits, and is what was written last. */
async function expectTheRestToWait(): Promise<void> {
  for (const lane of LANES) {
    const { accepted, expired: gone } = spools[lane].tally();
    const values = (await readAll(spools[lane])).flatMap((block) => block.values);
    expect(values).toEqual(Array.from({ length: accepted - gone }, (_, index) => gone + index));
  }
}

it('SR 5.2 RE 2: analytical samples go first, then operational ones, and those of the audit lane never', async () => {
  await write('audit', 8);
  await write('operational', 20);
  await write('analytical', 40);
  expect(bytes()).toBeLessThanOrEqual(MAX_BYTES);
  expect(expired()).toEqual({ operational: 0, analytical: expect.any(Number), audit: 0 });
  expect(expired().analytical).toBeGreaterThan(0);
  expect(events.map(({ kind, source }) => `${kind} ${source}`)).toEqual(['spool.expired gw, analytical lane']);
  await expectTheRestToWait();

  await write('operational', 60);
  expect(expired().operational).toBeGreaterThan(0);
  expect(spools.analytical.diskBytes).toBeLessThanOrEqual(SEGMENT_BYTES);
  expect(expired().audit).toBe(0);
  await expectTheRestToWait();
});

it('SR 7.2: a lane does not push out what is more important than itself', async () => {
  await write('operational', 40);
  const before = expired().operational;
  await write('analytical', 60);
  expect(expired().operational).toBe(before);
  expect(spools.analytical.tally().refused).toBe(0);
  await expectTheRestToWait();
});

it('SR 3.9: where the audit lane alone fills the spool, it goes on, and the others are refused and counted', async () => {
  while (spools.audit.diskBytes < MAX_BYTES) await write('audit', 1);
  await write('operational', 3);
  await write('audit', 3);
  expect(spools.operational.tally()).toMatchObject({ read: 3 * SAMPLES, accepted: 0, refused: 3 * SAMPLES });
  expect(spools.audit.tally()).toMatchObject({ refused: 0, expired: 0 });
  const refusal = events.find(({ kind }) => kind === 'spool.refused');
  expect(refusal?.detail).toBe(`20 samples: the audit lane alone has reached ${MAX_BYTES} bytes`);
});

it('SR 3.9: the reserve is given up for the audit lane alone, and taken again for it', async () => {
  const reserve = new SpoolReserve(join(root, 'reserve'), 10_000);
  await reserve.take();
  const reserved = new SpoolBudget({ maxBytes: MAX_BYTES, clock, reserve });
  expect(await reserved.makeRoom('operational')).toBe(false);
  expect(existsSync(join(root, 'reserve'))).toBe(true);
  expect(await reserved.makeRoom('audit')).toBe(true);
  expect(existsSync(join(root, 'reserve'))).toBe(false);
  expect(await reserved.makeRoom('audit')).toBe(false);
  expect((await reserved.admit('operational')).ok).toBe(true);
  expect(existsSync(join(root, 'reserve'))).toBe(true);
});
