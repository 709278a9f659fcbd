/**
 * A process for tests to kill: takes blocks into a relay, and writes a line whenever all of them are durable.
 *
 *     node storeForever.ts DIRECTORY EPOCH [deliver]     prints `durable BLOCKS DELIVERED`
 *
 * With `deliver` it acknowledges all but the last ten each time, as the other side would.
 */

import { writeSync } from 'node:fs';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { RelayStore } from '../relayStore.ts';
import { numberedBlock } from './numberedBlock.ts';
import { readWaiting, settle, store, streamOf } from './relayFixture.ts';

const BLOCKS = 20;
const KEPT = 10;
const [directory, epoch, deliver] = process.argv.slice(2);
// Small segments, so that they come and go.
const opened = await RelayStore.open({ directory, maxBytes: 1e6, clock: systemClock, events: () => undefined });
if (!opened.ok) throw new Error(opened.fault.detail);
const relay = opened.value;
let delivered = 0;
for (let sequence = 0; ; sequence += BLOCKS) {
  const blocks = Array.from({ length: BLOCKS }, (_, index) =>
    numberedBlock({ epoch: Number(epoch), sequence: sequence + index }),
  );
  await store(relay, ...blocks);
  if (deliver) {
    const stream = streamOf(relay);
    const { blocks } = stream.depth;
    settle(stream, await readWaiting(stream), (block) => block.sequence < sequence + BLOCKS - KEPT);
    delivered += blocks - stream.depth.blocks;
  }
  writeSync(1, `durable ${sequence + BLOCKS} ${delivered}\n`);
}
