/** A block source in memory with runs, an order of acknowledgement, and blocks that expire, for tests of the diode. */

import { crc32 } from 'node:zlib';
import { BlockEncoder } from '@tidegate/core/block/encodeBlock.ts';
import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY, type Tally } from '@tidegate/core/ledger/tally.ts';
import type { BlockSource, SpooledBlock } from '@tidegate/core/port/blockSource.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';

export class DiodeSource implements BlockSource {
  readonly gateway: string;
  readonly lane: Lane;
  readonly instance = 'd1'.repeat(16);
  readonly sealed: SpooledBlock[] = [];
  readonly acknowledged: BlockPosition[] = [];
  #waiting: SpooledBlock[] = [];
  #epoch: number;
  #sequence = 0;
  #accepted = 0;
  #live: BlockPosition | undefined;
  readonly #encoder = new BlockEncoder(crc32);
  readonly #waiters = new Set<() => void>();

  constructor(lane: Lane = 'operational', gateway = 'north', epoch = 1) {
    this.lane = lane;
    this.gateway = gateway;
    this.#epoch = epoch;
  }

  /** Seals blocks of `samples` samples each, which do not compress. */
  seal(samples = 1, blocks = 1): SpooledBlock {
    for (let made = 0; made < blocks; made++) this.put(this.#encode(samples));
    return this.sealed[this.sealed.length - 1];
  }

  put(block: SpooledBlock): void {
    this.sealed.push(block);
    this.#waiting.push(block);
    for (const wake of this.#waiters) wake();
    this.#waiters.clear();
  }

  /** The next block is sealed, and expires before anybody reads it. */
  expire(samples = 1): void {
    this.#encode(samples);
  }

  /** Blocks sealed from now on are of a later life of the spool. */
  restart(): void {
    this.#epoch++;
    this.#sequence = 0;
  }

  async read(after: BlockPosition | undefined, maxBytes: number, before?: BlockPosition) {
    const batch: SpooledBlock[] = [];
    let bytes = 0;
    for (const block of this.#waiting) {
      if (after && comparePositions(block, after) <= 0) continue;
      if (before && comparePositions(block, before) >= 0) break;
      bytes += block.bytes.length;
      if (batch.length > 0 && bytes > maxBytes) break;
      batch.push(block);
    }
    return batch;
  }

  async wait(after: BlockPosition | undefined, signal: AbortSignal): Promise<void> {
    if (signal.aborted || (await this.read(after, 1)).length > 0) return;
    await new Promise<void>((resolve) => {
      this.#waiters.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  acknowledge(first: BlockPosition, last: BlockPosition): void {
    this.acknowledged.push(last);
    this.#waiting = this.#waiting.filter(
      (block) => comparePositions(block, first) < 0 || comparePositions(block, last) > 0,
    );
  }

  /** What waits from an earlier life is the backlog. */
  beginRun(): BlockPosition {
    this.#live ??= { epoch: this.#epoch, sequence: 0 };
    return this.#live;
  }

  oldest(): BlockPosition | undefined {
    return this.#waiting[0];
  }

  head(): BlockPosition | undefined {
    return this.sealed.at(-1);
  }

  depth() {
    const bytes = this.#waiting.reduce((sum, block) => sum + block.bytes.length, 0);
    return { blocks: this.#waiting.length, samples: this.#waiting.length, bytes };
  }

  tally(): Tally {
    return { ...EMPTY_TALLY, read: this.#accepted, accepted: this.#accepted };
  }

  #encode(samples: number): SpooledBlock {
    const builder = new SampleBlockBuilder();
    const sequence = this.#sequence++;
    for (let index = 0; index < samples; index++) {
      builder.pushNumber(index, sequence * 1_000 + index, Math.fround(Math.sin(index + sequence)), STATUS.Good);
    }
    this.#accepted += samples;
    const { gateway, lane } = this;
    const header = { gateway, lane, epoch: this.#epoch, sequence, sealedAt: 0 as Timestamp, tally: this.tally() };
    return { epoch: this.#epoch, sequence, bytes: this.#encoder.encode(header, builder) };
  }
}
