/**
 * A process whose disk is sick: three lanes with one budget take samples whose values are serials, at a steady pace, and
 * nobody delivers them. At the end it reads all that waits and tells its parent what came out.
 *
 *     node writeSerials.ts DIRECTORY '{"maxBytes": 8388608, "samplesPerTick": {"analytical": 2000, ...}}'
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { Tally } from '@tidegate/core/ledger/tally.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { LANES, type Lane, type PerLane, perLane } from '@tidegate/core/sample/lane.ts';
import { LaneSpool } from '@tidegate/edge/spool/laneSpool.ts';
import { SpoolBudget } from '@tidegate/edge/spool/spoolBudget.ts';
import { SpoolReserve } from '@tidegate/edge/spool/spoolReserve.ts';
import { allKept, opened } from '@tidegate/edge/spool/testbed/spoolFixture.ts';

export interface SerialsOptions {
  readonly maxBytes: number;
  readonly reserveBytes: number;
  readonly samplesPerTick: PerLane<number>;
}

/** Serials from `from` to below `to`, in one block or in several that follow each other without a hole. */
interface SerialRun {
  readonly from: number;
  to: number;
}

export interface LaneAccount {
  /** Serials that were given to the lane, from 0 on. */
  readonly given: number;
  readonly tally: Tally;
  readonly runs: readonly SerialRun[];
  /** Of the newest block. */
  readonly lastTally: Tally | undefined;
  /** Blocks whose `accepted` does not follow from that of the block before it. */
  readonly contradictions: number;
}

export type SerialsMessage =
  | { readonly kind: 'progress'; readonly tallies: PerLane<Tally>; readonly pending: PerLane<number> }
  | { readonly kind: 'account'; readonly lanes: PerLane<LaneAccount>; readonly events: readonly PlantEvent[] };

const TICK_MS = 10;
const READ_BYTES = 1024 * 1024;

async function accountOf(spool: LaneSpool, given: number): Promise<LaneAccount> {
  const runs: SerialRun[] = [];
  let last: ReturnType<typeof opened>['header'] | undefined;
  let contradictions = 0;
  for (;;) {
    const blocks = await spool.read(last, READ_BYTES);
    if (blocks.length === 0) return { given, tally: spool.tally(), runs, lastTally: last?.tally, contradictions };
    for (const { header, values } of blocks.map(opened)) {
      if (last && header.tally.accepted !== last.tally.accepted + header.count) contradictions++;
      if (last && header.sequence !== last.sequence + 1) contradictions++;
      last = header;
      for (const value of values) {
        const run = runs.at(-1);
        if (run?.to === value) run.to++;
        else runs.push({ from: value, to: value + 1 });
      }
    }
  }
}

async function main(directory: string, options: SerialsOptions): Promise<void> {
  const { maxBytes, reserveBytes, samplesPerTick } = options;
  const events: PlantEvent[] = [];
  const reserve = new SpoolReserve(`${directory}/reserve`, reserveBytes);
  await reserve.take();
  const budget = new SpoolBudget({ maxBytes, clock: systemClock, reserve });
  const open = async (lane: Lane) => {
    const place = {
      gateway: 'gw',
      lane,
      instance: 'a5'.repeat(16),
      directory: `${directory}/${lane}`,
      clock: systemClock,
    };
    const result = await LaneSpool.open({ ...place, budget, events: (event) => events.push(event) });
    if (!result.ok) throw new Error(result.fault.detail);
    return result.value;
  };
  const all = await Promise.all(LANES.map(open));
  const spools = perLane((lane) => all[LANES.indexOf(lane)]);
  const given = { operational: 0, analytical: 0, audit: 0 };
  const give = (lane: Lane, count: number) => {
    const batch = new SampleBlockBuilder();
    for (let index = 0; index < count; index++) batch.pushNumber(1, Date.now() * 1000, given[lane]++, 0);
    spools[lane].write(batch, allKept(batch));
  };
  let ending = false;
  process.once('message', () => {
    ending = true;
  });
  while (!ending) {
    for (const lane of LANES) give(lane, samplesPerTick[lane]);
    const pending = perLane((lane) => spools[lane].depth().samples);
    process.send?.({ kind: 'progress', tallies: perLane((lane) => spools[lane].tally()), pending });
    await sleep(TICK_MS);
  }
  for (const lane of LANES) {
    await spools[lane].flush();
    give(lane, 1);
    await spools[lane].flush();
  }
  const accounts = await Promise.all(LANES.map((lane) => accountOf(spools[lane], given[lane])));
  const lanes = perLane((lane) => accounts[LANES.indexOf(lane)]);
  for (const lane of LANES) await spools[lane].close();
  process.send?.({ kind: 'account', lanes, events } satisfies SerialsMessage);
  process.disconnect?.();
}

await main(process.argv[2], JSON.parse(process.argv[3]));
