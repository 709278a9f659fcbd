/**
 * A process for tests to kill: fills a spool with samples that count up from the tally it finds, and writes a line to its
 * standard output whenever all it has written is durable: `durable SAMPLES EXPIRED`.
 *
 *     node spoolForever.ts DIRECTORY MAX_BYTES [deliver]
 *
 * With `deliver` it acknowledges all but its last block each time, as a forwarder would.
 */

import { writeSync } from 'node:fs';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { LaneSpool } from '../laneSpool.ts';
import { SpoolBudget } from '../spoolBudget.ts';
import { writeCounting } from './spoolFixture.ts';

const BATCHES_PER_FLUSH = 10;
const FIRST = { epoch: 0, sequence: 0 };
const [directory, maxBytes, deliver] = process.argv.slice(2);

const result = await LaneSpool.open({
  gateway: 'gw',
  instance: 'a5'.repeat(16),
  lane: 'analytical',
  directory,
  budget: new SpoolBudget({ maxBytes: Number(maxBytes), clock: systemClock }),
  clock: systemClock,
  events: () => undefined,
  blockSamples: 200,
  segmentBytes: 16 * 1024,
});
if (!result.ok) throw new Error(result.fault.detail);
const spool = result.value;

for (;;) {
  for (let batch = 0; batch < BATCHES_PER_FLUSH; batch++) writeCounting(spool, 1 + ((batch * 37) % 150));
  await spool.flush();
  const head = spool.head();
  if (deliver && head && head.sequence > 0) spool.acknowledge(FIRST, { ...head, sequence: head.sequence - 1 });
  const { accepted, expired } = spool.tally();
  writeSync(1, `durable ${accepted} ${expired}\n`);
}
