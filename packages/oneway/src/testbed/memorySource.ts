/** A block source that keeps its blocks in memory, for tests of what comes behind a spool. */

import { crc32 } from 'node:zlib';
import { BlockEncoder } from '@tidegate/core/block/encodeBlock.ts';
import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY, type Tally } from '@tidegate/core/ledger/tally.ts';
import type { BlockSource, SpooledBlock } from '@tidegate/core/port/blockSource.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';

/** Of every source that is not said to be another. */
export const INSTANCE = 'a5'.repeat(16);

export class MemorySource implements BlockSource {
  readonly gateway: string;
  readonly lane: Lane;
  readonly instance: string;
  /** Of the blocks sealed from now on. */
  epoch: number;
  readonly acknowledged: BlockPosition[] = [];
  readonly #encoder = new BlockEncoder(crc32);
  readonly #blocks: SpooledBlock[] = [];
  #oldest = 0;
  #sealed = 0;
  #accepted = 0;
  #waiters = new Set<() => void>();

  constructor(gateway = 'north', lane: Lane = 'operational', epoch = 1, instance = INSTANCE) {
    this.gateway = gateway;
    this.lane = lane;
    this.epoch = epoch;
    this.instance = instance;
  }

  /** Seals one block of `samples` samples of tag 0 whose values are the block's sequence. */
  seal(samples = 1): SpooledBlock {
    const builder = new SampleBlockBuilder();
    const sequence = this.#sealed++;
    for (let index = 0; index < samples; index++) builder.pushNumber(0, index, sequence, STATUS.Good);
    this.#accepted += samples;
    const { gateway, lane, epoch } = this;
    const header = { gateway, lane, epoch, sequence, sealedAt: 0 as Timestamp, tally: this.tally() };
    const block = { epoch, sequence, bytes: this.#encoder.encode(header, builder) };
    this.put(block);
    return block;
  }

  /** Takes a block as it is, also one that no spool would hold. */
  put(block: SpooledBlock): void {
    this.#blocks.push(block);
    for (const wake of this.#waiters) wake();
    this.#waiters.clear();
  }

  async read(
    after: BlockPosition | undefined,
    maxBytes: number,
    before?: BlockPosition,
  ): Promise<readonly SpooledBlock[]> {
    const batch: SpooledBlock[] = [];
    let bytes = 0;
    for (let at = Math.max(this.#oldest, this.#behind(after)); at < this.#blocks.length; at++) {
      const block = this.#blocks[at];
      if (before && comparePositions(block, before) >= 0) break;
      bytes += block.bytes.length;
      if (batch.length > 0 && bytes > maxBytes) break;
      batch.push(block);
    }
    return batch;
  }

  async wait(after: BlockPosition | undefined, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#behind(after) < this.#blocks.length) return;
    await new Promise<void>((resolve) => {
      this.#waiters.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  acknowledge(_first: BlockPosition, last: BlockPosition): void {
    this.acknowledged.push(last);
    this.#oldest = Math.max(this.#oldest, this.#behind(last));
  }

  /** It knows no runs. */
  beginRun(): BlockPosition {
    return this.oldest() ?? { epoch: this.epoch, sequence: this.#sealed };
  }

  oldest(): BlockPosition | undefined {
    return this.#blocks[this.#oldest];
  }

  head(): BlockPosition | undefined {
    return this.#blocks.at(-1);
  }

  depth() {
    const held = this.#blocks.slice(this.#oldest);
    return { blocks: held.length, samples: held.length, bytes: held.reduce((sum, { bytes }) => sum + bytes.length, 0) };
  }

  tally(): Tally {
    return { ...EMPTY_TALLY, read: this.#accepted, accepted: this.#accepted };
  }

  /** Where the first block behind `after` stands; by halves, because tests send many thousands. */
  #behind(after: BlockPosition | undefined): number {
    if (!after) return this.#oldest;
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comparePositions(this.#blocks[middle], after) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
