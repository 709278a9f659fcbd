/** What the tests of the spool share: batches to write, blocks as they come back, and the account between them. */

import { crc32 } from 'node:zlib';
import { decodeBlock } from '@tidegate/core/block/decodeBlock.ts';
import type { BlockHeader, SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import type { BlockSource, SpooledBlock } from '@tidegate/core/port/blockSource.ts';
import type { ConditionedCounts } from '../../conditioning/laneWriter.ts';
import { LaneSpool, type LaneSpoolOptions } from '../laneSpool.ts';
import { SpoolBudget } from '../spoolBudget.ts';

const READ_BYTES = 4096;

/** Samples whose values count up from `first`. */
export function countingBatch(first: number, count: number): SampleBlock {
  const block = new SampleBlockBuilder();
  for (let value = first; value < first + count; value++) block.pushNumber(value % 7, value * 1000, value, 0);
  return block;
}

/** The counts of a batch of which everything was kept. */
export function allKept(block: SampleBlock): ConditionedCounts {
  return { read: block.count, notGood: 0, suppressed: 0, compressed: 0, refused: 0, forbidden: 0 };
}

/** Writes samples that go on counting where the lane stands. */
export function writeCounting(spool: LaneSpool, count: number): void {
  const batch = countingBatch(spool.tally().accepted, count);
  spool.write(batch, allKept(batch));
}

/** Writes blocks of 10 counting samples each, and waits until they are durable. */
export async function writeBlocks(spool: LaneSpool, count: number): Promise<void> {
  for (let block = 0; block < count; block++) {
    writeCounting(spool, 10);
    await spool.flush();
  }
}

/** The values of everything that waits, in order. */
export async function valuesOf(source: BlockSource): Promise<number[]> {
  return (await readAll(source)).flatMap(({ values }) => values);
}

/** The operational lane of `gw` with a large budget, unless told otherwise. Throws where it cannot be opened. */
export async function openSpool(
  options: Pick<LaneSpoolOptions, 'directory' | 'clock'> & Partial<LaneSpoolOptions>,
): Promise<LaneSpool> {
  const { clock } = options;
  const place = { gateway: 'gw', lane: 'operational', instance: 'a5'.repeat(16) } as const;
  const budget = new SpoolBudget({ maxBytes: 1e9, clock });
  const result = await LaneSpool.open({ ...place, budget, events: () => undefined, ...options });
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.detail}`);
  return result.value;
}

export interface ReadBlock {
  readonly header: BlockHeader;
  readonly values: readonly number[];
}

export function opened({ bytes, epoch, sequence }: SpooledBlock): ReadBlock {
  const decoded = decodeBlock(bytes, crc32);
  if (!decoded.ok) throw new Error(decoded.fault.detail);
  const { header, block } = decoded.value;
  if (header.epoch !== epoch || header.sequence !== sequence) throw new Error('a block of another position');
  return { header, values: [...block.values.subarray(0, block.count)] };
}

/** Everything that waits, in order. */
export async function readAll(source: BlockSource): Promise<ReadBlock[]> {
  const found: ReadBlock[] = [];
  for (;;) {
    const blocks = await source.read(found.at(-1)?.header, READ_BYTES);
    if (blocks.length === 0) return found;
    found.push(...blocks.map(opened));
  }
}
