/**
 * A server process that a test kills: takes blocks into the historian of the directory named by its argument and writes
 * the sequence of each to standard output when it is acknowledged.
 */

import { writeSync } from 'node:fs';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { Historian } from '../historian.ts';
import { crashBlock, crashStream } from './crashBlock.ts';

const UNDER_WAY = 8;
const HOT_BYTES = 3_000_000;

const opened = await Historian.open({
  directory: process.argv[2],
  clock: systemClock,
  events: ({ source, detail }) => writeSync(1, `event ${source}: ${detail}\n`),
  hotBytes: HOT_BYTES,
});
if (!opened.ok) throw new Error(opened.fault.detail);
const { sink } = opened.value;
const stream = crashStream();
let sequence = (sink.position(stream, { epoch: 1, sequence: 0 }, 'live')?.sequence ?? -1) + 1;
const underWay: Promise<void>[] = [];
for (;;) {
  const { header, bytes } = crashBlock(stream, sequence++);
  underWay.push(
    sink.append(header, bytes).then((result) => {
      writeSync(1, result.ok ? `${header.sequence}\n` : `event ${result.fault.code}\n`);
    }),
  );
  if (underWay.length >= UNDER_WAY) await underWay.shift();
}
