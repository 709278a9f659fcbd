/** Fills blocks with samples and decides when one is full enough, or old enough, to be written. */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Tally } from '@tidegate/core/ledger/tally.ts';
import type { ConditionedCounts } from '../conditioning/laneWriter.ts';
import type { LaneLedger } from './laneLedger.ts';

/** A block that gets no more samples and waits to be written. */
export interface SealedBlock {
  readonly block: SampleBlockBuilder;
  readonly sealedAt: Timestamp;
  /** The tally when it was sealed, right also if blocks before it were taken back since. */
  readonly tally: () => Tally;
}

export interface BlockFillerOptions {
  readonly clock: Clock;
  readonly ledger: LaneLedger;
  readonly blockSamples: number;
  readonly maxPendingSamples: number;
  /** How long the first sample of a block may wait; asked for each block. */
  readonly delayMs: () => number;
  /** Called whenever a block has been sealed. */
  readonly onSealed: () => void;
}

/** Texts of one block, in UTF-16 units; far below what a block may hold. */
const MAX_BLOCK_TEXT = 1024 * 1024;
/** So many samples are copied between two looks at the length of the texts. */
const TEXT_STRIDE = 64;
/** Builders that are kept for use again, of about 200 kB each: as many as wait to be written in a flood. */
const SPARE_BUILDERS = 64;

export class BlockFiller {
  readonly #options: BlockFillerOptions;
  #filling = new SampleBlockBuilder();
  readonly #sealed: SealedBlock[] = [];
  readonly #spare: SampleBlockBuilder[] = [];
  #cancelDelay: CancelTimer = () => undefined;
  /** Accepted and not yet written or taken back. */
  #pendingSamples = 0;
  /** The ledger has changed since a block was sealed. */
  #news = false;

  constructor(options: BlockFillerOptions) {
    this.#options = options;
  }

  get pendingSamples(): number {
    return this.#pendingSamples;
  }

  get room(): number {
    return Math.max(0, this.#options.maxPendingSamples - this.#pendingSamples);
  }

  get hasSealed(): boolean {
    return this.#sealed.length > 0;
  }

  /** True where sealing would tell something: samples, or a tally that has changed. */
  get hasNews(): boolean {
    return this.#news;
  }

  get isEmpty(): boolean {
    return this.#filling.count === 0;
  }

  /** Takes as many samples as there is room for, and enters the whole batch in the ledger; gives how many it refused. */
  write(kept: SampleBlock, counts: ConditionedCounts, open: boolean): number {
    const { ledger, blockSamples } = this.#options;
    const taken = open ? Math.min(kept.count, this.room) : 0;
    const stride = kept.strings.length > 0 ? TEXT_STRIDE : blockSamples;
    for (let from = 0; from < taken; ) {
      if (this.#filling.count === 0) this.#startDelay();
      const to = Math.min(taken, from + stride, from + blockSamples - this.#filling.count);
      this.#filling.copyRange(kept, from, to);
      ledger.accept(to - from);
      this.#pendingSamples += to - from;
      this.#news = true;
      from = to;
      if (this.#filling.count >= blockSamples || textOf(this.#filling) > MAX_BLOCK_TEXT) this.seal();
    }
    ledger.take(counts, taken, kept.count - taken);
    this.#news = true;
    return kept.count - taken;
  }

  /** Closes the block that is being filled, also where it is empty. */
  seal(): void {
    const { clock, ledger, onSealed } = this.#options;
    this.#cancelDelay();
    this.#sealed.push({ block: this.#filling, sealedAt: clock.now(), tally: ledger.snapshot() });
    this.#filling = this.#spare.pop() ?? new SampleBlockBuilder();
    this.#news = false;
    onSealed();
  }

  /** The oldest sealed blocks, at most `count`; the caller gives them back with `release`. */
  takeSealed(count: number): SealedBlock[] {
    return this.#sealed.splice(0, count);
  }

  /** The blocks have been written, or never will be. */
  release(blocks: readonly SealedBlock[]): void {
    for (const { block } of blocks) {
      this.#pendingSamples -= block.count;
      block.clear();
      if (this.#spare.length < SPARE_BUILDERS) this.#spare.push(block);
    }
  }

  close(): void {
    this.#cancelDelay();
  }

  #startDelay(): void {
    const { clock, delayMs } = this.#options;
    this.#cancelDelay = clock.after(delayMs(), () => this.seal());
  }
}

function textOf(block: SampleBlockBuilder): number {
  if (block.strings.length === 0) return 0;
  return block.strings.reduce((sum, text) => sum + text.length, 0);
}
