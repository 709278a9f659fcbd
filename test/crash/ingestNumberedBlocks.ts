/**
 * A historian that tests bring to a sudden end: takes numbered blocks on both lanes, defines more tags while it does, has
 * what is in memory written to disk again and again, and says on its standard output what it has acknowledged.
 *
 *     node ingestNumberedBlocks.ts DIRECTORY
 *
 *     LANE SEQUENCE     a block
 *     tags COUNT        a list of definitions
 *     event ...         something that the historian has reported
 */

import { writeSync } from 'node:fs';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import { LANES, type Lane } from '@tidegate/core/sample/lane.ts';
import { Historian } from '@tidegate/platform/historian/query/historian.ts';
import { definitionsOf, GATEWAY, numberedBlock, numberedStream, SAMPLED_TAGS } from './numberedBlocks.ts';

const UNDER_WAY = 6;
const HOT_BYTES = 3_000_000;
/** Few, so that there are many small segments, which are merged. */
const BLOCKS_PER_SEAL = 4;
/** A lane waits this often for the merging, and the other one goes on. */
const BLOCKS_PER_MERGE = 24;
const BLOCKS_PER_TAG = 25;

const opened = await Historian.open({
  directory: process.argv[2],
  clock: systemClock,
  events: ({ kind, source, detail }) => say(`event ${kind} ${source}: ${detail}`),
  hotBytes: HOT_BYTES,
  keeperShare: 1,
});
if (!opened.ok) throw new Error(`${opened.fault.code}: ${opened.fault.detail}`);
const historian = opened.value;

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

async function sayWhenDone(what: string, done: Promise<Result<unknown>>): Promise<void> {
  const result = await done;
  say(result.ok ? what : `event ${what}: ${result.fault.code} ${result.fault.detail}`);
}

async function define(count: number): Promise<void> {
  await sayWhenDone(`tags ${count}`, historian.sink.defineTags(GATEWAY, definitionsOf(count)));
}

async function seal(): Promise<void> {
  const sealed = await historian.seal();
  if (!sealed.ok) say(`event seal: ${sealed.fault.code} ${sealed.fault.detail}`);
}

const FIRST = { epoch: 1, sequence: 0 };

async function ingest(lane: Lane): Promise<never> {
  const stream = numberedStream(lane);
  const underWay: Promise<void>[] = [];
  for (let sequence = (historian.sink.position(stream, FIRST, 'live')?.sequence ?? -1) + 1; ; sequence++) {
    const { header, bytes } = numberedBlock(stream, sequence);
    underWay.push(sayWhenDone(`${lane} ${sequence}`, historian.sink.append(header, bytes)));
    if (sequence % BLOCKS_PER_SEAL === 0) await seal();
    if (sequence % BLOCKS_PER_MERGE === 0) await historian.settle();
    if (sequence % BLOCKS_PER_TAG === 0)
      void define(Math.max(SAMPLED_TAGS + sequence / BLOCKS_PER_TAG, historian.tags().length));
    if (underWay.length >= UNDER_WAY) await underWay.shift();
  }
}

await define(Math.max(SAMPLED_TAGS, historian.tags().length));
await Promise.all(LANES.map(ingest));
